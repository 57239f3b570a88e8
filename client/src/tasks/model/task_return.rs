//! What a task returns.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Maybe;

/// Names one result of a task. The result itself is among the task's [`attributes`](super::TaskStatus::attributes),
/// under [`attribute_name`](Self::attribute_name).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct TaskReturnDetails {
    /// The label to show for the result. Some tenants send a `displayLabel` instead, which is then in `unknown`.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub name: Maybe<String>,
    /// The attribute that holds the result.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub attribute_name: Maybe<String>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}
