//! The one thread of the library, started at the first call that is not waited for.

use std::future::pending;
use std::io;
use std::sync::OnceLock;
use std::thread;

use tokio::runtime::{Builder, Handle};

use v2024_task_management::{Error, ErrorKind};

/// The runtime that the thread runs. One is enough: requests wait far more than they compute, and
/// a second thread would mostly be woken by the first.
pub(crate) fn runtime() -> Result<&'static Handle, Error> {
    static STARTED: OnceLock<io::Result<Handle>> = OnceLock::new();
    STARTED.get_or_init(start).as_ref().map_err(|error| {
        Error::new(
            ErrorKind::Panic,
            format!("the thread of the library cannot be started: {error}"),
        )
    })
}

fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("v2024".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}
