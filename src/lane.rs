//! Runs the functions that block, on their callers' own threads.
//!
//! A lane is a tokio runtime without threads of its own, and has kept-alive connections of its own. A
//! call takes the lane that was used last and puts it back: callers one after the other use one
//! connection, callers at the same time use one each, and no thread has to wake another one. Handing
//! each request to the worker instead would halve the rate of small requests.
//!
//! Idle lanes are closed by the worker after [`IDLE`], with their connections. While there is a client
//! a few stay.

use std::collections::VecDeque;
use std::pin::pin;
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

/// This many idle lanes stay, so that a program with few threads needs no worker to close lanes.
const FEW: usize = 4;

/// How long other lanes stay idle.
const IDLE: Duration = Duration::from_secs(20);

/// How long the worker waits between two looks for lanes to close.
const LOOK: Duration = Duration::from_secs(10);

static LANES: Mutex<Lanes> = Mutex::new(Lanes {
    idle: VecDeque::new(),
    made: 0,
    watched: false,
});

struct Lanes {
    /// The one used last is at the end.
    idle: VecDeque<Idle>,
    /// How many there are, idle or in use.
    made: usize,
    /// Whether the worker closes idle lanes.
    watched: bool,
}

struct Idle {
    runtime: Runtime,
    since: Instant,
}

/// A lane in use. When it is dropped, even by a panic, it is idle again.
struct Lane(Option<Runtime>);

/// Runs this to its end, blocking the caller.
///
/// # Errors
/// The system has no descriptors left for another lane, or for the worker.
pub(crate) fn run<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Error> {
    let Some(lane) = Lane::take()? else {
        return run_on_worker(work);
    };
    let _quiet = signals::Quiet::begin();
    // A call's future is large, and `block_on` moves what it is given.
    let work = pin!(work);
    Ok(lane.block_on(async {
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

impl Lane {
    /// An idle lane, or a new one unless there are too many.
    fn take() -> Result<Option<Self>, Error> {
        let mut lanes = lock(&LANES);
        if let Some(idle) = lanes.idle.pop_back() {
            return Ok(Some(Self(Some(idle.runtime))));
        }
        if lanes.made == MOST {
            return Ok(None);
        }
        let runtime = signals::on_callers_thread(Builder::new_current_thread().enable_all())
            .build()
            .map_err(|error| worker::exhausted(&error))?;
        lanes.made += 1;
        Ok(Some(Self(Some(runtime))))
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.0
            .as_ref()
            .expect("taken out by `drop` alone")
            .block_on(work)
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let Some(runtime) = self.0.take() else {
            return;
        };
        let since = Instant::now();
        lock(&LANES).idle.push_back(Idle { runtime, since });
        look_after_idle();
    }
}

/// Has the worker close idle lanes, where too many are idle. The end of the last client calls it too:
/// then one is too many.
pub(crate) fn look_after_idle() {
    let mut lanes = lock(&LANES);
    if lanes.watched || lanes.idle.len() <= few() {
        return;
    }
    lanes.watched = true;
    drop(lanes);
    match worker::runtime() {
        Ok(worker) => drop(worker.spawn(watch())),
        Err(_) => {
            lock(&LANES).watched = false;
            close(Duration::ZERO);
        }
    }
}

/// How many idle lanes may stay.
fn few() -> usize {
    if client::none_left() { 0 } else { FEW }
}

/// Closes lanes that were idle for long, until only a few are left.
async fn watch() {
    loop {
        tokio::time::sleep(LOOK).await;
        close(IDLE);
        let mut lanes = lock(&LANES);
        if lanes.idle.len() <= few() {
            lanes.watched = false;
            return;
        }
    }
}

/// Closes lanes that were idle for so long, but keeps a few.
fn close(least: Duration) {
    loop {
        let mut lanes = lock(&LANES);
        let is_long = |idle: &Idle| idle.since.elapsed() >= least;
        if lanes.idle.len() <= few() || !lanes.idle.front().is_some_and(is_long) {
            return;
        }
        let longest = lanes.idle.pop_front();
        lanes.made -= 1;
        drop(lanes);
        if let Some(idle) = longest {
            // Its connections close with it. A lookup of a name that still runs is not waited for.
            idle.runtime.shutdown_background();
        }
    }
}
