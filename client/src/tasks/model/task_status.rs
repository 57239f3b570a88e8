//! The status of a task.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::open_enum::open_enum;
use super::{Date, Maybe, Target, TaskDefinitionSummary, TaskReturnDetails, TaskStatusMessage};

/// Details and current status of a task: what the operations get, list and update return.
///
/// The specification requires every member except `target` and `taskDefinitionSummary`. Tenants also leave out
/// others, so only the id is required here: a task without it cannot be addressed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct TaskStatus {
    /// The id of the task. A task without one is a [`ReadError`](super::ReadError).
    pub id: String,
    /// How the tenant runs the task; `type` in JSON.
    ///
    /// Filters use other names: they take types such as `CLOUD_ACCOUNT_AGGREGATION`.
    #[doc(alias = "type")]
    #[serde(rename = "type", default, skip_serializing_if = "Maybe::is_missing")]
    pub kind: Maybe<TaskType>,
    /// The name of the task.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub unique_name: Maybe<String>,
    /// What the task is for; often an empty text.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub description: Maybe<String>,
    /// The name of the task's parent; null for a task without one.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub parent_name: Maybe<String>,
    /// Who or what started the task.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub launcher: Maybe<String>,
    /// What the task works on. Null or missing for a task without a target.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub target: Maybe<Target>,
    /// When the task was created.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub created: Maybe<Date>,
    /// When the task was last changed; null if it was not.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub modified: Maybe<Date>,
    /// When the task started to run; null before.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub launched: Maybe<Date>,
    /// When the task ended; null before. The tenant may set this a little earlier than the completion status.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub completed: Maybe<Date>,
    /// How the task ended; null for a pending task.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub completion_status: Maybe<CompletionStatus>,
    /// The messages that the task left, in order.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub messages: Maybe<Vec<TaskStatusMessage>>,
    /// Which of the attributes are the task's results.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub returns: Maybe<Vec<TaskReturnDetails>>,
    /// The attributes of the task, which depend on what it does: numbers, texts, objects.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub attributes: Maybe<Map<String, Value>>,
    /// What the task is doing, in words; null if it does not say.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub progress: Maybe<String>,
    /// How much of the task is done, in percent. The specification has an integer; a fraction is kept too.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub percent_complete: Maybe<Number>,
    /// The definition the task was started from. Missing for a task without a definition.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub task_definition_summary: Maybe<TaskDefinitionSummary>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

open_enum! {
    /// How the tenant runs a task.
    TaskType {
        /// By the Quartz scheduler.
        Quartz = "QUARTZ",
        /// As a QPOC task. The specification does not explain the name.
        Qpoc = "QPOC",
        /// From a queue.
        QueuedTask = "QUEUED_TASK",
    }
}

open_enum! {
    /// How a task ended.
    ///
    /// The tenant returns what an update wrote: a task that was cleared with `Error` has the status `Other("Error")`.
    CompletionStatus {
        /// It succeeded.
        Success = "SUCCESS",
        /// It ended with warnings.
        Warning = "WARNING",
        /// It failed.
        Error = "ERROR",
        /// It was stopped.
        Terminated = "TERMINATED",
        /// It failed with an error that may be temporary.
        TempError = "TEMPERROR",
    }
}
