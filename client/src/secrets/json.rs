//! The scalars in a JSON text.

use std::ops::Range;

use memchr::{memchr2, memrchr};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    /// A string that is a value.
    Text,
    /// A number, true, false or null.
    Literal,
}

/// The scalars of a valid JSON text, in their order. Strings come without their quotes.
pub(super) fn scalars(json: &str) -> impl Iterator<Item = (Kind, Range<usize>)> {
    let bytes = json.as_bytes();
    let is_between = |byte: &u8| b" \t\r\n[]{},:".contains(byte);
    let mut at = 0;
    std::iter::from_fn(move || {
        at += bytes[at..].iter().position(|byte| !is_between(byte))?;
        if bytes[at] == b'"' {
            let content = at + 1..end_of_string(json, at + 1);
            at = content.end + 1;
            let mut after = bytes.get(at..)?.iter();
            let next = after.find(|byte| !byte.is_ascii_whitespace());
            let is_name = next == Some(&b':');
            return Some((if is_name { Kind::Name } else { Kind::Text }, content));
        }
        let length = bytes[at..].iter().position(is_between);
        let literal = at..length.map_or(bytes.len(), |length| at + length);
        at = literal.end;
        Some((Kind::Literal, literal))
    })
}

/// The strings with an escape, of JSON or of a URL. Few have one, so these are found without a look at
/// the others.
pub(super) fn escaped(json: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let escape = at + memchr2(b'\\', b'%', json.as_bytes().get(at..)?)?;
        // No escape comes before this one in its string, so the next quote before it begins the string.
        let start = memrchr(b'"', &json.as_bytes()[..escape])? + 1;
        let end = end_of_string(json, escape);
        at = end + 1;
        json.get(start..end)
    })
}

/// The place of the quote that ends a string, from a place within it.
fn end_of_string(json: &str, mut at: usize) -> usize {
    let bytes = json.as_bytes();
    loop {
        match bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            Some(distance) if bytes[at + distance] == b'"' => return at + distance,
            Some(distance) => at += distance + 2,
            None => return bytes.len(),
        }
    }
}
