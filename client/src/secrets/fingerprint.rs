//! Digests of settings: keys with which secrets are compared and need not be kept.

use ring::digest::{Context, SHA256};

use super::string::{ExposeSecret, SecretString};

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
