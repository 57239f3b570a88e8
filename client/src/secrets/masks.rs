//! Masks secrets that a response repeats.

use std::ops::Range;

use super::escapes::{Escapes, JSON, URL};
use super::json::{self, Kind};
use super::needles::Needles;
use super::string::{MASK, SecretString};

/// The secrets to mask in a response, in any form in which a server may repeat what it received: as they
/// are, escaped as in JSON, encoded as in a URL.
pub(crate) struct Masks<'a>(Vec<&'a Needles>);

impl<'a> Masks<'a> {
    pub(crate) fn of(secrets: impl IntoIterator<Item = &'a SecretString>) -> Self {
        Self(secrets.into_iter().map(SecretString::needles).collect())
    }

    /// The values of headers. A short secret is not masked in them: it might be a number that counts.
    pub(crate) fn headers(&self, headers: &mut [(String, String)]) {
        let long = self.long();
        for (_, value) in headers {
            if let Some(masked) = long.in_text(value) {
                *value = masked;
            }
        }
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
            self.decoded(bytes, JSON, |once| {
                let mut places = self.parts(once);
                places.extend(self.decoded(once, JSON, |twice| self.parts(twice)));
                places.extend(self.decoded(once, URL, |plain| self.parts(plain)));
                places
            })
        } else {
            let mut places = self.parts(bytes);
            places.extend(self.decoded(bytes, URL, |plain| self.parts(plain)));
            places
        };
        masked(content, places)
    }

    /// Any text with secrets masked; `None` if it holds none.
    fn in_text(&self, text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let mut places = self.parts(bytes);
        places.extend(self.decoded(bytes, URL, |plain| self.parts(plain)));
        places.extend(self.decoded(bytes, JSON, |once| self.parts(once)));
        masked(text, places)
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
