//! State that lives as long as the process: clients with the same settings share it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ring::digest::{Context, SHA256};

use crate::error::Error;
use crate::pace::lock;

/// Entries that nobody uses are dropped beyond this many.
const MOST_ENTRIES: usize = 64;

/// Shared values by the fingerprint of the settings they were made from.
pub(crate) struct Registry<T>(Mutex<HashMap<Fingerprint, Arc<T>>>);

/// A digest of settings, so that no secret is kept as a key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(Vec<u8>);

impl Fingerprint {
    pub(crate) fn of<const N: usize>(parts: [String; N]) -> Self {
        let mut context = Context::new(&SHA256);
        for part in parts {
            // The length keeps "a","bc" apart from "ab","c".
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part.as_bytes());
        }
        Self(context.finish().as_ref().to_vec())
    }
}

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Registry<T> {
    pub(crate) fn get_or_make(
        &self,
        key: &Fingerprint,
        make: impl FnOnce() -> Result<T, Error>,
    ) -> Result<Arc<T>, Error> {
        let mut entries = lock(&self.0);
        if let Some(value) = entries.get(key) {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        if entries.len() >= MOST_ENTRIES {
            entries.retain(|_, value| Arc::strong_count(value) > 1);
        }
        entries.insert(key.clone(), Arc::clone(&value));
        Ok(value)
    }
}
