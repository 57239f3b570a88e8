//! The options a sandbox starts with, and the rules that can change while it runs.

use std::{
    num::{NonZeroU32, ParseFloatError},
    str::FromStr,
    time::Duration,
};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::tls::Tls;

/// How a [`Sandbox`](crate::Sandbox) starts. The default is a small tenant on a free port, whose tasks do
/// not change by themselves.
#[derive(Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one. Defaults to 0.
    pub port: u16,
    /// Number of tasks, including the pending ones. Defaults to 100.
    pub tasks: usize,
    /// Number of pending tasks (without a completion status). Defaults to 10.
    pub pending: usize,
    /// The same seed gives the same tasks; only their dates depend on the start time. Defaults to 1.
    pub seed: u64,
    /// Time between one running task finishing and the next; every third pending task is stuck
    /// and never finishes. Defaults to `None`: no task changes by itself.
    pub progress: Option<Duration>,
    /// How long every response is held back, as by a distant tenant; those to the controls are not.
    /// Requests on different connections wait at the same time. Defaults to zero.
    pub latency: Duration,
    /// The client id that the tenant accepts.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: String,
    /// The rules at startup.
    pub rules: Rules,
    /// Serves https with a certificate made at startup. Defaults to `None`: plain http.
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
            latency: Duration::ZERO,
            client_id: "5a4d0b8c1f2e4937a6b0c1d2e3f40516".into(),
            client_secret: "sandbox0secret0c71b9e5f3a2d48670b1c2d3e4f5a69788796a5b4c3d2e1f00"
                .into(),
            rules: Rules::default(),
            tls: None,
        }
    }
}

/// Rules that the tenant follows; they can change while it runs
/// ([`Sandbox::change_rules`](crate::Sandbox::change_rules), `PATCH /sandbox/rules`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Requests allowed per token; any more get a 429. Defaults to no limit.
    pub rate: Option<Rate>,
    /// Lifetime of a token in seconds. Defaults to 749.
    pub token_seconds: u64,
    /// Whether an offset at or past the end (but not 0) gets a 400 "Specified offset is invalid."
    /// instead of an empty list. Defaults to false.
    pub offset_error: bool,
    /// Whether the response to an empty pending list is 204 instead of `[]`. Defaults to false.
    pub no_content: bool,
    /// Whether the task status list refuses sorters with 400. Defaults to false.
    pub sorter_error: bool,
    /// Whether `count=true` is ignored: no response has `X-Total-Count`. Defaults to false.
    pub no_total: bool,
    /// Tasks that appear and disappear between requests. Defaults to none.
    pub churn: Option<Churn>,
    /// Short pages and loose order. Defaults to none.
    pub disturbances: Option<Disturbances>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            rate: None,
            token_seconds: 749,
            offset_error: false,
            no_content: false,
            sorter_error: false,
            no_total: false,
            churn: None,
            disturbances: None,
        }
    }
}

/// A rate limit: a number of requests in a window of seconds, for each token.
/// The window opens with the first request. Once it is over, the next request opens a new one.
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
        let wrong = || format!("`{text}` is not a rate; write requests/seconds, such as 100/10");
        let (requests, seconds) = text.split_once('/').ok_or_else(wrong)?;
        Ok(Self {
            requests: requests.parse().map_err(|_| wrong())?,
            seconds: seconds.parse().map_err(|_| wrong())?,
        })
    }
}

/// Chances, 0 to 1, that the tenant changes before it responds to a list request.
/// Each event that happens affects 1 to `burst` tasks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Churn {
    /// New running tasks appear at the front, since they are the newest.
    pub insert: f64,
    /// The oldest tasks disappear.
    pub prune: f64,
    /// Tasks anywhere disappear.
    pub remove: f64,
    /// Pending tasks anywhere finish.
    pub finish: f64,
    /// The most tasks that one event affects.
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

/// Short pages and loose order, as the API allows them. Everything defaults to 0, which turns it off.
///
/// What happens to a page depends on the seed, the offset of the page and how many times that page of the
/// same list was asked for before; not on the order in which requests arrive. The counts start again
/// when these rules change, when all tasks are replaced, and with a reset.
#[derive(Args, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[command(next_help_heading = "Disturbances of the lists (0 turns each off)")]
#[serde(default, deny_unknown_fields)]
pub struct Disturbances {
    /// Another seed gives other disturbances of the same tasks. Combined with the tenant's seed.
    #[arg(skip)]
    pub seed: u64,
    /// The most rows of a page, with any limit
    #[arg(long, default_value_t = 0, value_name = "ROWS")]
    pub cap: usize,
    /// Chance that a row is left out of a page; each time the page is asked for, other rows are
    #[arg(long, default_value_t = 0.0, value_name = "CHANCE")]
    pub drop: f64,
    /// Chance that a row is left out of every page; the total counts it, and a GET by id finds it
    #[arg(long, default_value_t = 0.0, value_name = "CHANCE")]
    pub hide: f64,
    /// Gives this many consecutive rows the same `created`; rows with the same one come in another
    /// order in each response
    #[arg(long, default_value_t = 0, value_name = "ROWS")]
    pub shuffle: usize,
    /// The most rows that are modified and move to the front before each response, with any sorter
    #[arg(long, default_value_t = 0, value_name = "ROWS")]
    pub modify: usize,
    /// The most pending tasks that finish before each response
    #[arg(long, default_value_t = 0, value_name = "TASKS")]
    pub end: usize,
    /// Number of running tasks that appear at the front before each response
    #[arg(long, default_value_t = 0, value_name = "TASKS")]
    pub grow: usize,
    /// Chance that the id of a row is a number, and the same for null and for no id
    #[arg(long, default_value = "0", value_name = "CHANCE")]
    pub odd_ids: OddIds,
}

/// Chances, 0 to 1 in total, that the lists give a row another id than its task has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OddIds {
    /// A number, always the same for a row.
    pub number: f64,
    /// Null.
    pub null: f64,
    /// No member `id`.
    pub missing: f64,
}

impl FromStr for OddIds {
    type Err = ParseFloatError;

    /// Reads one chance, which each of the three gets.
    fn from_str(text: &str) -> Result<Self, ParseFloatError> {
        let chance = text.parse()?;
        Ok(Self {
            number: chance,
            null: chance,
            missing: chance,
        })
    }
}
