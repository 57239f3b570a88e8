//! The rows of a page: where each is in the body, and the key that identifies it.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::ops::Range;
use std::time::SystemTime;

use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::value::RawValue;

use crate::tasks::model::{Date, Maybe};

/// A row of a page.
pub(crate) struct Row {
    place: Range<usize>,
    /// The hash of its id, or of its whole text if it has no id.
    pub key: u64,
}

impl Row {
    /// When the task was created, read from the body that the row is in.
    pub(super) fn created(&self, body: &str) -> Option<SystemTime> {
        let task: Created = serde_json::from_str(&body[self.place.clone()]).ok()?;
        task.created.value()?.timestamp()?.try_into().ok()
    }
}

/// An id may be of any JSON type, but null.
#[derive(Deserialize)]
struct Identified<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Created {
    #[serde(default)]
    created: Maybe<Date>,
}

/// The rows of a body, which must be JSON; `None` if it is not an array.
pub(crate) fn rows(body: &str, hasher: &impl BuildHasher) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    let mut rest = body.trim_start().strip_prefix('[')?.trim_start();
    while !rest.starts_with(']') {
        let (id, length) = first(rest)?;
        let start = body.len() - rest.len();
        let text = &rest[..length];
        rows.push(Row {
            place: start..start + length,
            key: match id {
                Some(id) => hasher.hash_one(id),
                None => hasher.hash_one(text),
            },
        });
        rest = rest[length..].trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(rows)
}

/// The text from the next row on; `None` at the end. The text is an array, or its rest after a row.
pub(super) fn from_next(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let text = text.strip_prefix(['[', ',']).unwrap_or(text).trim_start();
    (!text.starts_with(']')).then_some(text)
}

/// The id (if any) and the length of the value at the start of a text. The id of a text is the text,
/// any other id its JSON.
pub(super) fn first(text: &str) -> Option<(Option<Cow<'_, str>>, usize)> {
    let mut tasks = Deserializer::from_str(text).into_iter::<Identified<'_>>();
    if let Some(Ok(task)) = tasks.next() {
        let id = task.id.map(RawValue::get).filter(|id| *id != "null");
        return Some((id.map(plain), tasks.byte_offset()));
    }
    let mut values = Deserializer::from_str(text).into_iter::<&RawValue>();
    let value = values.next()?.ok()?;
    Some((None, value.get().len()))
}

/// A text without its quotes and escapes; other JSON as it is.
fn plain(json: &str) -> Cow<'_, str> {
    match json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(text) if !text.contains('\\') => Cow::Borrowed(text),
        Some(_) => serde_json::from_str(json).map_or(Cow::Borrowed(json), Cow::Owned),
        None => Cow::Borrowed(json),
    }
}

/// The body reduced to some of its rows. Reuses its memory, because it may be large.
pub(crate) fn only(rows: &[Row], mut body: String) -> String {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return "[]".to_owned();
    };
    // From the end, so that the places of earlier rows stay valid.
    body.truncate(last.place.end);
    body.push(']');
    for pair in rows.windows(2).rev() {
        let between = pair[0].place.end..pair[1].place.start;
        if body[between.clone()].trim() != "," {
            body.replace_range(between, ",");
        }
    }
    body.replace_range(..first.place.start, "[");
    body
}

#[cfg(test)]
mod tests {
    use std::hash::RandomState;

    use super::*;

    #[test]
    fn a_row_is_identified_by_its_id_or_else_by_its_text() {
        let body = r#"[ {"a":{"id":"x"},"id":"ü"} , {"id":"\u00fc"},
            {"id":null},{"id":1},{"id":"a","id":"b"},{"x":1} ,5,"ü",[], null ]"#;
        let hasher = RandomState::new();
        let texts = [
            "ü",
            "ü",
            r#"{"id":null}"#,
            "1",
            r#"{"id":"a","id":"b"}"#,
            r#"{"x":1}"#,
            "5",
            r#""ü""#,
            "[]",
            "null",
        ];
        let keys: Vec<u64> = rows(body, &hasher)
            .unwrap()
            .iter()
            .map(|row| row.key)
            .collect();
        assert_eq!(keys, texts.map(|text| hasher.hash_one(text)));
        assert!(rows(r#"{"id":"x"}"#, &hasher).is_none());
        assert!(rows("[]", &hasher).unwrap().is_empty());
    }

    #[test]
    fn a_body_is_reduced_to_some_rows() {
        let body = " [ {\"n\":1} , {\"n\":\"ü\"},{\"n\":3}\n,4 ]";
        let only = |kept: &[usize]| {
            let mut index = 0;
            let mut rows = rows(body, &RandomState::new()).unwrap();
            rows.retain(|_| {
                index += 1;
                kept.contains(&index)
            });
            super::only(&rows, body.to_owned())
        };
        assert_eq!(only(&[]), "[]");
        assert_eq!(only(&[1]), r#"[{"n":1}]"#);
        assert_eq!(only(&[2, 4]), r#"[{"n":"ü"},4]"#);
        assert_eq!(only(&[3, 4]), "[{\"n\":3}\n,4]");
        assert_eq!(
            only(&[1, 2, 3, 4]),
            "[{\"n\":1} , {\"n\":\"ü\"},{\"n\":3}\n,4]"
        );
    }
}
