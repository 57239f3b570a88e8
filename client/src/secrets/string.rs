//! A secret in memory.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::prelude::{BASE64_STANDARD, Engine};
pub(crate) use secrecy::ExposeSecret;

use super::needles::Needles;

/// Shown instead of a secret.
pub(crate) const MASK: &str = "********";

/// A secret text. A clone shares its memory, which is cleared in the end.
#[derive(Clone)]
pub(crate) struct SecretString(Arc<Kept>);

struct Kept {
    text: secrecy::SecretString,
    /// What responses are searched for, made for the first response.
    needles: OnceLock<Needles>,
}

/// What is sent of a user name and password: their base64.
pub(crate) fn basic(user: &str, password: &SecretString) -> SecretString {
    let login = SecretString::from(format!("{user}:{}", password.expose_secret()));
    BASE64_STANDARD.encode(login.expose_secret()).into()
}

impl SecretString {
    pub(super) fn needles(&self) -> &Needles {
        self.0
            .needles
            .get_or_init(|| Needles::of(self.expose_secret()))
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self(Arc::new(Kept {
            text: text.into(),
            needles: OnceLock::new(),
        }))
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl ExposeSecret<str> for SecretString {
    fn expose_secret(&self) -> &str {
        self.0.text.expose_secret()
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}
