//! Pointers that C holds and only this library resolves.
//!
//! A handle is a number in the shape of a pointer, never used twice. Freeing one twice, or using one
//! after it was freed, is recognized instead of corrupting memory. A call that still runs keeps its own
//! reference to what the handle stands for.

use std::collections::HashMap;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::process;

/// The live handles of one kind.
///
/// A forked child starts without any: a thread of its parent may have held the lock.
pub(crate) struct Handles<T> {
    live: AtomicPtr<Live<T>>,
    next: AtomicUsize,
}

/// The handles of one process, never freed.
struct Live<T> {
    generation: u32,
    values: RwLock<HashMap<usize, Arc<T>>>,
}

impl<T> Handles<T> {
    /// Numbers of different kinds start apart, so that one kind is not mistaken for the other.
    pub(crate) const fn starting_at(first: usize) -> Self {
        Self {
            live: AtomicPtr::new(ptr::null_mut()),
            next: AtomicUsize::new(first),
        }
    }

    pub(crate) fn add<P>(&self, value: T) -> *mut P {
        // Steps of 16 look aligned to anyone who inspects the pointer.
        let number = self.next.fetch_add(16, Ordering::Relaxed);
        self.values()
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, Arc::new(value));
        ptr::without_provenance_mut(number)
    }

    pub(crate) fn get<P>(&self, handle: *const P) -> Option<Arc<T>> {
        self.values()
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&handle.addr())
            .cloned()
    }

    pub(crate) fn remove<P>(&self, handle: *const P) -> Option<Arc<T>> {
        self.values()
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&handle.addr())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values()
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// This process's handles. Takes no lock to find them.
    fn values(&self) -> &RwLock<HashMap<usize, Arc<T>>> {
        let generation = process::generation();
        let mut current = self.live.load(Ordering::Acquire);
        loop {
            // SAFETY: NULL, or leaked below and so valid as long as the process.
            if let Some(live) = unsafe { current.as_ref() }
                && live.generation == generation
            {
                return &live.values;
            }
            let new = Box::into_raw(Box::new(Live {
                generation,
                values: RwLock::default(),
            }));
            let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
            match self.live.compare_exchange(current, new, success, failure) {
                Ok(_) => current = new,
                Err(other) => {
                    // SAFETY: made above, and not shared.
                    drop(unsafe { Box::from_raw(new) });
                    current = other;
                }
            }
        }
    }
}
