//! What a task works on.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Maybe;
use super::open_enum::open_enum;

/// What a task works on: a source, an identity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct Target {
    /// The id of the source or identity.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub id: Maybe<String>,
    /// What it is; `type` in JSON. The specification allows null.
    #[doc(alias = "type")]
    #[serde(rename = "type", default, skip_serializing_if = "Maybe::is_missing")]
    pub kind: Maybe<TargetType>,
    /// Its name, such as `Active Directory [source]`.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub name: Maybe<String>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

open_enum! {
    /// What a [`Target`] is.
    TargetType {
        /// A source.
        Application = "APPLICATION",
        /// An identity.
        Identity = "IDENTITY",
    }
}
