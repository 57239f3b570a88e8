//! What a text is searched for.

use std::ops::Range;

use memchr::memmem::Finder;

/// A shorter secret could be any word or number, so it is masked only where it is the whole text.
const LONG: usize = 8;

/// What a secret looks like once escapes are decoded.
pub(super) struct Needles {
    /// As it is, and with `+` for blanks as in a form.
    texts: Vec<Finder<'static>>,
    /// The texts in lower case, as names of headers are.
    lower: Vec<Finder<'static>>,
    /// The same in quotes, if the secret is short.
    quoted: Option<Vec<Finder<'static>>>,
}

impl Needles {
    pub(super) fn of(secret: &str) -> Self {
        let mut texts = vec![secret.to_owned()];
        if secret.contains(' ') {
            texts.push(secret.replace(' ', "+"));
        }
        texts.retain(|text| !text.is_empty());
        let finder = |text: &str| Finder::new(text).into_owned();
        let is_short = secret.chars().count() < LONG;
        Self {
            quoted: is_short.then(|| {
                let quoted = texts.iter().map(|text| finder(&format!("\"{text}\"")));
                quoted.collect()
            }),
            lower: texts
                .iter()
                .map(|text| finder(&text.to_ascii_lowercase()))
                .collect(),
            texts: texts.iter().map(|text| finder(text)).collect(),
        }
    }

    pub(super) fn is_long(&self) -> bool {
        self.quoted.is_none()
    }

    /// The length in bytes.
    pub(super) fn length(&self) -> usize {
        self.texts.first().map_or(0, |finder| finder.needle().len())
    }

    /// Where a text holds the secret.
    pub(super) fn parts<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Range<usize>> + 'a {
        self.texts
            .iter()
            .filter(move |finder| self.is_long() || finder.needle() == text)
            .flat_map(move |finder| {
                let length = finder.needle().len();
                finder.find_iter(text).map(move |at| at..at + length)
            })
    }

    /// Where a text in lower case holds the secret, if that is long.
    pub(super) fn parts_in_lower<'a>(
        &'a self,
        text: &'a [u8],
    ) -> impl Iterator<Item = Range<usize>> + 'a {
        let finders = self.lower.iter().filter(|_| self.is_long());
        finders.flat_map(move |finder| {
            let length = finder.needle().len();
            finder.find_iter(text).map(move |at| at..at + length)
        })
    }

    /// Where the beginning of the secret stands at the end of a text, if the secret is long.
    pub(super) fn begun(&self, text: &[u8]) -> Option<usize> {
        let texts = self.texts.iter().filter(|_| self.is_long());
        let begun = texts.filter_map(|finder| {
            let first = (text.len() + 1).saturating_sub(finder.needle().len());
            (first..text.len()).find(|at| finder.needle().starts_with(&text[*at..]))
        });
        begun.min()
    }

    /// Whether a JSON text may hold the secret without an escape.
    pub(super) fn may_be_in(&self, json: &[u8]) -> bool {
        let finders = self.quoted.as_ref().unwrap_or(&self.texts);
        finders.iter().any(|finder| finder.find(json).is_some())
    }
}
