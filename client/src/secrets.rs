//! How secrets are kept, masked, compared and sealed. No other module does any of this. Which settings are
//! secret is in `settings/table.rs`.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::digest::{Context, SHA256};

pub(crate) mod sealed;

pub(crate) use secrecy::{ExposeSecret, SecretString};

/// Shown instead of a secret.
pub(crate) const MASK: &str = "********";

/// The texts to mask in a response that may repeat a secret: the secret itself, percent-encoded as
/// in a form, and escaped as in JSON.
pub(crate) struct Masks([String; 3]);

impl Masks {
    pub(crate) fn of(secret: &SecretString) -> Self {
        let secret = secret.expose_secret();
        let quoted = serde_json::Value::from(secret).to_string();
        Self([
            secret.to_owned(),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            quoted.trim_matches('"').to_owned(),
        ])
    }

    /// The text with every form of the secret masked.
    pub(crate) fn mask(&self, text: &str) -> String {
        self.0
            .iter()
            .filter(|secret| !secret.is_empty())
            .fold(text.to_owned(), |text, secret| {
                text.replace(secret.as_str(), MASK)
            })
    }
}

/// A digest of settings, used as a key so that no secret has to be kept for comparison.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(Vec<u8>);

/// Builds a [`Fingerprint`] part by part.
pub(crate) struct Fingerprinter(Context);

impl Fingerprinter {
    pub(crate) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(crate) fn add(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        // The length distinguishes "a", "bc" from "ab", "c".
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    /// Adds a secret, or a marker that there is none.
    pub(crate) fn add_secret(self, secret: Option<&SecretString>) -> Self {
        match secret {
            Some(secret) => self.add("secret").add(secret.expose_secret()),
            None => self.add("none"),
        }
    }

    /// Adds a user name and password, or a marker that there are none.
    pub(crate) fn add_login(self, login: Option<&(String, SecretString)>) -> Self {
        match login {
            Some((user, password)) => self.add(user).add_secret(Some(password)),
            None => self.add_secret(None),
        }
    }

    pub(crate) fn finish(self) -> Fingerprint {
        Fingerprint(self.0.finish().as_ref().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_is_masked() {
        let masks = Masks::of(&SecretString::from(r#"a"b c"#));
        let text = r#"plain a"b c, form a%22b%20c, JSON a\"b c"#;
        assert_eq!(
            masks.mask(text),
            "plain ********, form ********, JSON ********"
        );
        assert_eq!(Masks::of(&SecretString::from("")).mask("text"), "text");
    }

    #[test]
    fn the_split_into_parts_matters() {
        let print = |parts: &[&str]| {
            parts
                .iter()
                .fold(Fingerprinter::new(), |print, part| print.add(part))
                .finish()
        };
        assert!(print(&["a", "bc"]) != print(&["ab", "c"]));
        assert!(print(&["a", "bc"]) == print(&["a", "bc"]));
    }
}
