//! What the body of a successful response has to be.

use serde_json::value::RawValue;

use super::task::Task;
use crate::text::brief;

/// What an operation asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// A list of tasks.
    List,
    /// The task with this id.
    Task(String),
    /// The task with this id after a change. The status of the response says that the change was made, so
    /// anything that names no other task will do, such as `{}`.
    ChangedTask(String),
}

impl Content {
    /// What a JSON text is instead; `None` if it is what was asked for. Rows of a list are not looked at.
    pub(crate) fn mismatch(&self, json: &str) -> Option<String> {
        match self {
            Self::List if json.starts_with('[') => None,
            Self::List => Some("JSON that is not a list of tasks".to_owned()),
            Self::ChangedTask(_) if is_nobody(json) => None,
            Self::Task(asked) | Self::ChangedTask(asked) => {
                let found = serde_json::from_str::<Task<'_>>(json)
                    .ok()
                    .and_then(|task| text(task.id?))
                    .filter(|id| !id.is_empty());
                match found {
                    None => Some("JSON that is not a task".to_owned()),
                    Some(found) if is_same_id(&found, asked) => None,
                    Some(found) => Some(format!("the task {:?} instead", brief(&found, LONGEST))),
                }
            }
        }
    }
}

/// The longest id in a message.
const LONGEST: usize = 100;

/// Whether JSON is nothing: null, an empty list, or an object without an id.
fn is_nobody(json: &str) -> bool {
    matches!(json.trim(), "null" | "[]")
        || serde_json::from_str::<Task<'_>>(json).is_ok_and(|task| task.id.is_none())
}

/// An id as text; `None` for null, lists and objects.
fn text(id: &RawValue) -> Option<String> {
    match serde_json::from_str(id.get()).ok()? {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether two ids are the same task's. A tenant may write an id in capitals or with hyphens, as a UUID.
pub(crate) fn is_same_id(found: &str, asked: &str) -> bool {
    let plain = |id: &str| id.trim().replace('-', "").to_lowercase();
    found == asked || plain(found) == plain(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_has_the_id_that_was_asked_for() {
        let task = Content::Task("0a-7".to_owned());
        for json in [r#"{"id":"0a-7"}"#, r#"{"id":"0A7","\ud83d":1}"#] {
            assert_eq!(task.mismatch(json), None, "{json}");
        }
        assert_eq!(
            Content::Task("7".to_owned()).mismatch(r#"{"id":7}"#),
            None,
            "an id that is a number"
        );
        for json in [
            "{}",
            "[]",
            "null",
            "7",
            r#""0a-7""#,
            r#"{"id":null}"#,
            r#"{"id":""}"#,
            r#"{"id":["0a-7"]}"#,
            r#"[{"id":"0a-7"}]"#,
        ] {
            let found = task.mismatch(json);
            assert_eq!(found.as_deref(), Some("JSON that is not a task"), "{json}");
        }
        assert_eq!(
            task.mismatch(r#"{"id":"other"}"#).as_deref(),
            Some(r#"the task "other" instead"#)
        );
    }

    #[test]
    fn a_change_may_be_answered_without_the_task() {
        let task = Content::ChangedTask("7".to_owned());
        for json in [r#"{"id":"7"}"#, "{}", r#"{"message":"OK"}"#, "null", "[]"] {
            assert_eq!(task.mismatch(json), None, "{json}");
        }
        for json in [r#"{"id":null}"#, r#"[{"id":"7"}]"#, "7"] {
            let found = task.mismatch(json);
            assert_eq!(found.as_deref(), Some("JSON that is not a task"), "{json}");
        }
        let found = task.mismatch(r#"{"id":"8"}"#);
        assert_eq!(found.as_deref(), Some(r#"the task "8" instead"#));
    }

    #[test]
    fn a_list_is_a_list() {
        assert_eq!(Content::List.mismatch("[]"), None);
        for json in ["{}", "null", "7"] {
            let found = Content::List.mismatch(json);
            assert_eq!(
                found.as_deref(),
                Some("JSON that is not a list of tasks"),
                "{json}"
            );
        }
    }
}
