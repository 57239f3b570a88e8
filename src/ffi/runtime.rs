//! The one runtime of the process, started at the first call.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, ErrorKind};

/// Requests wait far more than they compute.
const THREADS: usize = 2;

/// The runtime, and the process that started it: threads do not survive a fork.
struct Started {
    runtime: Runtime,
    process: u32,
}

pub(super) fn runtime() -> Result<&'static Runtime, Error> {
    static STARTED: OnceLock<std::io::Result<Started>> = OnceLock::new();
    let started = STARTED.get_or_init(|| {
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("v2024")
            .enable_all()
            .build()?;
        let process = std::process::id();
        Ok(Started { runtime, process })
    });
    match started {
        Ok(started) if started.process == std::process::id() => Ok(&started.runtime),
        Ok(_) => Err(Error::new(
            ErrorKind::InvalidArgument,
            "this process was forked from one that had used the library, whose threads it does not have",
        )
        .with_hint("make the first call after the fork, or execute a new program")),
        Err(error) => Err(Error::new(
            ErrorKind::Panic,
            format!("the threads of the library cannot be started: {error}"),
        )),
    }
}
