//! The messages of a task.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Maybe;
use super::open_enum::open_enum;

/// A message that a task left, such as why it failed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct TaskStatusMessage {
    /// How serious it is; `type` in JSON.
    #[doc(alias = "type")]
    #[serde(rename = "type", default, skip_serializing_if = "Maybe::is_missing")]
    pub kind: Maybe<MessageType>,
    /// The message as text in one language. Null where the tenant has no text for the key.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub localized_text: Maybe<LocalizedMessage>,
    /// The key of the message in the tenant's catalogue. Some messages have their whole text as key.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub key: Maybe<String>,
    /// The values for the placeholders of the text. The specification lists texts and objects; tenants also send
    /// numbers and null.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub parameters: Maybe<Vec<Value>>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// The text of a message in one language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[non_exhaustive]
pub struct LocalizedMessage {
    /// The language, such as `en-US`.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub locale: Maybe<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Maybe::is_missing")]
    pub message: Maybe<String>,
    /// Members that the specification does not list, as received.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

open_enum! {
    /// How serious a [`TaskStatusMessage`] is.
    MessageType {
        /// For information.
        Info = "INFO",
        /// A warning.
        Warn = "WARN",
        /// An error.
        Error = "ERROR",
    }
}
