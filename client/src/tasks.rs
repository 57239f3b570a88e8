//! The API's operations and data: the only place that knows its paths, query names and versions.

mod content;
pub mod model;
mod operation;
mod patch;
mod read;
mod task;
mod version;

pub(crate) use content::is_same_id;
pub(crate) use operation::{LARGEST_PAGE, Request};
pub use operation::{Operation, PendingTasksOptions, TaskStatusListOptions};
pub use patch::JsonPatch;
pub(crate) use task::Task;
pub use version::ApiVersion;
