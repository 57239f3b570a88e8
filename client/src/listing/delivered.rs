//! What a listing has delivered.

use std::collections::HashSet;
use std::hash::RandomState;

/// How many keys the first set has room for.
const FIRST: usize = 3584;

/// The keys of rows that were delivered.
///
/// Keys have 64 bits, hashed with a secret that no other listing has. Among 100,000 tasks two have
/// the same key, so that one of them is left out, once in 3.7 billion listings.
#[derive(Default)]
pub(super) struct Delivered {
    hasher: RandomState,
    /// Each twice as large as the one before, and all but the last full: a single set would be
    /// there twice whenever it grows.
    sets: Vec<HashSet<u64>>,
}

impl Delivered {
    /// What makes a key of an id.
    pub(super) fn hasher(&self) -> &RandomState {
        &self.hasher
    }

    pub(super) fn contains(&self, key: u64) -> bool {
        self.sets.iter().rev().any(|set| set.contains(&key))
    }

    /// Whether the key is new.
    pub(super) fn insert(&mut self, key: u64) -> bool {
        if self.contains(key) {
            return false;
        }
        match self.sets.last_mut() {
            Some(set) if set.len() < set.capacity() => set.insert(key),
            last => {
                let capacity = last.map_or(FIRST, |set| 2 * set.capacity());
                let mut set = HashSet::with_capacity(capacity);
                set.insert(key);
                self.sets.push(set);
                true
            }
        }
    }
}
