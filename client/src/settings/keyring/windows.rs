//! The Credential Manager of Windows.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Error, Result};
use windows_native_keyring_store::Store;

use super::trouble::Trouble;

pub(super) struct Keyring(Arc<Store>);

/// Windows responds at once and asks nobody.
pub(super) fn open(
    _: &dyn Fn(&str) -> Option<String>,
    _: Instant,
) -> std::result::Result<Keyring, Trouble> {
    Store::new().map(Keyring).map_err(|error| reason(&error))
}

impl Keyring {
    pub(super) fn secret(
        &mut self,
        service: &str,
        user: &str,
    ) -> std::result::Result<Option<Vec<u8>>, Trouble> {
        match self.read(service, user) {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(reason(&error)),
        }
    }

    fn read(&self, service: &str, user: &str) -> Result<Vec<u8>> {
        let target = format!("{service}:{user}");
        let modifiers = HashMap::from([("target", target.as_str())]);
        self.0.build(service, user, Some(&modifiers))?.get_secret()
    }
}

fn reason(error: &Error) -> Trouble {
    // The text of other errors may quote what was read.
    Trouble::because(match error {
        Error::NoStorageAccess(cause) | Error::PlatformFailure(cause) => {
            format!("the Credential Manager cannot be read: {cause}")
        }
        _ => "the Credential Manager cannot be read".to_owned(),
    })
}
