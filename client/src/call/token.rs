//! The token of a call, fetched for every call that waits for it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use tokio::time::timeout_at;

use super::{Call, Core};
use crate::error::{Error, ErrorKind, messages};
use crate::http::{NoToken, Outgoing, Retries, Token};
use crate::response::Response;
use crate::secrets::{ExposeSecret, SecretString};

/// The largest token response that is read: 1 MiB. A token has a few thousand characters.
const LARGEST_TOKEN: usize = 1 << 20;

impl Call<'_> {
    /// The current token, or a new one from the token endpoint.
    pub(super) async fn token(&self, rejected: Option<u64>) -> Result<Token, Error> {
        let Core {
            settings, shared, ..
        } = self.core;
        let fetch = async || self.fetch_token().await;
        let token = shared.tokens.get(rejected, fetch);
        timeout_at(self.deadline, token).await.unwrap_or_else(|_| {
            Err(messages::timed_out(
                "waiting for a token",
                settings.timeout,
                None,
            ))
        })
    }

    async fn fetch_token(&self) -> Result<Response, NoToken> {
        let settings = &self.core.settings;
        let Some((id, secret)) = &settings.credentials.client else {
            return Err(NoToken {
                error: settings
                    .credentials
                    .not_replaced(messages::no_credentials()),
                is_shared: true,
            });
        };
        let url = settings.token_url();
        let form = SecretString::from(format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            utf8_percent_encode(id, NON_ALPHANUMERIC),
            utf8_percent_encode(secret.expose_secret(), NON_ALPHANUMERIC),
        ));
        let make_outgoing = || Outgoing {
            method: Method::POST,
            url,
            bearer: None,
            body: Some((
                "application/x-www-form-urlencoded",
                form.expose_secret().to_owned(),
            )),
            experimental: false,
            user_agent: &settings.user_agent,
            // Fetching a token changes nothing at the tenant.
            retry_safe: true,
            largest_body: LARGEST_TOKEN,
        };
        // With retries of its own: the token is for every call that waits for it, not for this one alone.
        let mut call = Call {
            retries: Retries::new(settings),
            ran_out_of_time: false,
            finish: None,
            ..*self
        };
        match call.send_until_settled(&make_outgoing, None).await {
            Ok(response) if response.is_success() => Ok(response),
            Ok(response) => Err(call.with_wait(messages::token_refused(url.as_str(), response))),
            Err(error) => Err(error),
        }
        .map_err(|error| NoToken {
            is_shared: !call.ran_out_of_time && error.kind() != ErrorKind::Timeout,
            error,
        })
    }
}
