//! A date of a task.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A date as the tenant sent it.
///
/// The API's specification says that dates are RFC 3339 text such as `2025-01-02T03:04:05.006Z`. Tenants also send
/// dates without seconds or without an offset, empty text, and numbers. None of them is an error: a text that states a
/// point in time is an `Instant`, everything else is kept as `Other`.
///
/// ```
/// use v2024_task_management::model::Date;
///
/// let date = Date::from("2025-01-02T03:04Z");
/// assert_eq!(date.timestamp().map(|at| at.as_second()), Some(1_735_787_040));
/// assert_eq!(date.to_string(), "2025-01-02T03:04Z");
///
/// // Without an offset, the point in time is unknown.
/// assert_eq!(Date::from("2025-01-02T03:04:05").timestamp(), None);
/// ```
///
/// Two dates are equal when they are written the same way. To ask whether they are the same point in time, compare
/// their [`timestamp`](Date::timestamp)s.
#[derive(Debug, Clone, PartialEq)]
pub enum Date {
    /// A point in time. Code outside this crate builds one from a text or a [`Timestamp`].
    #[non_exhaustive]
    Instant {
        /// The point in time.
        timestamp: Timestamp,
        /// The text the tenant sent.
        text: String,
    },
    /// Anything else: a text without an offset, an empty text, a number.
    Other(Value),
}

impl Date {
    /// The point in time, or `None` for any `Other` date.
    pub const fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Instant { timestamp, .. } => Some(*timestamp),
            Self::Other(_) => None,
        }
    }
}

impl From<Timestamp> for Date {
    fn from(timestamp: Timestamp) -> Self {
        Self::Instant {
            timestamp,
            text: timestamp.to_string(),
        }
    }
}

impl From<String> for Date {
    fn from(text: String) -> Self {
        match text.parse() {
            Ok(timestamp) => Self::Instant { timestamp, text },
            Err(_) => Self::Other(Value::String(text)),
        }
    }
}

impl From<&str> for Date {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Value> for Date {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => text.into(),
            other => Self::Other(other),
        }
    }
}

/// The date as the tenant wrote it: text as it is, anything else as JSON.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant { text, .. } | Self::Other(Value::String(text)) => f.pad(text),
            Self::Other(other) => other.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Instant { text, .. } => serializer.serialize_str(text),
            Self::Other(other) => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The milliseconds since 1970 of each date, and the date again as JSON.
    fn read(written: Value) -> (Option<i64>, Value) {
        let date: Date = serde_json::from_value(written).expect("no date fails");
        let milliseconds = date.timestamp().map(Timestamp::as_millisecond);
        (
            milliseconds,
            serde_json::to_value(date).expect("a date can be written"),
        )
    }

    #[test]
    fn text_with_an_offset_is_an_instant_and_keeps_its_form() {
        for (written, milliseconds) in [
            ("2020-07-11T21:23:15.000Z", 1_594_502_595_000),
            ("2020-07-11T21:23:15Z", 1_594_502_595_000),
            ("2020-07-11T23:23:15.250+02:00", 1_594_502_595_250),
            ("2024-05-17 19:33:16.470000+00:00", 1_715_974_396_470),
            ("2025-01-02T03:04Z", 1_735_787_040_000),
        ] {
            assert_eq!(read(json!(written)), (Some(milliseconds), json!(written)));
        }
    }

    #[test]
    fn c28_anything_else_is_kept_as_it_is() {
        for written in [
            json!("2025-01-02T03:04:05.123456789"),
            json!(""),
            json!("yesterday"),
            json!("2025-02-30T03:04:05Z"),
            json!(1_714_574_212_775_i64),
            json!(1.5),
            json!(true),
            json!({ "epoch": [1] }),
        ] {
            assert_eq!(read(written.clone()), (None, written));
        }
    }

    #[test]
    fn prints_as_written() {
        assert_eq!(
            Date::from("2020-07-11T21:23:15.000Z").to_string(),
            "2020-07-11T21:23:15.000Z"
        );
        assert_eq!(Date::from("yesterday").to_string(), "yesterday");
        assert_eq!(
            Date::from(json!(1_714_574_212_775_i64)).to_string(),
            "1714574212775"
        );
        assert_eq!(
            Date::from(Timestamp::UNIX_EPOCH).to_string(),
            "1970-01-01T00:00:00Z"
        );
    }

    #[test]
    fn compares_by_text_and_by_instant() {
        let (short, long) = (
            Date::from("2020-07-11T21:23:15Z"),
            Date::from("2020-07-11T21:23:15.000Z"),
        );
        assert_ne!(short, long);
        assert_eq!(short.timestamp(), long.timestamp());
    }
}
