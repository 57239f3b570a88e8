//! Pointers that C holds but nobody follows.
//!
//! A handle is a number in the shape of a pointer, never used twice. Freeing one twice, or using
//! one after it was freed, is found out instead of corrupting memory; what runs on keeps its own
//! reference.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// The live handles of one kind.
pub(crate) struct Handles<T> {
    live: RwLock<HashMap<usize, Arc<T>>>,
    next: AtomicUsize,
}

impl<T> Handles<T> {
    /// Numbers of different kinds start apart, so that one kind is not taken for the other.
    pub(crate) fn starting_at(first: usize) -> Self {
        Self {
            live: RwLock::default(),
            next: AtomicUsize::new(first),
        }
    }

    pub(crate) fn add<P>(&self, value: T) -> *mut P {
        // Steps of 16 look aligned to whoever inspects the pointer.
        let number = self.next.fetch_add(16, Ordering::Relaxed);
        self.live
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, Arc::new(value));
        std::ptr::without_provenance_mut(number)
    }

    pub(crate) fn get<P>(&self, handle: *const P) -> Option<Arc<T>> {
        self.live
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&handle.addr())
            .cloned()
    }

    pub(crate) fn remove<P>(&self, handle: *const P) -> Option<Arc<T>> {
        self.live
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&handle.addr())
    }
}
