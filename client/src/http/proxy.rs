//! Proxies: which one a request goes through.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{NoProxy, Url};

use crate::error::Error;
use crate::secrets::{ExposeSecret, SecretString};
use crate::settings::Proxy;

/// Hosts that are always reached directly.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// Which proxy an address is reached through, for messages.
pub(super) struct Routes(Matcher);

impl Routes {
    pub(super) fn new(settings: &Proxy) -> Self {
        let url = |url: &Option<SecretString>| {
            url.as_ref()
                .map_or(String::new(), |url| url.expose_secret().to_owned())
        };
        Self(
            Matcher::builder()
                .https(url(&settings.for_https))
                .http(url(&settings.for_http))
                .no(exceptions(settings))
                .build(),
        )
    }

    /// The proxy that an address is reached through, without the credentials it may hold.
    pub(super) fn proxy_for(&self, url: &Url) -> Option<String> {
        let proxy = self.0.intercept(&url.as_str().parse().ok()?)?;
        Url::parse(&proxy.uri().to_string())
            .ok()
            .map(|proxy| place(&proxy))
    }
}

/// Scheme, host and port: what messages name.
pub(super) fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Hosts that are reached directly.
fn exceptions(settings: &Proxy) -> String {
    format!("{LOOPBACK},{}", settings.exceptions)
}

/// The proxies that requests go through.
///
/// # Errors
/// An invalid proxy address.
pub(super) fn proxies(settings: &Proxy) -> Result<Vec<reqwest::Proxy>, Error> {
    let exceptions = exceptions(settings);
    let make = |url: &Option<SecretString>, new: fn(&str) -> reqwest::Result<reqwest::Proxy>| {
        let Some(url) = url else {
            return Ok(None);
        };
        let mut proxy = new(checked_proxy(url.expose_secret())?)
            .map_err(|_| not_a_proxy())?
            .no_proxy(NoProxy::from_string(&exceptions));
        if let Some((user, password)) = &settings.credential {
            proxy = proxy.basic_auth(user, password.expose_secret());
        }
        Ok(Some(proxy))
    };
    let https = make(&settings.for_https, |url| reqwest::Proxy::https(url))?;
    let http = make(&settings.for_http, |url| reqwest::Proxy::http(url))?;
    Ok(https.into_iter().chain(http).collect())
}

/// reqwest ignores a proxy address it does not understand and would send the secret directly.
fn checked_proxy(address: &str) -> Result<&str, Error> {
    let absolute = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let understood = Url::parse(&absolute)
        .is_ok_and(|url| url.has_host() && matches!(url.scheme(), "http" | "https"));
    // "htp:/proxy" parses as a host named htp with an empty port.
    let misspelt = !address.contains("://") && address.contains(":/");
    if understood && !misspelt {
        Ok(address)
    } else {
        Err(not_a_proxy())
    }
}

/// The address may hold a password, so it is not repeated.
fn not_a_proxy() -> Error {
    Error::settings("the proxy's address is not an http or https address")
        .with_hint("give it as http://HOST:PORT in Proxy, HTTPS_PROXY, HTTP_PROXY or ALL_PROXY")
}
