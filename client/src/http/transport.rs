//! One try: sends a request and reads the whole response.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode, Url, redirect};
use rustls::ClientConfig;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::failure::{self, Failure};
use super::proxy::{self, Routes};
use super::registry::Registry;
use super::schemes;
use super::tls;
use crate::error::{Error, ErrorKind};
use crate::events::{CertificateCheckEvent, Observer};
use crate::locks::lock;
use crate::response::{Response, SPARE_CAPACITY};
use crate::secrets::{ExposeSecret, SecretString};
use crate::settings::Network;

/// How much of an error's body is read: 1 MiB.
const LARGEST_ERROR: usize = 1 << 20;

/// The most that is reserved for a body before it arrives: its length header may be wrong.
const LARGEST_RESERVE: u64 = 32 << 20;

/// How many addresses are remembered as reached; the oldest is forgotten first.
const MAX_REACHED: usize = 256;

/// How long a connection is kept for the next request. The idle ones are looked for at this interval, so
/// each is closed within a minute.
const IDLE: Duration = Duration::from_secs(25);

const MAX_REDIRECTS: usize = 5;

/// Headers that are dropped: what they hold may open the tenant, and callers have no use for it.
const NOT_KEPT: [&str; 5] = [
    "set-cookie",
    "set-cookie2",
    "cookie",
    "authorization",
    "proxy-authorization",
];

/// The most headers of a response, as with curl. All of them may have about 400 KB.
const MAX_HEADERS: usize = 5000;

/// HTTP with kept-alive connections, shared by all clients with the same network settings.
pub(crate) struct Transport {
    tls: ClientConfig,
    connect_timeout: Duration,
    clients: Arc<Mutex<Clients>>,
    /// Addresses from which a response has come.
    reached: Mutex<Vec<Url>>,
    /// Which proxy an address is reached through.
    routes: Arc<Routes>,
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
    /// Ends the task that waits for the runtime's end.
    _watched: Arc<oneshot::Sender<()>>,
}

/// Removes a client when its runtime ends: a task of the runtime holds this.
struct Watch {
    clients: Weak<Mutex<Clients>>,
    number: u64,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(clients) = self.clients.upgrade() {
            remove(&clients, self.number);
        }
    }
}

