//! Which tasks a listing has delivered.

use std::collections::HashSet;
use std::hash::RandomState;

/// The capacity of the first set.
const FIRST: usize = 3584;

/// The keys of the delivered rows.
///
/// A key is a 64-bit hash, seeded at random for each listing. If two tasks had the same key, one
/// would be left out; with 100,000 tasks that happens once in 3.7 billion listings.
#[derive(Default)]
pub(super) struct Delivered {
    hasher: RandomState,
    /// Each has twice the capacity of the previous one, and all but the last are full. A single set
    /// would be in memory twice while it grows.
    sets: Vec<HashSet<u64>>,
}

impl Delivered {
    /// Makes the key of a row.
    pub(super) fn hasher(&self) -> &RandomState {
        &self.hasher
    }

    pub(super) fn contains(&self, key: u64) -> bool {
        self.sets.iter().rev().any(|set| set.contains(&key))
    }

    /// How many keys there are.
    pub(super) fn count(&self) -> u64 {
        self.sets.iter().map(|set| set.len() as u64).sum()
    }

    /// Adds a key. Returns whether it is new.
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
