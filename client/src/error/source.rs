//! The causes of an error, kept as texts.

use std::error::Error as StdError;
use std::fmt;

use crate::secrets::Masks;
use crate::text::printable;

/// A cause, and the cause of that. Only texts are kept: the types belong to other crates and are
/// not part of this crate's interface.
#[derive(Clone)]
pub(super) struct Source {
    text: String,
    next: Option<Box<Source>>,
}

impl Source {
    pub(super) fn of(cause: &dyn StdError) -> Self {
        Self {
            text: printable(&cause.to_string()).into_owned(),
            next: cause.source().map(|next| Box::new(Self::of(next))),
        }
    }

    pub(super) fn mask(&mut self, masks: &Masks<'_>) {
        masks.words(&mut self.text);
        if let Some(next) = &mut self.next {
            next.mask(masks);
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl StdError for Source {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let next = self.next.as_deref()?;
        Some(next)
    }
}
