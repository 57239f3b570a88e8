//! State that lives as long as the process: clients with the same settings share it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use once_cell::sync::OnceCell;

use crate::error::Error;
use crate::locks::lock;
use crate::secrets::Fingerprint;

/// Beyond this many entries, those that nobody uses are dropped.
const MAX_ENTRIES: usize = 64;

/// Shared values by the fingerprint of the settings they were made from.
pub(crate) struct Registry<T>(Mutex<HashMap<Fingerprint, Entry<T>>>);

/// A value, or the place for one that could not be made yet.
type Entry<T> = Arc<OnceCell<Arc<T>>>;

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Registry<T> {
    /// The value for a key. Only callers with the same key wait while it is made: making one may
    /// take long, and may fail, in which case the next caller tries again.
    pub(crate) fn get_or_make(
        &self,
        key: Fingerprint,
        make: impl FnOnce() -> Result<T, Error>,
    ) -> Result<Arc<T>, Error> {
        let entry = self.entry(key);
        entry.get_or_try_init(|| make().map(Arc::new)).cloned()
    }

    fn entry(&self, key: Fingerprint) -> Entry<T> {
        let mut entries = lock(&self.0);
        if entries.len() >= MAX_ENTRIES && !entries.contains_key(&key) {
            entries.retain(|_, entry| is_used(entry));
        }
        Arc::clone(entries.entry(key).or_default())
    }
}

/// Whether a client holds the value, or a caller is just making it.
fn is_used<T>(entry: &Entry<T>) -> bool {
    Arc::strong_count(entry) > 1
        || entry
            .get()
            .is_some_and(|value| Arc::strong_count(value) > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Fingerprinter;

    fn key(text: &str) -> Fingerprint {
        Fingerprinter::new().add(text).finish()
    }

    #[test]
    fn a_value_that_failed_at_first_is_made_again() {
        let registry = Registry::default();
        let failed = registry.get_or_make(key("a"), || Err::<i32, _>(Error::settings("not yet")));
        assert_eq!(failed.unwrap_err().message(), "not yet");
        assert_eq!(*registry.get_or_make(key("a"), || Ok(1)).unwrap(), 1);
        assert_eq!(*registry.get_or_make(key("a"), || Ok(2)).unwrap(), 1);
    }

    #[test]
    fn making_one_value_does_not_hold_up_another() {
        let registry = Registry::default();
        let outer = registry.get_or_make(key("a"), || {
            registry
                .get_or_make(key("b"), || Ok(1))
                .map(|inner| *inner + 1)
        });
        assert_eq!(*outer.unwrap(), 2);
    }

    #[test]
    fn unused_values_are_dropped_beyond_the_limit() {
        let registry = Registry::default();
        let kept = registry.get_or_make(key("kept"), || Ok(0)).unwrap();
        for number in 0..2 * MAX_ENTRIES {
            drop(registry.get_or_make(key(&number.to_string()), || Ok(number)));
        }
        assert!(lock(&registry.0).len() <= MAX_ENTRIES);
        assert!(Arc::ptr_eq(
            &kept,
            &registry.get_or_make(key("kept"), || Ok(1)).unwrap()
        ));
    }
}