fn remove(clients: &Mutex<Clients>, number: u64) {
    let mut clients = lock(clients);
    let place = clients.kept.iter().position(|kept| kept.number == number);
    let removed = place.map(|place| clients.kept.swap_remove(place));
    drop(clients);
    // Not under the lock: its connections close.
    drop(removed);
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
            connect_timeout: network.connect_timeout,
            clients: Arc::default(),
            reached: Mutex::default(),
            routes: Arc::new(Routes::new(&network.proxy)),
        })
    }

    /// Whether the proxies on the way to these addresses can be used.
    pub(crate) fn check_routes<'a>(
        &self,
        mut urls: impl Iterator<Item = &'a Url>,
    ) -> Result<(), Error> {
        urls.try_for_each(|url| self.routes.to(url).map(drop))
    }

    /// Why an address is reached directly although there is a proxy.
    pub(crate) fn exemption(&self, url: &Url) -> Option<&'static str> {
        self.routes.exemption(url)
    }

    /// What to do if an address does not respond, where a proxy is on the way.
    pub(crate) fn advice(&self, url: &Url) -> Option<String> {
        let route = self.routes.to(url).ok().flatten()?;
        Some(failure::check(&route.named))
    }

    /// The client of the current runtime.
    fn client(&self) -> Result<Kept, Failure> {
        let runtime = runtime::Handle::current().id();
        let mut clients = lock(&self.clients);
        if let Some(kept) = clients.kept.iter().find(|kept| kept.runtime == runtime) {
            return Ok(kept.clone());
        }
        let client = self.new_client()?;
        let (watched, no_longer) = oneshot::channel();
        clients.made += 1;
        let kept = Kept {
            runtime,
            number: clients.made,
            client,
            _watched: Arc::new(watched),
        };
        clients.kept.push(kept.clone());
        drop(clients);
        let watch = Watch {
            clients: Arc::downgrade(&self.clients),
            number: kept.number,
        };
        tokio::spawn(async move {
            let _watch = watch;
            _ = no_longer.await;
        });
        Ok(kept)
    }

    /// Closes a client's kept connections, which may all be dead. Its running requests go on.
    fn replace(&self, number: u64) {
        remove(&self.clients, number);
    }

    fn new_client(&self) -> Result<reqwest::Client, Failure> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(IDLE)
            // A policy cannot see the method: redirects are followed in `send`.
            .redirect(redirect::Policy::none())
            // What curl and PowerShell accept. A header line that is invalid even so is left out.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_max_headers(MAX_HEADERS)
            .tcp_nodelay(true)
            .no_proxy();
        if let Some(proxy) = self.routes.proxy() {
            builder = builder.proxy(proxy);
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
        if reached.len() == MAX_REACHED {
            reached.remove(0);
        }
        reached.push(url.clone());
    }

    /// Sends a request, follows redirects, and reads the response to its end.
    ///
    /// If there is no response head after `patience`, all kept connections are closed: a connection
    /// that the network has dropped swallows requests without an error.
    pub(crate) async fn send(
        &self,
        outgoing: Outgoing<'_>,
        patience: Option<Duration>,
        observer: &dyn Observer,
    ) -> Result<Response, Failure> {
        let Kept { client, number, .. } = self.client()?;
        let mut url = Cow::Borrowed(outgoing.url);
        let head = async {
            for _ in 0..MAX_REDIRECTS {
                let response = self.head(&client, &outgoing, &url, observer).await?;
                match redirection(&outgoing.method, &response, &url) {
                    Some(next) => url = Cow::Owned(next),
                    None => return Ok(response),
                }
            }
            self.head(&client, &outgoing, &url, observer).await
        };
        let response = match patience {
            Some(patience) => timeout(patience, head).await.unwrap_or_else(|_| {
                self.replace(number);
                let route = self.routes.to(outgoing.url).ok().flatten();
                let proxy = route.map(|route| &route.named);
                let place = proxy::place(outgoing.url);
                Err(Failure::silent(&place, proxy, patience))
            })?,
            None => head.await?,
        };
        read(response, &url, outgoing.largest_body).await
    }

    /// Sends a request to an address and receives the head of the response.
    async fn head(
        &self,
        client: &reqwest::Client,
        outgoing: &Outgoing<'_>,
        url: &Url,
        observer: &dyn Observer,
    ) -> Result<reqwest::Response, Failure> {
        // Only errors need them.
        let place = || proxy::place(url);
        let route = self.routes.to(url).map_err(Failure::Final)?;
        let proxy = route.map(|route| &route.named);
        let build = || {
            let mut request = client
                .request(outgoing.method.clone(), url.clone())
                .header(ACCEPT, "application/json")
                .header(reqwest::header::USER_AGENT, outgoing.user_agent);
            if let Some(token) = outgoing.bearer {
                request = request.header(AUTHORIZATION, bearer(token)?);
            }
            if outgoing.experimental {
                request =
                    request.header(HeaderName::from_static("x-sailpoint-experimental"), "true");
            }
            if let Some((content_type, body)) = &outgoing.body {
                request = request
                    .header(CONTENT_TYPE, *content_type)
                    .body(body.clone());
            }
            Ok(request)
        };
        let refused = |error: &_| Failure::Final(tls::describe(error, &place(), proxy));
        let response = match send(&build, &refused, observer).await? {
            Ok(response) => response,
            Err(error) if failure::is_proxy_authentication(&error) => {
                let offered = match route {
                    Some(route) => schemes::ask(route, url, &self.tls).await,
                    None => Vec::new(),
                };
                return Err(Failure::proxy_authentication(url, proxy, &offered));
            }
            Err(error) => {
                return Err(Failure::unreadable(&error, &place(), proxy)
                    .unwrap_or_else(|| Failure::no_response(&error, &place(), proxy)));
            }
        };
        if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            let offered = schemes::in_headers(response.headers());
            return Err(Failure::proxy_authentication(url, proxy, &offered));
        }
        self.remember(url);
        Ok(response)
    }
}

