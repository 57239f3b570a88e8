//! One try of a call, told to the observer.

use tokio::time::{Instant, timeout_at};

use super::Call;
use crate::error::messages;
use crate::events::RequestEvent;
use crate::http::{Failure, Outgoing, issued};
use crate::response::Response;
use crate::secrets::{Masks, TooMany};

impl Call<'_> {
    /// One try, up to the deadline. Secrets are masked in the response, but for the token in a response
    /// that brings one, whose body the observer does not see.
    pub(super) async fn try_once(
        &self,
        outgoing: Outgoing<'_>,
        last_status: Option<u16>,
    ) -> Result<Response, Failure> {
        let (method, url) = (outgoing.method.clone(), outgoing.url.as_str());
        let (retry_safe, bearer) = (outgoing.retry_safe, outgoing.bearer);
        let started = Instant::now();
        let settings = &self.core.settings;
        // A change waits for its response until the deadline: it cannot be sent a second time.
        let patience = (retry_safe && self.retries.is_first_of_several())
            .then_some(settings.attempt_timeout)
            .filter(|patience| started + *patience < self.deadline);
        let (transport, address) = (&self.core.transport, outgoing.url);
        let sent = transport.send(outgoing, patience, self.observer);
        let result = timeout_at(self.deadline, sent).await.unwrap_or_else(|_| {
            let what = format!(
                "waiting for the response to {}",
                messages::line(&method, url)
            );
            let error = messages::timed_out(&what, settings.timeout, last_status);
            Err(Failure::Final(if !retry_safe {
                messages::perhaps_changed(error)
            } else if let Some(advice) = transport.advice(address) {
                error.with_hint(advice)
            } else {
                error
            }))
        });
        let fetched = self.core.shared.tokens.fetched();
        let (result, issued) = match result {
            Ok(response) if bearer.is_none() => match issued(&response) {
                Ok(issued) => (Ok(response), issued),
                Err(TooMany) => (Ok(response.withheld()), Vec::new()),
            },
            result => (result, Vec::new()),
        };
        let secrets = self.core.secrets.iter().chain(bearer);
        let masks = Masks::of(secrets.chain(&fetched).chain(&issued));
        let (result, shown) = match result {
            Ok(response) if bearer.is_none() && response.is_success() => {
                let response = response.with_masked_headers(&masks);
                let shown = response.without_body();
                (Ok(response), Some(shown))
            }
            Ok(response) => (Ok(response.masked(&masks)), None),
            Err(failure) => (Err(failure.masked(&masks)), None),
        };
        self.observer.request(&RequestEvent {
            id: None,
            method: method.as_str(),
            url,
            attempt: self.retries.made + 1,
            duration: started.elapsed(),
            result: match &shown {
                Some(response) => Ok(response),
                None => result.as_ref().map_err(Failure::error),
            },
        });
        result
    }
}
