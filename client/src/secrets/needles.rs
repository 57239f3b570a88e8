//! What a text is searched for.

use std::ops::Range;

use memchr::memmem::Finder;

/// A shorter secret could be any word or number, so it is masked only where it is the whole text.
const LONG: usize = 8;

/// What a secret looks like once escapes are decoded.
pub(super) struct Needles {
    /// As it is, and with `+` for blanks as in a form.
    texts: Vec<Finder<'static>>,
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
            texts: texts.iter().map(|text| finder(text)).collect(),
        }
    }

    pub(super) fn is_long(&self) -> bool {
        self.quoted.is_none()
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

    /// Whether a JSON text may hold the secret without an escape.
    pub(super) fn may_be_in(&self, json: &[u8]) -> bool {
        let finders = self.quoted.as_ref().unwrap_or(&self.texts);
        finders.iter().any(|finder| finder.find(json).is_some())
    }
}
