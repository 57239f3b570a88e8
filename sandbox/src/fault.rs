//! Faults: responses and failures that a test asks for. `exchange.rs` performs those of requests,
//! `server.rs` those of connections.

use axum::http::Method;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

/// The requests that a fault applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Every request.
    #[default]
    All,
    /// Every request except those for a token.
    Api,
    /// `/oauth/token`.
    Token,
    /// HEAD of the pending tasks.
    PendingHeaders,
    /// GET of the pending tasks.
    Pending,
    /// GET of one task.
    Get,
    /// GET of the list.
    List,
    /// PATCH of one task.
    Update,
    /// A new connection, before anything is read from it, even the TLS handshake. Only the actions
    /// `drop`, `reset`, `hang`, `raw` and `pass` (with a delay) make sense here. Connections for
    /// `/sandbox/*` count too.
    Connection,
    /// Any other request. No fault can select it.
    Other,
}

impl Operation {
    /// The operation that a request asks for.
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        let mut segments = path.split('/').skip(1);
        let (first, second) = (segments.next(), segments.next());
        let rest = match (first, second) {
            (Some("oauth"), Some("token")) => return Self::Token,
            (Some("task-status"), Some("v1")) => segments.next(),
            (Some(_), Some("task-status")) => segments.next(),
            _ => return Self::Other,
        };
        match (method, rest) {
            (&Method::GET, None) => Self::List,
            (&Method::GET, Some("pending-tasks")) => Self::Pending,
            (&Method::HEAD, Some("pending-tasks")) => Self::PendingHeaders,
            (&Method::GET, Some(_)) => Self::Get,
            (&Method::PATCH, Some(_)) => Self::Update,
            _ => Self::Other,
        }
    }

    fn covers(self, actual: Self) -> bool {
        match self {
            Self::All => actual != Self::Connection,
            Self::Api => !matches!(actual, Self::Connection | Self::Token),
            exact => exact == actual,
        }
    }
}

/// One fault: the requests it hits, and what happens to them.
///
/// Every fault counts the requests that match it, even those that another fault hits. If several
/// faults hit the same request, the one set first applies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The operation that a request must have to match. Defaults to all.
    #[serde(default)]
    pub operation: Operation,
    /// The path that a request must have, as received (percent-encoded). Defaults to any.
    #[serde(default)]
    pub path: Option<String>,
    /// Number of matching requests that pass first. Defaults to 0.
    #[serde(default)]
    pub skip: u32,
    /// Number of requests that are hit after that; 0 (in JSON also null) means all. Defaults to 1.
    #[serde(default = "once", deserialize_with = "null_is_zero")]
    pub times: u32,
    /// Chance, 0 to 1, that the fault really hits such a request. Defaults to 1.
    #[serde(default = "always")]
    pub chance: f64,
    /// Milliseconds to wait before the action. Defaults to 0.
    #[serde(default)]
    pub delay: u64,
    /// What happens to the request.
    pub action: Action,
}

/// What a fault does to a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// The usual response; with a delay, a slow one.
    Pass,
    /// Another response. HEAD gets it without the body.
    Respond {
        /// HTTP status.
        status: u16,
        /// Exactly these headers, plus `Content-Length` and `Date`. Defaults to a `Content-Type`
        /// of JSON.
        #[serde(default)]
        headers: Option<Vec<(String, String)>>,
        /// The body. Defaults to the one that the vendor documents for the status, with its
        /// `Content-Type`.
        #[serde(default)]
        body: Option<Body>,
    },
    /// The usual response, with its body in pieces.
    SlowBody {
        /// Bytes in a piece.
        bytes: usize,
        /// Milliseconds before each piece.
        delay: u64,
    },
    /// No response ever; the connection stays open.
    Hang,
    /// The connection is closed without a response after the request has been read.
    Drop,
    /// The connection is closed without a response after the head has been read, but not the body.
    DropEarly,
    /// The connection is reset (TCP RST) without a response.
    Reset,
    /// The usual response with the correct `Content-Length`, but only half of the body, after which
    /// the connection is closed. A body shorter than two bytes is left out completely. The response
    /// to HEAD has no body and stays whole.
    Truncate,
    /// Exactly these bytes on the socket, after which the connection is closed.
    Raw(Body),
    /// All tokens issued so far expire, after which the request gets its usual response.
    ExpireTokens,
}

/// The bytes of a body. In JSON a string, or `{"base64": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Body {
    /// The UTF-8 bytes of a text.
    Text(String),
    /// Any bytes.
    Base64 {
        /// In standard Base64 with padding.
        #[serde(with = "as_base64")]
        base64: Vec<u8>,
    },
}

impl Body {
    /// The bytes themselves.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Base64 { base64 } => base64,
        }
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Base64 { base64: bytes }
    }
}

impl Fault {
    /// A fault that hits the next request of any kind.
    pub fn new(action: Action) -> Self {
        Self {
            operation: Operation::All,
            path: None,
            skip: 0,
            times: once(),
            chance: always(),
            delay: 0,
            action,
        }
    }
}

impl Action {
    /// Responds with a status and the body that the vendor documents for it.
    pub fn status(status: u16) -> Self {
        Self::Respond {
            status,
            headers: None,
            body: None,
        }
    }

    /// Responds with a status, exactly these headers (plus `Content-Length` and `Date`) and this body.
    pub fn respond<'a>(
        status: u16,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        body: impl Into<Body>,
    ) -> Self {
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self::Respond {
            status,
            headers: Some(headers),
            body: Some(body.into()),
        }
    }
}

/// The faults that are set, each with the number of requests that matched it.
#[derive(Default)]
pub(crate) struct Faults {
    set: Vec<(Fault, u32)>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.set.push((fault, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.set.clear();
    }

    /// The fault that hits a request, if any: its delay in milliseconds and its action.
    pub(crate) fn strike(
        &mut self,
        operation: Operation,
        path: &str,
        rng: &mut fastrand::Rng,
    ) -> Option<(u64, Action)> {
        let mut hit = None;
        for (fault, seen) in &mut self.set {
            if !fault.operation.covers(operation)
                || fault.path.as_deref().is_some_and(|wanted| wanted != path)
            {
                continue;
            }
            let place = *seen;
            *seen += 1;
            let last = if fault.times == 0 {
                u32::MAX
            } else {
                fault.skip.saturating_add(fault.times)
            };
            if hit.is_none()
                && (fault.skip..last).contains(&place)
                && (fault.chance >= 1.0 || rng.f64() < fault.chance)
            {
                hit = Some((fault.delay, fault.action.clone()));
            }
        }
        hit
    }
}

fn once() -> u32 {
    1
}

fn always() -> f64 {
    1.0
}

fn null_is_zero<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

mod as_base64 {
    use super::{BASE64_STANDARD, Deserialize, Engine};

    pub(super) fn serialize<S: serde::Serializer>(
        bytes: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        BASE64_STANDARD
            .decode(String::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)
    }
}
