//! The API's operations and data: the only place that knows its paths, query names and versions.

pub mod model;
mod operation;
mod patch;
mod read;
mod version;

pub(crate) use operation::{LARGEST_PAGE, Request};
pub use operation::{Operation, PendingTasksOptions, TaskStatusListOptions};
pub use patch::JsonPatch;
pub use version::ApiVersion;
