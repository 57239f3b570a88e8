//! An async client for the TaskManagement API (V2024) of SailPoint Identity Security Cloud: read task
//! statuses, list pending tasks, update a task, wait for tasks to finish.
//!
//! ```text
//! cargo add v2024-task-management
//! cargo add tokio --features macros,rt-multi-thread
//! ```
//!
//! ```no_run
//! use v2024_task_management::{Client, Error, TaskStatus, TaskStatusListOptions};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     // Reads SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET.
//!     let client = Client::from_environment()?;
//!     let newest_failures = TaskStatusListOptions {
//!         filters: Some(r#"completionStatus eq "ERROR""#.into()),
//!         sorters: Some("-created".into()),
//!         limit: Some(10),
//!         ..Default::default()
//!     };
//!     let response = client.get_task_status_list(newest_failures).await?;
//!     for task in response.json::<Vec<TaskStatus>>()? {
//!         println!("{} {}", task.id, task.unique_name.as_deref().unwrap_or("no name"));
//!     }
//!     Ok(())
//! }
//! ```
//!
//! - [`Client`] has one async function for each of the API's five operations. It fetches the token,
//!   retries after temporary failures, and waits while the tenant limits the rate of requests. Each
//!   function needs a tokio runtime with time and I/O enabled, as `#[tokio::main]` makes it.
//! - [`Settings`] has the table of all settings: how to find the tenant, proxy, certificates, timeouts.
//! - [`Response`] is the tenant's response with its JSON as received. [`Response::json`] reads it into
//!   a [`TaskStatus`] of the [`model`], or into a type of your own.
//! - [`Client::all_task_statuses`] and [`Client::all_pending_tasks`] list every page as a [`Listing`],
//!   a stream of pages or of typed tasks.
//! - [`Client::get_task_statuses`] and [`Client::update_task_statuses`] read or update several tasks
//!   at once.
//! - [`Client::wait_for_task_statuses`] waits until tasks finish.
//! - [`Error`] has a message with the tenant's own words and, for usual causes, a hint. [`ErrorKind`]
//!   lists what can go wrong, when, and what to do about it.
//! - [`events`] report what a call does, for logs.
//!
//! The [project's README](https://github.com/v2024-task-management/v2024-task-management#readme)
//! describes the PowerShell module and the C library that are built on this crate, and a sandbox
//! tenant to try it with. [`host`] is for the C library.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[cfg(feature = "_benching")]
#[doc(hidden)]
pub mod benching;
mod call;
mod client;
mod error;
pub mod events;
mod finish;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
pub mod host;
mod http;
mod listing;
mod locks;
mod response;
mod running;
mod secrets;
mod settings;
mod several;
mod tasks;
mod text;
mod waiting;

pub use client::Client;
pub use error::{Error, ErrorKind};
pub use finish::Finish;
pub use listing::{Listing, Tasks};
pub use response::{Response, SPARE_CAPACITY};
pub use settings::{Note, NoteCode, Settings};
pub use several::{TaskResult, TaskResults};
pub use tasks::model::{self, TaskStatus};
pub use tasks::{ApiVersion, JsonPatch, Operation, PendingTasksOptions, TaskStatusListOptions};
pub use waiting::{WaitOptions, WaitResult, Waiting};

/// The version of this crate, from `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The README's Rust program compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
