//! Why a keyring cannot be read.

#[derive(Debug, PartialEq)]
pub(super) enum Trouble {
    /// It did not respond in time.
    #[cfg_attr(windows, allow(dead_code, reason = "Windows responds at once"))]
    Late,
    /// An entry is damaged.
    #[cfg_attr(
        not(any(target_vendor = "apple", all(test, unix))),
        allow(dead_code, reason = "elsewhere, entries are plain bytes")
    )]
    Entry(String),
    Because(String),
}

impl Trouble {
    pub(super) fn because(reason: impl Into<String>) -> Self {
        Self::Because(reason.into())
    }
}
