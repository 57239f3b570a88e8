//! One task: its JSON as it is served, and what the lists need to know of it.

use std::collections::HashMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, value::RawValue};

/// A task. `raw` is served byte for byte; the other fields are read from it.
#[derive(Debug)]
pub(crate) struct Task {
    /// Place in the lists: creation in ms, then the order of arrival.
    pub(crate) key: (i64, i64),
    pub(crate) raw: Bytes,
    pub(crate) id: Option<String>,
    /// `target.id`, else `attributes.appId`.
    pub(crate) source_id: Option<String>,
    /// `None` while the task is pending.
    pub(crate) completion_status: Option<String>,
    /// What the filter calls type: the definition's name in capitals.
    pub(crate) kind: Option<String>,
}

type Members = HashMap<String, Box<RawValue>>;

impl Task {
    /// Reads a task from any JSON text, odd ones too; what can't be found in it is `None`.
    pub(crate) fn new(raw: Bytes, sequence: i64) -> Self {
        let members: Members = serde_json::from_slice(&raw).unwrap_or_default();
        let text = |name: &str| members.get(name).and_then(|value| as_text(value));
        let inner = |name: &str, inner: &str| {
            let value = members.get(name)?;
            serde_json::from_str::<Members>(value.get())
                .ok()?
                .get(inner)
                .and_then(|value| as_text(value))
        };
        let created = text("created")
            .and_then(|text| text.parse::<Timestamp>().ok())
            .map_or(i64::MIN, Timestamp::as_millisecond);
        let completion_status = match members.get("completionStatus").map(|value| value.get()) {
            None | Some("null") => None,
            Some(other) => Some(text("completionStatus").unwrap_or_else(|| other.to_owned())),
        };
        let kind = inner("taskDefinitionSummary", "uniqueName")
            .or_else(|| {
                text("uniqueName")
                    .map(|name| name.split(" - ").next().unwrap_or_default().to_owned())
            })
            .map(|name| name.to_uppercase().replace(' ', "_"));
        Self {
            key: (created, sequence),
            id: text("id"),
            source_id: inner("target", "id").or_else(|| inner("attributes", "appId")),
            completion_status,
            kind,
            raw,
        }
    }

    /// Whether it has no completion status yet.
    pub(crate) fn is_pending(&self) -> bool {
        self.completion_status.is_none()
    }

    /// Its JSON as a tree. Fails for text that only raw JSON can hold, such as lone surrogates.
    pub(crate) fn value(&self) -> serde_json::Result<Value> {
        serde_json::from_slice(&self.raw)
    }
}

fn as_text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A date as the API writes it: ISO 8601, UTC, milliseconds.
pub(crate) fn date(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
