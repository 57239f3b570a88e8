//! Masks secrets that a response repeats.

use std::ops::Range;

use super::escapes::{Escapes, JSON, URL};
use super::json::{self, Kind};
use super::logins;
use super::needles::Needles;
use super::string::{MASK, SecretString};

/// The secrets to mask in a response, in any form in which a server may repeat what it received: as they
/// are, escaped as in JSON, encoded as in a URL.
pub(crate) struct Masks<'a>(Vec<&'a Needles>);

impl<'a> Masks<'a> {
    /// A secret that comes several times is searched for once.
    pub(crate) fn of(secrets: impl IntoIterator<Item = &'a SecretString>) -> Self {
        let mut masks = Self(Vec::new());
        for needles in secrets.into_iter().map(SecretString::needles) {
            if !masks.0.iter().any(|other| std::ptr::eq(*other, needles)) {
                masks.0.push(needles);
            }
        }
        masks
    }

    /// The names and values of headers. A short secret is not masked in them: it might be a number that
    /// counts. The user name and password in an address are masked, whoever they belong to.
    pub(crate) fn headers(&self, headers: &mut [(String, String)]) {
        let long = self.long();
        for (name, value) in headers {
            if let Some(masked) = long.in_name(name) {
                *name = masked;
            }
            if let Some(masked) = long.in_text(value) {
                *value = masked;
            }
            if let Some(masked) = logins::masked(value) {
                *value = masked;
            }
        }
    }

    /// The client's own words, which may quote what a server or a proxy sent. A short secret is not masked
    /// in them.
    pub(crate) fn words(&self, text: &mut String) {
        if let Some(masked) = self.long().in_text(text) {
            *text = masked;
        }
    }

    /// The beginning of a text that is not JSON, without what may be the beginning of a secret at its end.
    pub(crate) fn beginning(&self, text: &str) -> String {
        const FORMS: [&[Escapes]; 5] = [&[], &[URL], &[JSON], &[JSON, JSON], &[JSON, URL]];
        // Each byte of a secret as an escape, and each byte of that again.
        const LONGEST_BYTE: usize = r"\u0000".len() * r"\u0000".len();
        let places = self.places_in_text(text);
        let longest = self.0.iter().map(|needles| needles.length()).max();
        let begun = longest.and_then(|longest| {
            let from = text.len().saturating_sub((longest + 2) * LONGEST_BYTE);
            let end = &text.as_bytes()[from..];
            let begun = FORMS.iter().filter_map(|forms| self.begun(end, forms));
            begun.min().map(|begun| from + begun)
        });
        // A whole secret may end like the beginning of one.
        let ends = places.iter().map(|place| place.end);
        let end = begun.map_or(text.len(), |begun| ends.fold(begun, usize::max));
        let text = &text[..end];
        masked(text, places).unwrap_or_else(|| text.to_owned())
    }

    /// A text that is not JSON.
    pub(crate) fn text(&self, text: String) -> String {
        if let Some(masked) = self.in_text(&text) {
            return masked;
        }
        // A short secret with blanks around it is the whole text too.
        let trimmed = text.trim();
        match self.in_text(trimmed) {
            Some(masked) => text.replacen(trimmed, &masked, 1),
            None => text,
        }
    }

    /// JSON, which stays valid: a part of a string is masked in it, and a number is replaced by a string.
    /// Short secrets are masked in values only.
    pub(crate) fn json(&self, json: String) -> String {
        if !self.may_be_in(&json) {
            return json;
        }
        let long = self.long();
        let mut masked = String::with_capacity(json.len());
        let mut done = 0;
        for (kind, place) in json::scalars(&json) {
            let scalar = &json[place.clone()];
            let replaced = match kind {
                Kind::Text => self.in_string(scalar),
                Kind::Name => long.in_string(scalar),
                Kind::Literal => long.in_text(scalar).map(|_| format!("\"{MASK}\"")),
            };
            if let Some(replaced) = replaced {
                masked.push_str(&json[done..place.start]);
                masked.push_str(&replaced);
                done = place.end;
            }
        }
        masked.push_str(&json[done..]);
        masked
    }

    /// The secrets that are long.
    fn long(&self) -> Self {
        let is_long = |needles: &&&Needles| needles.is_long();
        Self(self.0.iter().filter(is_long).copied().collect())
    }

