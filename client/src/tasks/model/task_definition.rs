//! The definition a task was started from.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Maybe;

/// The definition of a type of task, from which tasks are started.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct TaskDefinitionSummary {
    /// The id of the definition.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub id: Maybe<String>,
    /// The name of the definition, such as `Cloud Account Aggregation`.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub unique_name: Maybe<String>,
    /// What the definition is for. The specification allows null.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub description: Maybe<String>,
    /// The name of the definition's parent.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub parent_name: Maybe<String>,
    /// The tenant's class that runs such tasks. The specification allows null.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub executor: Maybe<String>,
    /// The parameters that such a task takes, without the values of any one task.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub arguments: Maybe<Map<String, Value>>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}
