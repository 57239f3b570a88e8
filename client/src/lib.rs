//! An async client for the TaskManagement API (V2024) of SailPoint Identity Security Cloud.
//!
//! A [`Client`] has the API's five operations as functions. It fetches a token and keeps it, retries
//! what is worth a retry, waits when the tenant limits the rate of requests, and gives each response
//! with its JSON as the tenant sent it. [`Client::all_task_statuses`] lists page after page,
//! [`Client::wait_for_task_statuses`] waits for tasks to end. [`Settings`] says which tenant is meant
//! and has the table of all settings; [`ErrorKind`] lists what can go wrong.
//!
//! ```text
//! cargo add v2024-task-management
//! cargo add tokio --features macros,rt-multi-thread
//! ```
//!
//! ```no_run
//! use v2024_task_management::{Client, Error, PendingTasksOptions};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     // Reads SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET.
//!     let client = Client::from_environment()?;
//!     let options = PendingTasksOptions { limit: Some(10), count: Some(true), ..Default::default() };
//!     let response = client.get_pending_tasks(options).await?;
//!     println!("{:?} pending, the first of them: {}", response.total_count(), response.text());
//!     Ok(())
//! }
//! ```
//!
//! Every function needs a tokio runtime with time and I/O enabled, as `#[tokio::main]` makes it.
//!
//! The [project's README](https://github.com/v2024-task-management/v2024-task-management#readme)
//! describes the PowerShell module and the C library that stand on this crate, and a sandbox tenant
//! to try it on. [`host`] is what the C library uses.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[cfg(feature = "_benching")]
#[doc(hidden)]
pub mod benching;
mod call;
mod client;
mod error;
pub mod events;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
pub mod host;
mod http;
mod listing;
mod locks;
mod response;
mod secrets;
mod settings;
mod tasks;
mod text;
mod waiting;

pub use client::Client;
pub use error::{Error, ErrorKind};
pub use listing::{Listing, Tasks};
pub use response::{Response, SPARE_CAPACITY};
pub use settings::Settings;
pub use tasks::model::{self, TaskStatus};
pub use tasks::{ApiVersion, JsonPatch, Operation, PendingTasksOptions, TaskStatusListOptions};
pub use waiting::{WaitOptions, WaitResult, Waiting};

/// The version of this crate, from `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The README's Rust program compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
