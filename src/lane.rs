//! Where a function that blocks does its work: on its caller's own thread.
//!
//! A lane is a runtime without threads of its own, and so has its own kept-alive connections
//! (see `Transport`). A call takes the lane that was used last and puts it back: one caller after
//! the other uses one connection, callers at the same time one each, and nobody has to be woken
//! by another thread.

use std::sync::Mutex;

use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;

use v2024_task_management::Error;
use v2024_task_management::host::lock;

use crate::worker;

/// Each holds some file descriptors; callers beyond so many at a time share the worker's runtime.
const MOST: usize = 64;

static LANES: Mutex<Lanes> = Mutex::new(Lanes {
    idle: Vec::new(),
    made: 0,
});

struct Lanes {
    idle: Vec<&'static Runtime>,
    made: usize,
}

/// A lane in use; dropped, even by a panic, it is idle again. Its runtime lives for ever, for one
/// must not be dropped on a thread that runs another.
struct Lane(&'static Runtime);

/// Does this work, blocking until it is done.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    let Some(lane) = Lane::take() else {
        return Ok(worker::runtime()?.block_on(work));
    };
    Ok(lane.0.block_on(async {
        catch_up().await;
        work.await
    }))
}

/// Lets a runtime that stood still finish what the call before left, and ask the system what
/// became of its connections: an update must not go out on one that was closed meanwhile, for it
/// is not sent twice. Connections hear the answer before they take a request.
async fn catch_up() {
    yield_now().await;
}

impl Lane {
    fn take() -> Option<Self> {
        let mut lanes = lock(&LANES);
        if let Some(runtime) = lanes.idle.pop() {
            return Some(Self(runtime));
        }
        if lanes.made == MOST {
            return None;
        }
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        lanes.made += 1;
        Some(Self(Box::leak(Box::new(runtime))))
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        lock(&LANES).idle.push(self.0);
    }
}
