//! A SailPoint tenant in memory, for the five operations of the V2024 TaskManagement API.
//!
//! It is a real HTTP server on loopback that follows the vendor's OpenAPI document
//! (`sandbox/openapi.json`). Rust tests start it in-process and read the requests it received; the
//! binary `v2024-sandbox` serves the same tenant to any other program, with test controls under
//! `/sandbox/*`.
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options { tasks: 1000, pending: 20, ..Options::default() }).await?;
//! sandbox.fault(Fault { operation: Operation::List, ..Fault::new(Action::status(503)) });
//! // … point a client at sandbox.base_url(), with sandbox.client_id() and sandbox.client_secret() …
//! assert!(sandbox.requests().is_empty());
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod api;
mod churn;
mod control;
mod disturb;
mod errors;
mod exchange;
mod fault;
mod filter;
mod generate;
mod guard;
mod journal;
mod options;
mod progress;
mod query;
mod sandbox;
mod server;
mod shared;
mod task;
mod tenant;
mod tls;
mod token;
mod wording;

pub use fault::{Action, Body, Fault, Operation};
pub use journal::ReceivedRequest;
pub use options::{Churn, Disturbances, OddIds, Options, Rate, Rules};
pub use sandbox::Sandbox;
pub use tls::{Certificate, Tls, TlsVersion};

/// Whether a text is a valid filter of the task status list. For fuzzing the parser.
pub fn is_filter(text: &str) -> bool {
    filter::Filter::parse(text).is_ok()
}
