//! One try: sends a request and reads the whole response.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::{Method, Url, redirect};
use rustls::ClientConfig;
use tokio::runtime;
use tokio::time::timeout;

use super::failure::{self, Failure};
use super::proxy::{self, Routes};
use super::registry::Registry;
use super::tls;
use crate::error::{Error, ErrorKind};
use crate::locks::lock;
use crate::response::{Response, SPARE_CAPACITY};
use crate::secrets::{ExposeSecret, SecretString};
use crate::settings::Network;

/// How much of an error's body is read: 1 MiB.
const LARGEST_ERROR: usize = 1 << 20;

/// The most that is reserved for a body before it arrives: its length header may be wrong.
const LARGEST_RESERVE: u64 = 32 << 20;

/// A runtime that has ended looks like any other, so beyond this many the oldest client is dropped.
const MOST_CLIENTS: usize = 256;

/// How many addresses are remembered as reached; the oldest is forgotten first.
const MOST_REACHED: usize = 256;

const MOST_REDIRECTS: usize = 5;

/// HTTP with kept-alive connections, shared by all clients with the same network settings.
pub(crate) struct Transport {
    tls: ClientConfig,
    proxies: Vec<reqwest::Proxy>,
    connect_timeout: Duration,
    clients: Mutex<Clients>,
    /// Addresses from which a response has come.
    reached: Mutex<Vec<Url>>,
    /// Which proxy a request to an address goes through, for messages.
    routes: Routes,
}

/// One HTTP client for each runtime: a connection makes progress only while its runtime runs.
#[derive(Default)]
struct Clients {
    kept: Vec<Kept>,
    /// How many were made.
    made: u64,
}

#[derive(Clone)]
struct Kept {
    runtime: runtime::Id,
    number: u64,
    client: reqwest::Client,
}

/// A request to send.
pub(crate) struct Outgoing<'a> {
    pub method: Method,
    pub url: &'a Url,
    pub bearer: Option<&'a SecretString>,
    /// Content type and text.
    pub body: Option<(&'static str, String)>,
    pub experimental: bool,
    pub user_agent: &'a str,
    /// Whether it may be sent twice without harm.
    pub retry_safe: bool,
    /// The most bytes, unpacked, that the body of a success may have.
    pub largest_body: usize,
}

impl Transport {
    /// The process's transport for these settings.
    pub(crate) fn shared(network: &Network) -> Result<Arc<Self>, Error> {
        static TRANSPORTS: LazyLock<Registry<Transport>> = LazyLock::new(Registry::default);
        TRANSPORTS.get_or_make(network.fingerprint(), || Self::new(network))
    }

    fn new(network: &Network) -> Result<Self, Error> {
        Ok(Self {
            tls: tls::config(network)?,
            proxies: proxy::proxies(&network.proxy)?,
            connect_timeout: network.connect_timeout,
            clients: Mutex::default(),
            reached: Mutex::default(),
            routes: Routes::new(&network.proxy),
        })
    }

    /// The client of the current runtime.
    fn client(&self) -> Result<Kept, Failure> {
        let runtime = runtime::Handle::current().id();
        let mut clients = lock(&self.clients);
        if let Some(kept) = clients.kept.iter().find(|kept| kept.runtime == runtime) {
            return Ok(kept.clone());
        }
        let client = self.new_client()?;
        if clients.kept.len() == MOST_CLIENTS {
            clients.kept.remove(0);
        }
        clients.made += 1;
        let kept = Kept {
            runtime,
            number: clients.made,
            client,
        };
        clients.kept.push(kept.clone());
        Ok(kept)
    }

    /// Closes a client's kept connections, which may all be dead. Its running requests go on.
    fn replace(&self, number: u64) {
        lock(&self.clients)
            .kept
            .retain(|kept| kept.number != number);
    }

    fn new_client(&self) -> Result<reqwest::Client, Failure> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::custom(follow_to_same_origin))
            .tcp_nodelay(true)
            .no_proxy();
        for proxy in &self.proxies {
            builder = builder.proxy(proxy.clone());
        }
        builder.build().map_err(|error| {
            let reason = failure::root(&error);
            Failure::Final(Error::settings(format!(
                "the HTTP client cannot be made: {reason}"
            )))
        })
    }

    /// Whether a response has ever come from this scheme, host and port.
    pub(crate) fn has_reached(&self, url: &Url) -> bool {
        lock(&self.reached)
            .iter()
            .any(|reached| is_same_origin(reached, url))
    }

    fn remember(&self, url: &Url) {
        let mut reached = lock(&self.reached);
        if reached.iter().any(|reached| is_same_origin(reached, url)) {
            return;
        }
        if reached.len() == MOST_REACHED {
            reached.remove(0);
        }
        reached.push(url.clone());
    }

    /// Sends a request and reads the response to its end.
    ///
    /// If there is no response head after `patience`, all kept connections are closed: a connection
    /// that the network has dropped swallows requests without an error.
    pub(crate) async fn send(
        &self,
        outgoing: Outgoing<'_>,
        patience: Option<Duration>,
    ) -> Result<Response, Failure> {
        // Only errors need it.
        let place = || proxy::place(outgoing.url);
        let Kept { client, number, .. } = self.client()?;
        let mut request = client
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

        let head = match patience {
            Some(patience) => timeout(patience, request.send()).await.map_err(|_| {
                self.replace(number);
                Failure::silent(&place(), patience)
            })?,
            None => request.send().await,
        };
        let mut response = head.map_err(|error| {
            let proxy = self.routes.proxy_for(outgoing.url);
            Failure::no_response(&error, &place(), proxy.as_deref())
        })?;
        let status = response.status().as_u16();
        if status == 407 {
            return Err(Failure::proxy_authentication(&place()));
        }
        self.remember(outgoing.url);
        let headers = response
            .headers()
            .iter()
            // A cookie may open the tenant as a token does, and callers have no use for it.
            .filter(|(name, _)| *name != SET_COOKIE)
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        // What is larger is refused while it arrives: a few packed bytes can unpack to gigabytes.
        let is_success = response.status().is_success();
        let largest = if is_success {
            outgoing.largest_body
        } else {
            LARGEST_ERROR
        };
        let expected = response.content_length().unwrap_or(0);
        if is_success && expected > largest as u64 {
            return Err(Failure::too_large(&place(), largest));
        }
        let expected = usize::try_from(expected.min(LARGEST_RESERVE)).unwrap_or(0);
        let mut body = Vec::with_capacity(expected.min(largest) + SPARE_CAPACITY);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| Failure::cut_off(&error, &place(), status, body.len()))?
        {
            let room = largest - body.len();
            if chunk.len() <= room {
                body.extend_from_slice(&chunk);
            } else if is_success {
                return Err(Failure::too_large(&place(), largest));
            } else {
                body.extend_from_slice(&chunk[..room]);
                return Ok(Response::cut(status, headers, body));
            }
        }
        Ok(Response::new(status, headers, body))
    }
}

/// Compares without copying, as [`Url::origin`] does.
fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
        && one.scheme() == other.scheme()
}

/// Follows a redirect only to the same origin, where the token may be sent too. Any other one is the
/// response.
fn follow_to_same_origin(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let same = attempt
        .previous()
        .first()
        .is_some_and(|first| is_same_origin(first, attempt.url()));
    if same && attempt.previous().len() <= MOST_REDIRECTS {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Failure> {
    let text = SecretString::from(format!("Bearer {}", token.expose_secret()));
    let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| {
        Failure::Final(Error::new(
            ErrorKind::Authentication,
            "the token contains characters that a header cannot hold",
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}
