//! A task as far as the client itself needs it, read as leniently as the tenant may write it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of a task that matter here, each as its JSON. A name that was cut in the middle of a
/// character, or a member that comes twice, says nothing about whether the task has ended.
#[derive(Default)]
pub(crate) struct Task<'a> {
    pub(super) id: Option<&'a RawValue>,
    name: Option<&'a RawValue>,
    completed: Option<&'a RawValue>,
    completion_status: Option<&'a RawValue>,
    percent_complete: Option<&'a RawValue>,
}

impl Task<'_> {
    pub(crate) fn id(&self) -> Option<String> {
        serde_json::from_str(self.id?.get()).ok()
    }

    pub(crate) fn name(&self) -> Option<String> {
        let json = self.name?.get();
        let text = json.strip_prefix('"')?.strip_suffix('"')?;
        Some(serde_json::from_str(json).unwrap_or_else(|_| text.to_owned()))
    }

    pub(crate) fn percent_complete(&self) -> Option<f64> {
        serde_json::from_str(self.percent_complete?.get()).ok()
    }

    /// The tenant sets `completed` a moment before `completionStatus`, so only both mean the end.
    pub(crate) fn is_finished(&self) -> bool {
        let is_set = |member: Option<&RawValue>| {
            member.is_some_and(|json| !matches!(json.get(), "null" | "\"\""))
        };
        is_set(self.completed) && is_set(self.completion_status)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Task<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Task<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a task")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Task<'de>, A::Error> {
        let mut task = Task::default();
        while let Some(member) = members.next_key()? {
            let place = match member {
                Member::Id => &mut task.id,
                Member::UniqueName => &mut task.name,
                Member::Completed => &mut task.completed,
                Member::CompletionStatus => &mut task.completion_status,
                Member::PercentComplete => &mut task.percent_complete,
                Member::Other => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            // The last one counts, as in most readers.
            *place = Some(members.next_value()?);
        }
        Ok(task)
    }
}

/// A member, by its name.
enum Member {
    Id,
    UniqueName,
    Completed,
    CompletionStatus,
    PercentComplete,
    Other,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Member;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_bytes<E>(self, name: &[u8]) -> Result<Member, E> {
                Ok(match name {
                    b"id" => Member::Id,
                    b"uniqueName" => Member::UniqueName,
                    b"completed" => Member::Completed,
                    b"completionStatus" => Member::CompletionStatus,
                    b"percentComplete" => Member::PercentComplete,
                    _ => Member::Other,
                })
            }
        }

        // As bytes: half of a surrogate pair is no text.
        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c44_odd_names_and_repeated_members_do_not_hide_the_end() {
        let read = |json: &'static str| serde_json::from_str::<Task<'_>>(json).unwrap();
        let task = read(concat!(
            r#"{"id":"x","uniqueName":"x \ud83d","completed":"now","completed":"later","#,
            r#""\ud83d":1,"completionStatus":"SUCCESS"}"#
        ));
        assert!(task.is_finished());
        assert_eq!(task.id().as_deref(), Some("x"));
        assert_eq!(task.name().as_deref(), Some(r"x \ud83d"));
        let task = read(r#"{"completed":"now","completionStatus":null,"percentComplete":7}"#);
        assert!(!task.is_finished());
        assert_eq!((task.id(), task.percent_complete()), (None, Some(7.0)));
    }
}
