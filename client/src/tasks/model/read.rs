//! From JSON to a model, with errors that name the member.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::text::brief;

/// How many characters of a path or of an explanation an error keeps.
const LONGEST: usize = 200;

/// Reads JSON as a model: a [`TaskStatus`](super::TaskStatus), a `Vec<TaskStatus>`, or any type of your own that
/// implements `Deserialize`.
///
/// # Errors
/// When the text is not JSON, when a member has another JSON type than the model says, when a member that the model
/// requires is missing, and when a member appears twice in an object. [`ReadError::path`] says where.
///
/// ```
/// use v2024_task_management::model::{TaskStatus, read};
///
/// let error = read::<TaskStatus>(r#"{ "id": "aa01", "messages": [{ "key": 7 }] }"#).unwrap_err();
/// assert_eq!(error.path(), "messages[0].key");
/// assert!(error.to_string().starts_with("messages[0].key: invalid type: integer `7`, expected a string"));
/// ```
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, ReadError> {
    serde_json::from_str(json).map_err(|error| explain::<T>(json, &error))
}

/// Why JSON cannot be read as a model.
///
/// The message names the member, what was expected and what type was found. It does not repeat text that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    path: String,
    reason: String,
}

impl ReadError {
    /// The member that cannot be read, such as `uniqueName` or `[3].messages[2].key`. A single `.` is the whole JSON
    /// text. For a missing member, or one that appears twice, this is the object, and the message names the member.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "." => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads once more to find the path. Keeping track of the path costs time, so the first reading does not.
fn explain<T: DeserializeOwned>(json: &str, error: &serde_json::Error) -> ReadError {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let (path, reason) = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => (error.path().to_string(), error.inner().to_string()),
        // Only the end is wrong: more text follows.
        Ok(_) => (".".to_owned(), error.to_string()),
    };
    ReadError {
        path: brief(&path, LONGEST),
        reason: brief(&without_text(&reason), LONGEST),
    }
}

/// Leaves out the text that was found: of `invalid type: string "…", expected …`, all but the value stays.
fn without_text(reason: &str) -> String {
    let Some((kind, rest)) = reason.split_once(": string \"") else {
        return reason.to_owned();
    };
    match rest.rsplit_once("\", expected ") {
        Some((_, expected)) => format!("{kind}: string, expected {expected}"),
        None => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::tasks::model::TaskStatus;

    /// The path and the words of the error.
    fn error<T: DeserializeOwned + fmt::Debug>(json: &str) -> (String, String) {
        let error = read::<T>(json).expect_err(json);
        (error.path().to_owned(), error.to_string())
    }

    fn task(json: &str) -> (String, String) {
        error::<TaskStatus>(json)
    }

    #[test]
    fn a_member_of_another_type_is_named() {
        for (json, path, words) in [
            (
                r#"{"id":"a","uniqueName":{"en":"x"}}"#,
                "uniqueName",
                "uniqueName: invalid type: map, expected a string at line 1 column 23",
            ),
            (
                r#"{"id":"a","messages":[{},{},{"key":false}]}"#,
                "messages[2].key",
                "messages[2].key: invalid type: boolean `false`, expected a string at line 1 column 40",
            ),
            (
                r#"{"id":"a","messages":[null]}"#,
                "messages[0]",
                "messages[0]: invalid type: null, expected an object at line 1 column 26",
            ),
            (
                r#"{"id":"a","target":"none"}"#,
                "target",
                "target: invalid type: string, expected an object at line 1 column 25",
            ),
            (
                r#"{"id":"a","target":{"type":[]}}"#,
                "target.type",
                "target.type: invalid type: sequence, expected a string at line 1 column 27",
            ),
            (
                r#"{"id":"a","percentComplete":"50"}"#,
                "percentComplete",
                "percentComplete: invalid type: string, expected a JSON number at line 1 column 32",
            ),
            (
                r#"{"id":"a","attributes":[1]}"#,
                "attributes",
                "attributes: invalid type: sequence, expected a map at line 1 column 23",
            ),
            (
                r#"{"id":7}"#,
                "id",
                "id: invalid type: integer `7`, expected a string at line 1 column 7",
            ),
            (
                r#"{"id":null}"#,
                "id",
                "id: invalid type: null, expected a string at line 1 column 10",
            ),
        ] {
            assert_eq!(task(json), (path.to_owned(), words.to_owned()));
        }
    }

    #[test]
    fn in_a_list_the_row_is_named() {
        let (path, _) =
            error::<Vec<TaskStatus>>(r#"[{"id":"a"},{"id":"b","returns":[{"name":1}]}]"#);
        assert_eq!(path, "[1].returns[0].name");
    }

    #[test]
    fn a_missing_id_and_a_repeated_member_are_named_in_the_message() {
        assert_eq!(
            task("{}"),
            (
                ".".to_owned(),
                "missing field `id` at line 1 column 2".to_owned()
            )
        );
        let (path, words) = task(r#"{"id":"a","progress":"x","progress":"y"}"#);
        assert_eq!(path, ".");
        assert!(
            words.starts_with("duplicate field `progress` at line 1 column "),
            "{words}"
        );
    }

    #[test]
    fn an_array_is_not_a_task() {
        let expected = "invalid type: sequence, expected an object at line 1 column 0";
        assert_eq!(task("[]"), (".".to_owned(), expected.to_owned()));
    }

    #[test]
    fn text_that_is_not_json_is_an_error_with_its_place() {
        let (path, words) = task("");
        assert_eq!(
            (path.as_str(), words.as_str()),
            (".", "EOF while parsing a value at line 1 column 0")
        );
        let (_, words) = task(r#"{"id":"a"} x"#);
        assert_eq!(words, "trailing characters at line 1 column 12");
    }

    /// Rust text cannot hold half a surrogate pair.
    #[test]
    fn half_a_surrogate_pair_is_named() {
        let (path, words) = task(r#"{"id":"a","uniqueName":"x \ud83d"}"#);
        assert_eq!(path, "uniqueName");
        assert!(
            words.starts_with("uniqueName: unexpected end of hex escape at line 1 column "),
            "{words}"
        );
    }

    #[test]
    fn errors_do_not_repeat_text() {
        let text = r#"a long text with \", expected in it "#.repeat(1000);
        let (_, words) = task(&format!(r#"{{"id":"a","target":"{text}"}}"#));
        assert!(
            words.starts_with("target: invalid type: string, expected an object at "),
            "{words}"
        );
    }

    #[test]
    fn errors_stay_short() {
        let key = "é".repeat(10_000);
        let (path, words) = error::<BTreeMap<String, bool>>(&format!(r#"{{"{key}":1}}"#));
        assert_eq!(path, format!("{}…", "é".repeat(200)));
        assert_eq!(
            words,
            format!("{path}: invalid type: integer `1`, expected a boolean at line 1 column 20005")
        );
        let (path, words) = error::<Kind>(&format!(r#""{key}""#));
        assert_eq!((path.as_str(), words.chars().count()), (".", LONGEST + 1));
    }

    #[derive(Debug, serde::Deserialize)]
    enum Kind {}
}
