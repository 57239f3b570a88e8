//! A native client for SailPoint's V2024 TaskManagement API.
//!
//! The five operations as async functions of a [`Client`]; the same ones stand behind the C ABI
//! of `include/v2024_task_management.h` and the PowerShell module `V2024TaskManagement`.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! # let sandbox = v2024_sandbox::Sandbox::start(v2024_sandbox::Options { tasks: 20, pending: 3, ..Default::default() }).await?;
//! # let settings = sandbox.settings().to_string();
//! use v2024_task_management::{Client, PendingTasksOptions, Settings};
//!
//! // Client::from_environment() reads SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET.
//! let client = Client::new(Settings::from_json(&settings)?)?;
//! let answer = client
//!     .get_pending_tasks(PendingTasksOptions { limit: Some(2), count: Some(true), ..Default::default() })
//!     .await?;
//! let tasks: Vec<serde_json::Value> = answer.json()?;
//! assert_eq!((tasks.len(), answer.total_count()), (2, Some(3)));
//! # Ok(())
//! # })
//! # }
//! ```

#![deny(missing_docs)]

mod answer;
#[cfg(feature = "_benching")]
#[doc(hidden)]
pub mod benching;
mod client;
mod envelope;
mod error;
mod explain;
mod ffi;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
mod listing;
mod pace;
mod registry;
mod retry;
mod settings;
mod tasks;
mod token;
mod transport;
mod waiting;
mod watch;

pub use answer::Answer;
pub use client::Client;
pub use error::{Error, ErrorKind};
pub use listing::Listing;
pub use settings::Settings;
pub use tasks::{ApiVersion, JsonPatch, PendingTasksOptions, TaskStatusListOptions};
pub use waiting::{Ended, WaitOptions, Waiting};

/// The version of this library, from `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The README's Rust program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
