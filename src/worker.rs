//! The thread of the library, started at the first call that runs in the background.

#[cfg(not(any(windows, target_os = "macos")))]
use std::future::pending;
use std::io;
#[cfg(not(any(windows, target_os = "macos")))]
use std::thread;

use once_cell::sync::OnceCell;
use tokio::runtime::{Builder, Handle};

use v2024_task_management::{Error, ErrorKind};

use crate::signals;

/// The runtime that runs calls in the background.
///
/// # Errors
/// The system has no descriptors or threads left. The next call tries again.
pub(crate) fn runtime() -> Result<&'static Handle, Error> {
    static STARTED: OnceCell<Handle> = OnceCell::new();
    STARTED
        .get_or_try_init(start)
        .map_err(|error| exhausted(&error))
}

/// One thread is enough: requests wait far more than they compute, and a second thread would mostly be
/// woken by the first. The threads that the runtime starts later, for looking up names, begin as this
/// one does.
#[cfg(not(any(windows, target_os = "macos")))]
fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let thread = thread::Builder::new().name("v2024".to_owned());
    signals::blocked(|| thread.spawn(move || runtime.block_on(pending::<()>())))?;
    Ok(handle)
}

/// Here the system checks certificates, and the thread that connects waits up to 100 ms for a check before
/// it gives way. Other threads go on with other calls meanwhile.
#[cfg(any(windows, target_os = "macos"))]
fn start() -> io::Result<Handle> {
    use tokio::runtime::Runtime;

    /// Lives as long as the process.
    static RUNTIME: OnceCell<Runtime> = OnceCell::new();
    let make = || {
        Builder::new_multi_thread()
            .worker_threads(4)
            .thread_name("v2024")
            .enable_all()
            .build()
    };
    let runtime = RUNTIME.get_or_try_init(|| signals::blocked(make))?;
    Ok(runtime.handle().clone())
}

/// The error for a runtime or a thread that cannot be made.
pub(crate) fn exhausted(error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Resources,
        format!("the system has nothing left for this call to run on: {error}"),
    )
    .with_hint("close what the program holds open, or raise the limit of open files (ulimit -n)")
}
