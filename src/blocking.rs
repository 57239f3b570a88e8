//! Runs the functions that block, on their callers' own threads.
//!
//! A call borrows a tokio runtime that has no threads, and kept-alive connections of its own: the one
//! that was used last. Callers one after the other so use one connection, callers at the same time use
//! one each, and no thread has to wake another one. Handing each request to the worker instead would
//! halve the rate of small requests.
//!
//! The worker closes runtimes that were idle for [`IDLE`], with their connections. While there is a
//! client a few stay.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;

use v2024_task_management::Error;
use v2024_task_management::host::lock;

use crate::mailbox::{Received, mailbox};
use crate::{boundary, client, signals, worker};

/// Each holds some file descriptors; further callers at the same time use the worker.
const MOST: usize = 64;

/// This many idle runtimes stay, so that a program with few threads needs no worker to close some.
const FEW: usize = 4;

/// How long other runtimes stay idle.
const IDLE: Duration = Duration::from_secs(20);

/// How long the worker waits between two looks for runtimes to close.
const LOOK: Duration = Duration::from_secs(10);

static RUNTIMES: Mutex<Runtimes> = Mutex::new(Runtimes {
    idle: VecDeque::new(),
    made: 0,
    watched: false,
});

struct Runtimes {
    /// The one used last is at the end.
    idle: VecDeque<Idle>,
    /// How many there are, idle or in use.
    made: usize,
    /// Whether the worker closes idle ones.
    watched: bool,
}

struct Idle {
    runtime: Runtime,
    since: Instant,
}

/// A runtime in use. When this is dropped, even by a panic, the runtime is idle again.
struct Borrowed(Option<Runtime>);

/// Runs this to its end, blocking the caller.
///
/// # Errors
/// The system has no descriptors left for another runtime, or for the worker.
pub(crate) fn run<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Error> {
    let Some(runtime) = Borrowed::take()? else {
        return run_on_worker(work);
    };
    let _quiet = signals::Quiet::begin();
    Ok(runtime.block_on(async {
        catch_up().await;
        work.await
    }))
}

fn run_on_worker<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Error> {
    let (sender, mailbox) = mailbox();
    worker::runtime()?.spawn(async move { sender.send(work.await) });
    match mailbox.next(None) {
        Received::Message(result) => Ok(result),
        Received::Nothing | Received::Over => Err(boundary::panicked()),
    }
}

/// Lets a runtime that stood still finish what the call before left, and ask the system what became of
/// its connections. An update must not go out on a connection that was closed meanwhile, because it
/// is not sent twice. Connections hear of the system's response before they take a request.
async fn catch_up() {
    yield_now().await;
}

impl Borrowed {
    /// An idle runtime, or a new one unless there are too many.
    fn take() -> Result<Option<Self>, Error> {
        let mut runtimes = lock(&RUNTIMES);
        if let Some(idle) = runtimes.idle.pop_back() {
            return Ok(Some(Self(Some(idle.runtime))));
        }
        if runtimes.made == MOST {
            return Ok(None);
        }
        let runtime = signals::on_callers_thread(Builder::new_current_thread().enable_all())
            .build()
            .map_err(|error| worker::exhausted(&error))?;
        runtimes.made += 1;
        Ok(Some(Self(Some(runtime))))
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.0
            .as_ref()
            .expect("taken out by `drop` alone")
            .block_on(work)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let Some(runtime) = self.0.take() else {
            return;
        };
        let since = Instant::now();
        lock(&RUNTIMES).idle.push_back(Idle { runtime, since });
        look_after_idle();
    }
}

/// Has the worker close idle runtimes, where there are too many. The end of the last client calls it too:
/// then one is too many.
pub(crate) fn look_after_idle() {
    let mut runtimes = lock(&RUNTIMES);
    if runtimes.watched || runtimes.idle.len() <= few() {
        return;
    }
    runtimes.watched = true;
    drop(runtimes);
    match worker::runtime() {
        Ok(worker) => drop(worker.spawn(watch())),
        Err(_) => {
            lock(&RUNTIMES).watched = false;
            close(Duration::ZERO);
        }
    }
}

/// How many idle runtimes may stay.
fn few() -> usize {
    if client::none_left() { 0 } else { FEW }
}

/// Closes runtimes that were idle for long, until only a few are left.
async fn watch() {
    loop {
        tokio::time::sleep(LOOK).await;
        close(IDLE);
        let mut runtimes = lock(&RUNTIMES);
        if runtimes.idle.len() <= few() {
            runtimes.watched = false;
            return;
        }
    }
}

/// Closes runtimes that were idle for so long, but keeps a few.
fn close(least: Duration) {
    loop {
        let mut runtimes = lock(&RUNTIMES);
        let is_long = |idle: &Idle| idle.since.elapsed() >= least;
        if runtimes.idle.len() <= few() || !runtimes.idle.front().is_some_and(is_long) {
            return;
        }
        let longest = runtimes.idle.pop_front();
        runtimes.made -= 1;
        drop(runtimes);
        if let Some(idle) = longest {
            // Its connections close with it. A lookup of a name that still runs is not waited for.
            idle.runtime.shutdown_background();
        }
    }
}
