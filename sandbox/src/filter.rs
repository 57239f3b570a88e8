//! The filters that the task status list accepts: `eq` and `in` on id, sourceId, completionStatus
//! and type, `isnull` on completionStatus, joined by `and`.

use axum::http::StatusCode;
use serde_json::json;

use crate::{errors::ApiError, task::Task};

/// A parsed filter. An empty one matches every task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Filter(Vec<Condition>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Condition {
    field: Field,
    /// `None` means `isnull`.
    values: Option<Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Field {
    Id,
    SourceId,
    CompletionStatus,
    Type,
}

impl Filter {
    /// Parses a filter. Blanks around words are optional; keywords are case-insensitive.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let mut parser = Parser {
            rest: text.trim_start(),
        };
        let mut conditions = Vec::new();
        if parser.rest.is_empty() {
            return Ok(Self(conditions));
        }
        loop {
            conditions.push(parser.condition()?);
            if parser.rest.is_empty() {
                return Ok(Self(conditions));
            }
            let word = parser.word();
            if !word.eq_ignore_ascii_case("and") {
                return Err(parser.wrong(&format!("expected `and`, found `{word}`")));
            }
        }
    }

    /// Whether it matches every task.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it matches a task.
    pub(crate) fn matches(&self, task: &Task) -> bool {
        self.0.iter().all(|condition| condition.matches(task))
    }

    /// The ids that it names, if it has a condition on the id.
    pub(crate) fn ids(&self) -> Option<&[String]> {
        let named = self.0.iter().find(|condition| condition.field == Field::Id);
        named.and_then(|condition| condition.values.as_deref())
    }

    /// Whether it can match only pending tasks.
    pub(crate) fn only_pending(&self) -> bool {
        self.0.iter().any(|condition| condition.values.is_none())
    }
}

impl Condition {
    fn matches(&self, task: &Task) -> bool {
        let actual = match self.field {
            Field::Id => task.id.as_deref(),
            Field::SourceId => task.source_id.as_deref(),
            Field::CompletionStatus => task.completion_status.as_deref(),
            Field::Type => task.kind.as_deref(),
        };
        match (&self.values, actual) {
            (None, actual) => actual.is_none(),
            (Some(_), None) => false,
            // The vendor's example asks for "Success" where tasks say SUCCESS.
            (Some(values), Some(actual)) if self.field == Field::CompletionStatus => values
                .iter()
                .any(|value| value.eq_ignore_ascii_case(actual)),
            (Some(values), Some(actual)) => values.iter().any(|value| value == actual),
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn condition(&mut self) -> Result<Condition, ApiError> {
        let field = match self.word() {
            "id" => Field::Id,
            "sourceId" => Field::SourceId,
            "completionStatus" => Field::CompletionStatus,
            "type" => Field::Type,
            other => {
                return Err(
                    self.wrong(&format!("`{other}` is not a field that can be filtered on"))
                );
            }
        };
        let operator = self.word().to_ascii_lowercase();
        let values = match operator.as_str() {
            "eq" => Some(vec![self.string()?]),
            "in" => Some(self.list()?),
            "isnull" if field == Field::CompletionStatus => None,
            other => {
                return Err(self.wrong(&format!(
                    "the operator `{other}` is not supported on this field"
                )));
            }
        };
        if field == Field::Type {
            for value in values.iter().flatten() {
                known_type(value)?;
            }
        }
        Ok(Condition { field, values })
    }

    fn list(&mut self) -> Result<Vec<String>, ApiError> {
        self.expect('(')?;
        let mut values = vec![self.string()?];
        while self.take(',') {
            values.push(self.string()?);
        }
        self.expect(')')?;
        Ok(values)
    }

    /// A quoted string, in which `\` escapes the next character.
    fn string(&mut self) -> Result<String, ApiError> {
        self.expect('"')?;
        let mut value = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((index, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = self.rest[index + 1..].trim_start();
                    return Ok(value);
                }
                '\\' => match characters.next() {
                    Some((_, escaped)) => value.push(escaped),
                    None => break,
                },
                plain => value.push(plain),
            }
        }
        Err(self.wrong("a quoted value does not end"))
    }

    fn word(&mut self) -> &'a str {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        word
    }

    fn take(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = if wanted == '"' {
                    rest
                } else {
                    rest.trim_start()
                };
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), ApiError> {
        if self.take(wanted) {
            return Ok(());
        }
        Err(self.wrong(&format!("expected `{wanted}`")))
    }

    fn wrong(&self, what: &str) -> ApiError {
        let at: String = self.rest.chars().take(20).collect();
        ApiError::bad_request(format!("Invalid filter: {what}, before \"{at}\"."))
    }
}

/// The filter accepts names of task definitions (`CLOUD_ACCOUNT_AGGREGATION`), not values of the
/// member `type`. A real tenant reports other values with a body that is not an `ErrorResponseDto`.
fn known_type(value: &str) -> Result<(), ApiError> {
    if value.starts_with("CLOUD_") && value.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') {
        return Ok(());
    }
    Err(ApiError::plain(
        StatusCode::BAD_REQUEST,
        json!({"detailMessage": format!("Error converting Enumerated string (type) value ({value})")}),
    ))
}
