//! One try: the request goes out, the whole response comes in.

use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::{Method, Url, redirect};
use rustls::ClientConfig;
use tokio::runtime;
use tokio::sync::oneshot;

use super::failure::{self, Failure};
use super::proxy::{self, Routes};
use super::registry::Registry;
use super::tls;
use crate::error::{Error, ErrorKind};
use crate::locks::lock;
use crate::response::{Response, SPARE_CAPACITY};
use crate::secrets::{ExposeSecret, SecretString};
use crate::settings::Network;

/// The largest body that is taken in: 1 GiB.
const LARGEST_BODY: usize = 1 << 30;

/// What is reserved for a body before it arrives, whatever the header claims.
const LARGEST_RESERVE: u64 = 32 << 20;

const MOST_REDIRECTS: usize = 5;

/// HTTP with kept-alive connections, shared by all clients with the same network settings.
pub(crate) struct Transport {
    tls: ClientConfig,
    connect_timeout: Duration,
    /// One for each runtime, because a connection stands still whenever its runtime does.
    clients: Arc<Mutex<Clients>>,
    /// Which proxy an address is reached through.
    routes: Arc<Routes>,
}

type Clients = Vec<OfRuntime>;

struct OfRuntime {
    runtime: runtime::Id,
    client: reqwest::Client,
    /// Ends the task that waits for the runtime's end.
    _watched: oneshot::Sender<()>,
}

/// Removes a runtime's client when it is dropped: a task of that runtime holds it.
struct Watch {
    clients: Weak<Mutex<Clients>>,
    runtime: runtime::Id,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let Some(clients) = self.clients.upgrade() else {
            return;
        };
        let mut clients = lock(&clients);
        let place = clients.iter().position(|of| of.runtime == self.runtime);
        let removed = place.map(|place| clients.swap_remove(place));
        drop(clients);
        drop(removed);
    }
}

/// A request as it goes out.
pub(crate) struct Outgoing<'a> {
    pub method: Method,
    pub url: &'a Url,
    pub bearer: Option<&'a SecretString>,
    /// Content type and text.
    pub body: Option<(&'static str, String)>,
    pub experimental: bool,
    pub user_agent: &'a str,
    /// Whether it may arrive twice without harm.
    pub retry_safe: bool,
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

    /// The client of the runtime that this is called on.
    fn client(&self) -> Result<reqwest::Client, Failure> {
        let runtime = runtime::Handle::current().id();
        let mut clients = lock(&self.clients);
        if let Some(of) = clients.iter().find(|of| of.runtime == runtime) {
            return Ok(of.client.clone());
        }
        let client = self.new_client()?;
        let (watched, no_longer) = oneshot::channel();
        clients.push(OfRuntime {
            runtime,
            client: client.clone(),
            _watched: watched,
        });
        drop(clients);
        let watch = Watch {
            clients: Arc::downgrade(&self.clients),
            runtime,
        };
        tokio::spawn(async move {
            let _watch = watch;
            _ = no_longer.await;
        });
        Ok(client)
    }

    fn new_client(&self) -> Result<reqwest::Client, Failure> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::custom(stay_at_the_same_place))
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

    /// Sends a request and reads the response to its end.
    pub(crate) async fn send(&self, outgoing: Outgoing<'_>) -> Result<Response, Failure> {
        // Only errors name them.
        let place = || proxy::place(outgoing.url);
        let proxy = self.routes.to(outgoing.url).map_err(Failure::Final)?;
        let proxy = proxy.map(|proxy| proxy.place.as_str());
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

        let mut response = request
            .send()
            .await
            .map_err(|error| Failure::no_response(&error, &place(), proxy))?;
        let status = response.status().as_u16();
        if status == 407 {
            return Err(Failure::proxy_authentication(&place(), proxy));
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
        let mut body = Vec::with_capacity(usize::try_from(expected).unwrap_or(0) + SPARE_CAPACITY);
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
        Ok(Response::new(status, headers, body))
    }
}

/// A redirect is followed only where the token may go too; any other one is the response.
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
    let text = SecretString::from(format!("Bearer {}", token.expose_secret()));
    let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| {
        Failure::Final(Error::new(
            ErrorKind::Authentication,
            "the token holds characters that cannot stand in a header",
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}