/// Sends a request, and waits for the check of the server's certificate if that takes long. Then there
/// was no connection yet, so the request did not leave.
async fn send(
    build: &(dyn Fn() -> Result<reqwest::RequestBuilder, Failure> + Sync),
    refused: &(dyn Fn(&rustls::Error) -> Failure + Sync),
    observer: &dyn Observer,
) -> Result<reqwest::Result<reqwest::Response>, Failure> {
    loop {
        let sent = build()?.send().await;
        let Some(check) = sent.as_ref().err().and_then(failure::unfinished_check) else {
            return Ok(sent);
        };
        let host = &check.host();
        observer.certificate_check(&CertificateCheckEvent { id: None, host });
        check.ended().await.map_err(|error| refused(&error))?;
    }
}

/// Reads the body of a response.
async fn read(
    mut response: reqwest::Response,
    url: &Url,
    largest_body: usize,
) -> Result<Response, Failure> {
    // Only errors need it.
    let place = || proxy::place(url);
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .filter(|(name, _)| !NOT_KEPT.contains(&name.as_str()))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    // What is larger is refused while it arrives: a few packed bytes can unpack to gigabytes.
    let is_success = response.status().is_success();
    let largest = if is_success {
        largest_body
    } else {
        LARGEST_ERROR
    };
    let expected = response.content_length().unwrap_or(0);
    if is_success && expected > largest as u64 {
        return Err(Failure::too_large(&place(), largest));
    }
    let expected = usize::try_from(expected.min(LARGEST_RESERVE)).unwrap_or(0);
    let mut body = Vec::with_capacity(expected.min(largest) + SPARE_CAPACITY);
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok(Response::new(status, headers, body)),
            Err(error) => {
                let Some(reason) = failure::not_gzip(&error) else {
                    return Err(Failure::cut_off(&error, &place(), status, body.len()));
                };
                if is_success {
                    return Err(Failure::not_unpacked(&error, &place(), status, &reason));
                }
                // What the status says is known even so.
                let why = format!("the body is not gzip as its header says: {reason}");
                return Ok(Response::cut(status, headers, &body, why));
            }
        };
        let room = largest - body.len();
        if chunk.len() <= room {
            body.extend_from_slice(&chunk);
        } else if is_success {
            return Err(Failure::too_large(&place(), largest));
        } else {
            body.extend_from_slice(&chunk[..room]);
            let why = format!("the body is larger: it was cut after {largest} bytes");
            return Ok(Response::cut(status, headers, &body, why));
        }
    }
}

/// Where a response redirects a request of this method to. Any other redirect is the response: the
/// token is sent only to the same origin, and a change never turns into a GET.
fn redirection(method: &Method, response: &reqwest::Response, from: &Url) -> Option<Url> {
    let is_followed = match response.status().as_u16() {
        301 | 302 => *method != Method::POST,
        303 => matches!(*method, Method::GET | Method::HEAD),
        307 | 308 => true,
        _ => false,
    };
    let location = response.headers().get(LOCATION).filter(|_| is_followed)?;
    let mut to = from
        .join(std::str::from_utf8(location.as_bytes()).ok()?)
        .ok()?;
    // The tenant does not choose whom the client says that it is.
    to.set_username("")
        .and_then(|()| to.set_password(None))
        .ok()?;
    is_same_origin(from, &to).then_some(to)
}

/// Compares without copying, as [`Url::origin`] does.
fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
        && one.scheme() == other.scheme()
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Failure> {
    let text = SecretString::from(format!("Bearer {}", token.expose_secret()));
    let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| {
        Failure::Final(Error::new(
            ErrorKind::Authentication,
            "the token that was fetched has characters that no header can hold",
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod slow_checks;
