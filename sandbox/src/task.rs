//! One task: its JSON as it is served, and the members that the lists need.

use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// A task. `raw` is served byte for byte; the other fields are extracted from it.
#[derive(Debug)]
pub(crate) struct Task {
    /// Position in the lists: creation in ms, then the order of arrival. For a task that was moved to the
    /// front, the time of that instead of its creation.
    pub(crate) key: (i64, i64),
    /// Creation in ms; the least number if the JSON has none.
    pub(crate) created: i64,
    pub(crate) raw: Bytes,
    pub(crate) id: Option<String>,
    /// `target.id`, else `attributes.appId`.
    pub(crate) source_id: Option<String>,
    /// `None` while the task is pending.
    pub(crate) completion_status: Option<String>,
    /// What the filter calls `type`: the definition's name in capitals.
    pub(crate) kind: Option<String>,
}

impl Task {
    /// Reads a task from any JSON text, even an odd one. What it lacks is `None`.
    pub(crate) fn new(raw: Bytes, sequence: i64) -> Self {
        let members = Members::read(&raw);
        let completion_status = members
            .completion_status
            .filter(|value| value.get() != "null")
            .map(|value| text(value).unwrap_or_else(|| value.get().to_owned()));
        let definition = Members::inside(members.task_definition_summary)
            .unique_name
            .and_then(text);
        let kind = definition.or_else(|| {
            let name = members.unique_name.and_then(text)?;
            Some(name.split(" - ").next()?.to_owned())
        });
        let created = members
            .created
            .and_then(text)
            .and_then(|text| text.parse::<Timestamp>().ok())
            .map_or(i64::MIN, Timestamp::as_millisecond);
        let target = Members::inside(members.target).id.and_then(text);
        Self {
            key: (created, sequence),
            created,
            id: members.id.and_then(text),
            source_id: target.or_else(|| Members::inside(members.attributes).app_id.and_then(text)),
            completion_status,
            kind: kind.map(|name| name.to_uppercase().replace(' ', "_")),
            raw,
        }
    }

    /// Whether it has no completion status.
    pub(crate) fn is_pending(&self) -> bool {
        self.completion_status.is_none()
    }

    /// Its JSON as a tree. Fails for texts that only raw JSON can represent, such as lone surrogates.
    pub(crate) fn value(&self) -> serde_json::Result<Value> {
        serde_json::from_slice(&self.raw)
    }
}

/// The members that the lists need, of the task or of an object in it. Not derived, because derived
/// deserializers reject objects with a repeated member; here the last one counts.
#[derive(Default)]
struct Members<'a> {
    id: Option<&'a RawValue>,
    created: Option<&'a RawValue>,
    completion_status: Option<&'a RawValue>,
    unique_name: Option<&'a RawValue>,
    target: Option<&'a RawValue>,
    attributes: Option<&'a RawValue>,
    app_id: Option<&'a RawValue>,
    task_definition_summary: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    Id,
    Created,
    CompletionStatus,
    UniqueName,
    Target,
    Attributes,
    AppId,
    TaskDefinitionSummary,
    #[serde(other)]
    Other,
}

impl<'a> Members<'a> {
    fn read(json: &'a [u8]) -> Self {
        serde_json::from_slice(json).unwrap_or_default()
    }

    fn inside(value: Option<&'a RawValue>) -> Self {
        value.map_or_else(Self::default, |value| Self::read(value.get().as_bytes()))
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members::default();
        while let Some(member) = map.next_key()? {
            let value: &RawValue = map.next_value()?;
            let place = match member {
                Member::Id => &mut members.id,
                Member::Created => &mut members.created,
                Member::CompletionStatus => &mut members.completion_status,
                Member::UniqueName => &mut members.unique_name,
                Member::Target => &mut members.target,
                Member::Attributes => &mut members.attributes,
                Member::AppId => &mut members.app_id,
                Member::TaskDefinitionSummary => &mut members.task_definition_summary,
                Member::Other => continue,
            };
            *place = Some(value);
        }
        Ok(members)
    }
}

fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A date as the API writes it: ISO 8601, UTC, milliseconds.
pub(crate) fn date(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
