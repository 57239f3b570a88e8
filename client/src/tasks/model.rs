//! Typed models of what the tenant sends.
//!
//! A [`Response`](crate::Response) always holds the tenant's JSON. These types are a second way to look at it:
//! [`Response::json`](crate::Response::json) reads it as a [`TaskStatus`], or as a `Vec<TaskStatus>` for a list, and
//! [`Listing::tasks`](crate::Listing::tasks) reads each task of a listing. [`read()`] does the same for any JSON text.
//!
//! ```
//! use v2024_task_management::model::{CompletionStatus, TaskStatus, read};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let json = r#"{
//!     "id": "aa01",
//!     "uniqueName": "Cloud Account Aggregation [0001]",
//!     "created": "2025-01-02T03:04:05.006Z",
//!     "completionStatus": "ERROR",
//!     "messages": [{ "type": "ERROR", "key": "connection refused" }]
//! }"#;
//! let task: TaskStatus = read(json)?;
//!
//! if task.completion_status.value() == Some(&CompletionStatus::Error) {
//!     for message in &task.messages {
//!         println!("{}: {}", task.id, message.key.as_deref().unwrap_or("no key"));
//!     }
//! }
//! # assert_eq!(task.messages.iter().count(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! Nothing that the tenant sent is lost. Serializing a model writes the same JSON value again; only the order of
//! members may differ:
//!
//! - Every member but [`TaskStatus::id`] may be missing or null. [`Maybe`] keeps the two apart.
//! - Members that the API's specification does not list are in the `unknown` map of their object.
//! - Names that the specification does not list, such as a new task type, are in the `Other` variant of their enum.
//! - A [`Date`] keeps what was sent, even when it is not a valid date.
//!
//! A member of another JSON type than the specification gives it, such as an object as `uniqueName`, is an error
//! that names the member.
//!
//! The structs can grow, so code outside this crate starts from `default()` to build one, for example in a test:
//!
//! ```
//! use v2024_task_management::model::{Maybe, TaskStatus};
//!
//! let mut task = TaskStatus::default();
//! task.id = "aa01".to_owned();
//! task.completion_status = Maybe::Null;
//! task.percent_complete = Maybe::Value(50.into());
//! ```

mod date;
mod error_response;
mod maybe;
mod message;
mod open_enum;
mod read;
mod target;
mod task_definition;
mod task_return;
mod task_status;

#[cfg(test)]
mod tests;

pub use date::Date;
pub use error_response::{ErrorMessage, ErrorResponse, LocaleOrigin};
pub use maybe::Maybe;
pub use message::{LocalizedMessage, MessageType, TaskStatusMessage};
pub use read::{ReadError, read};
pub use target::{Target, TargetType};
pub use task_definition::TaskDefinitionSummary;
pub use task_return::TaskReturnDetails;
pub use task_status::{CompletionStatus, TaskStatus, TaskType};