    /// Whether a JSON text may hold a secret. Decides for nearly every response that it is left as it is.
    fn may_be_in(&self, json: &str) -> bool {
        let bytes = json.as_bytes();
        self.0.iter().any(|needles| needles.may_be_in(bytes))
            || json::escaped(json).any(|content| self.in_string(content).is_some())
    }

    /// The content of a JSON string with secrets masked; `None` if it holds none. An escape stays whole.
    fn in_string(&self, content: &str) -> Option<String> {
        let bytes = content.as_bytes();
        let places = if JSON.are_in(bytes) {
            self.in_escaped(bytes)
        } else {
            let mut places = self.parts(bytes);
            places.extend(self.decoded(bytes, URL, |plain| self.parts(plain)));
            places
        };
        masked(content, places)
    }

    /// Any text with secrets masked; `None` if it holds none.
    fn in_text(&self, text: &str) -> Option<String> {
        masked(text, self.places_in_text(text))
    }

    fn places_in_text(&self, text: &str) -> Vec<Range<usize>> {
        let bytes = text.as_bytes();
        let mut places = self.parts(bytes);
        places.extend(self.decoded(bytes, URL, |plain| self.parts(plain)));
        places.extend(self.in_escaped(bytes));
        places
    }

    /// Where secrets are in what may hold escapes of JSON, perhaps with others within.
    fn in_escaped(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        self.decoded(bytes, JSON, |once| {
            let mut places = self.parts(once);
            places.extend(self.decoded(once, JSON, |twice| self.parts(twice)));
            places.extend(self.decoded(once, URL, |plain| self.parts(plain)));
            places
        })
    }

    /// The name of a header with secrets masked; `None` if it holds none.
    fn in_name(&self, name: &str) -> Option<String> {
        let parts = |bytes: &[u8]| {
            let lower = bytes.to_ascii_lowercase();
            let parts = self
                .0
                .iter()
                .flat_map(|needles| needles.parts_in_lower(&lower));
            parts.collect::<Vec<_>>()
        };
        let mut places = parts(name.as_bytes());
        places.extend(self.decoded(name.as_bytes(), URL, parts));
        masked(name, places)
    }

    /// Where the beginning of a secret stands at the end of some bytes, in these escapes, each within the one
    /// before.
    fn begun(&self, bytes: &[u8], forms: &[Escapes]) -> Option<usize> {
        let Some((escapes, inner)) = forms.split_first() else {
            return self
                .0
                .iter()
                .filter_map(|needles| needles.begun(bytes))
                .min();
        };
        // What looks like a part of an escape may be none.
        let readings = escapes.unfinished(bytes).chain([bytes.len()]);
        let begun = readings.filter_map(|end| {
            let bytes = &bytes[..end];
            let decoded = escapes.decoded(bytes);
            let begun = self.begun(&decoded, inner)?;
            let begun = begun..decoded.len();
            let written = escapes.written(bytes, std::slice::from_ref(&begun));
            written.first().map(|part| part.start)
        });
        begun.chain(escapes.unfinished(bytes)).min()
    }

    /// Where some bytes hold secrets as they are.
    fn parts(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let parts = self.0.iter().flat_map(|needles| needles.parts(bytes));
        parts.collect()
    }

    /// Where secrets are written that `find` finds once escapes are decoded.
    fn decoded(
        &self,
        bytes: &[u8],
        escapes: Escapes,
        find: impl FnOnce(&[u8]) -> Vec<Range<usize>>,
    ) -> Vec<Range<usize>> {
        if !escapes.are_in(bytes) {
            return Vec::new();
        }
        let found = find(&escapes.decoded(bytes));
        escapes.written(bytes, &found)
    }
}

/// The text with these parts masked; `None` without any.
fn masked(text: &str, mut parts: Vec<Range<usize>>) -> Option<String> {
    if parts.is_empty() {
        return None;
    }
    parts.sort_unstable_by_key(|part| part.start);
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for part in parts {
        if part.start >= done {
            masked.push_str(&text[done..part.start]);
            masked.push_str(MASK);
        }
        done = done.max(part.end);
    }
    masked.push_str(&text[done..]);
    Some(masked)
}

#[cfg(test)]
mod tests;
