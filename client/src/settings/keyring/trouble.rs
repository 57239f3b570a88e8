//! Why a keyring cannot be read.

#[derive(Debug)]
pub(super) enum Trouble {
    /// It did not respond in time.
    #[cfg_attr(windows, allow(dead_code, reason = "Windows responds at once"))]
    Late,
    Because(String),
}

impl Trouble {
    pub(super) fn because(reason: impl Into<String>) -> Self {
        Self::Because(reason.into())
    }
}
