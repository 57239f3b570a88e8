//! Which process this is. A fork takes the parent's memory along, but not its threads: locks that they
//! held stay locked in the child, and what they worked on stands still.
//!
//! The system calls a function of this module in each forked child, so that the child is refused
//! before it could wait for a lock. Nothing here takes one.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use v2024_task_management::{Error, ErrorKind};

/// Whether the system knows the function it calls in children.
static WATCHED: AtomicBool = AtomicBool::new(false);
/// Whether this process, or one it was forked from, has made or tried to make a client.
static USED: AtomicBool = AtomicBool::new(false);
/// Whether this process was forked from one that had.
static REFUSED: AtomicBool = AtomicBool::new(false);
/// How many forks lie between this process and the one that loaded the library.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// Has children of this process recognized. Each export calls it first.
pub(crate) fn watch() {
    // Threads that come here at the same time may each register: then the function runs twice in a
    // child, which changes nothing. Waiting for the other thread could last forever in a child.
    if !WATCHED.load(Ordering::Acquire) && register() {
        WATCHED.store(true, Ordering::Release);
    }
}

/// Fails in a child that was forked after its parent had used the library.
pub(crate) fn check() -> Result<(), Error> {
    if !REFUSED.load(Ordering::Relaxed) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidArgument,
        "this process was forked from one that had used the library, whose threads it does not have",
    )
    .with_hint("make the first client after the fork, or execute a new program"))
}

/// From now on children of this process are refused: its threads may hold locks.
///
/// # Errors
/// In a refused child, and when the system has no memory left to remember the function.
pub(crate) fn begin_use() -> Result<(), Error> {
    check()?;
    if !WATCHED.load(Ordering::Acquire) {
        return Err(Error::new(
            ErrorKind::Resources,
            "the system cannot register what recognizes forks",
        ));
    }
    USED.store(true, Ordering::Release);
    Ok(())
}

/// Differs between a process and its forked children.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

#[cfg(unix)]
fn register() -> bool {
    extern "C" fn in_the_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
        if USED.load(Ordering::Acquire) {
            REFUSED.store(true, Ordering::Relaxed);
        }
    }
    // SAFETY: the function only sets atomics, which is allowed in a child of any process. It stays in
    // memory, since the library is never unloaded (`build.rs`).
    unsafe { libc::pthread_atfork(None, None, Some(in_the_child)) == 0 }
}

/// There are no forks on this system.
#[cfg(not(unix))]
fn register() -> bool {
    true
}
