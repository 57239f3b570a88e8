//! One HTTP exchange: out with the request, in with the whole answer. Knows proxies and TLS.

mod failure;
mod tls;

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::{Method, NoProxy, Url, redirect};
use rustls::ClientConfig;
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime;

use crate::answer::Answer;
use crate::envelope::FRAME;
use crate::error::{Error, ErrorKind};
use crate::pace::lock;
use crate::registry::{Fingerprint, Registry};
use crate::settings::{Proxy, Settings};

pub(crate) use failure::Failure;

/// The largest body that is taken in: 1 GiB.
const LARGEST_BODY: usize = 1 << 30;

/// What is reserved for a body before it arrives, whatever the header claims.
const LARGEST_RESERVE: u64 = 32 << 20;

/// Runtimes that are gone cannot be told from others: beyond so many the oldest client goes.
const MOST_CLIENTS: usize = 256;

const MOST_REDIRECTS: usize = 5;

/// Hosts that no proxy is asked for.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// HTTP with kept-alive connections, shared by all clients with the same network settings.
pub(crate) struct Transport {
    tls: ClientConfig,
    proxies: Vec<reqwest::Proxy>,
    connect_timeout: Duration,
    /// One for each runtime, because a connection stands still whenever its runtime does.
    clients: Mutex<Vec<(runtime::Id, reqwest::Client)>>,
    /// Which proxy stands on the way to an address, for messages.
    routes: Matcher,
}

/// A request as it goes over the wire.
pub(crate) struct Outgoing<'a> {
    pub method: Method,
    pub url: &'a Url,
    pub bearer: Option<&'a SecretString>,
    pub body: Option<(&'static str, String)>,
    pub experimental: bool,
    pub user_agent: &'a str,
}

impl Transport {
    /// The process's transport for these settings.
    pub(crate) fn shared(settings: &Settings) -> Result<Arc<Self>, Error> {
        static TRANSPORTS: LazyLock<Registry<Transport>> = LazyLock::new(Registry::default);
        TRANSPORTS.get_or_make(&fingerprint(settings), || Self::new(settings))
    }

    fn new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            tls: tls::config(settings)?,
            proxies: proxies(&settings.proxy)?,
            connect_timeout: settings.connect_timeout,
            clients: Mutex::default(),
            routes: routes(&settings.proxy),
        })
    }

    /// The client of the runtime that this is called on.
    fn client(&self) -> Result<reqwest::Client, Failure> {
        let runtime = runtime::Handle::current().id();
        let mut clients = lock(&self.clients);
        if let Some((_, client)) = clients.iter().find(|(id, _)| *id == runtime) {
            return Ok(client.clone());
        }
        let client = self.new_client()?;
        if clients.len() == MOST_CLIENTS {
            clients.remove(0);
        }
        clients.push((runtime, client.clone()));
        Ok(client)
    }

    fn new_client(&self) -> Result<reqwest::Client, Failure> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::custom(stay_at_the_same_place))
            .tcp_nodelay(true)
            .no_proxy();
        for proxy in &self.proxies {
            builder = builder.proxy(proxy.clone());
        }
        builder.build().map_err(|error| {
            let reason = failure::root(&error);
            Failure::last(Error::settings(format!(
                "the HTTP client cannot be made: {reason}"
            )))
        })
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn exchange(&self, outgoing: Outgoing<'_>) -> Result<Answer, Failure> {
        // Only errors name it.
        let place = || place(outgoing.url);
        let mut request = self
            .client()?
            .request(outgoing.method, outgoing.url.clone())
            .header(ACCEPT, "application/json")
            .header(reqwest::header::USER_AGENT, outgoing.user_agent);
        if let Some(token) = outgoing.bearer {
            request = request.header(AUTHORIZATION, bearer(token)?);
        }
        if outgoing.experimental {
            request = request.header(HeaderName::from_static("x-sailpoint-experimental"), "true");
        }
        if let Some((content_type, body)) = outgoing.body {
            request = request.header(CONTENT_TYPE, content_type).body(body);
        }

        let mut response = request.send().await.map_err(|error| {
            let proxy = self.proxy_for(outgoing.url);
            Failure::without_answer(&error, &place(), proxy.as_deref())
        })?;
        let status = response.status().as_u16();
        if status == 407 {
            return Err(Failure::proxy_authentication(&place()));
        }
        let headers = response
            .headers()
            .iter()
            // A cookie may be worth as much as a token, and nobody asks for it here.
            .filter(|(name, _)| *name != SET_COOKIE)
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        let expected = response.content_length().unwrap_or(0).min(LARGEST_RESERVE);
        let mut body = Vec::with_capacity(usize::try_from(expected).unwrap_or(0) + FRAME);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| Failure::cut_off(&error, &place(), status, body.len()))?
        {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(Failure::too_large(&place(), LARGEST_BODY));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer::new(status, headers, body))
    }

    /// The proxy that an address is reached through, without the credentials it may hold.
    fn proxy_for(&self, url: &Url) -> Option<String> {
        let proxy = self.routes.intercept(&url.as_str().parse().ok()?)?;
        Url::parse(&proxy.uri().to_string())
            .ok()
            .map(|proxy| place(&proxy))
    }
}

fn fingerprint(settings: &Settings) -> Fingerprint {
    let proxy = &settings.proxy;
    let secret = |text: &Option<SecretString>| {
        text.as_ref()
            .map_or(String::new(), |text| text.expose_secret().to_owned())
    };
    let (user, password) = proxy
        .credential
        .as_ref()
        .map_or_else(Default::default, |(user, password)| {
            (user.clone(), password.expose_secret().to_owned())
        });
    Fingerprint::of([
        secret(&proxy.for_https),
        secret(&proxy.for_http),
        proxy.exceptions.clone(),
        user,
        password,
        format!("{:?}", settings.certificates),
        format!("{:?}", settings.connect_timeout),
        tls::is_needed(settings).to_string(),
    ])
}

/// Hosts that are reached directly.
fn exceptions(settings: &Proxy) -> String {
    format!("{LOOPBACK},{}", settings.exceptions)
}

fn routes(settings: &Proxy) -> Matcher {
    let url = |url: &Option<SecretString>| {
        url.as_ref()
            .map_or(String::new(), |url| url.expose_secret().to_owned())
    };
    Matcher::builder()
        .https(url(&settings.for_https))
        .http(url(&settings.for_http))
        .no(exceptions(settings))
        .build()
}

fn proxies(settings: &Proxy) -> Result<Vec<reqwest::Proxy>, Error> {
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

/// A proxy that is not understood would be passed over, and the secret sent without it.
fn checked_proxy(address: &str) -> Result<&str, Error> {
    let absolute = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let understood = Url::parse(&absolute)
        .is_ok_and(|url| url.has_host() && matches!(url.scheme(), "http" | "https"));
    // "htp:/proxy" reads as a host named htp with an empty port.
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

/// A redirect is followed only where the token may go too; any other one is the answer.
fn stay_at_the_same_place(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let same = attempt
        .previous()
        .first()
        .is_some_and(|first| first.origin() == attempt.url().origin());
    if same && attempt.previous().len() <= MOST_REDIRECTS {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Failure> {
    let text = zeroizing(format!("Bearer {}", token.expose_secret()));
    let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| {
        Failure::last(Error::new(
            ErrorKind::Authentication,
            "the token holds characters that cannot stand in a header",
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn zeroizing(text: String) -> SecretString {
    SecretString::from(text)
}

/// Scheme, host and port: what messages name.
fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}
