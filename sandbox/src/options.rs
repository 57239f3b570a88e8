//! What a sandbox is started with, and the rules that may change while it runs.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use crate::tls::Tls;

/// How a [`Sandbox`](crate::Sandbox) starts. The default is a small, still tenant on a free port.
#[derive(Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one. Defaults to 0.
    pub port: u16,
    /// How many tasks there are, the pending ones among them. Defaults to 100.
    pub tasks: usize,
    /// How many of them are pending (have no completion status yet). Defaults to 10.
    pub pending: usize,
    /// The same seed gives the same tasks; only their dates follow the start time. Defaults to 1.
    pub seed: u64,
    /// Time between one running task finishing and the next; every third pending task is stuck
    /// and never finishes. Defaults to `None`: tasks stand still.
    pub progress: Option<Duration>,
    /// The client id that is let in.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: String,
    /// Rules at the start.
    pub rules: Rules,
    /// Serves https with a certificate made for the occasion. Defaults to `None`: plain http.
    pub tls: Option<Tls>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            tasks: 100,
            pending: 10,
            seed: 1,
            progress: None,
            client_id: "5a4d0b8c1f2e4937a6b0c1d2e3f40516".into(),
            client_secret: "sandbox0secret0c71b9e5f3a2d48670b1c2d3e4f5a69788796a5b4c3d2e1f00"
                .into(),
            rules: Rules::default(),
            tls: None,
        }
    }
}

/// Rules that the tenant holds to; they may be changed while it runs
/// ([`Sandbox::change_rules`](crate::Sandbox::change_rules), `PATCH /sandbox/rules`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Requests allowed per token; more are answered with 429. Defaults to no limit.
    pub rate: Option<Rate>,
    /// Life of a token in seconds. Defaults to 749.
    pub token_seconds: u64,
    /// Whether an offset at or past the end (but not 0) is answered with 400
    /// "Specified offset is invalid." instead of an empty list. Defaults to false.
    pub offset_error: bool,
    /// Whether an empty pending list is answered with 204 instead of `[]`. Defaults to false.
    pub no_content: bool,
    /// Tasks that come and go between requests. Defaults to none.
    pub churn: Option<Churn>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            rate: None,
            token_seconds: 749,
            offset_error: false,
            no_content: false,
            churn: None,
        }
    }
}

/// A rate limit: so many requests in a window of so many seconds, for each token.
/// The window opens with the first request and, once over, again with the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Requests in a window.
    pub requests: u32,
    /// Length of the window in seconds.
    pub seconds: NonZeroU32,
}

impl Rate {
    /// `requests` in a window of `seconds`; 0 seconds count as 1.
    pub fn new(requests: u32, seconds: u32) -> Self {
        Self {
            requests,
            seconds: NonZeroU32::new(seconds).unwrap_or(NonZeroU32::MIN),
        }
    }
}

impl FromStr for Rate {
    type Err = String;

    /// Reads the form `100/10`: 100 requests in 10 seconds.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a rate; write requests/seconds, as in 100/10");
        let (requests, seconds) = text.split_once('/').ok_or_else(wrong)?;
        Ok(Self {
            requests: requests.parse().map_err(|_| wrong())?,
            seconds: seconds.parse().map_err(|_| wrong())?,
        })
    }
}

/// Chances, 0 to 1, that the tenant changes before it answers a request for a list.
/// Each event that happens touches 1 to `burst` tasks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Churn {
    /// New tasks, running, at the front (they are the newest).
    pub insert: f64,
    /// The oldest tasks go.
    pub prune: f64,
    /// Tasks anywhere go.
    pub remove: f64,
    /// Pending tasks anywhere finish.
    pub finish: f64,
    /// The most tasks that one event touches.
    pub burst: usize,
}

impl Default for Churn {
    fn default() -> Self {
        Self {
            insert: 0.0,
            prune: 0.0,
            remove: 0.0,
            finish: 0.0,
            burst: 3,
        }
    }
}
