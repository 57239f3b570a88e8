//! Waits for tasks to finish: a single task is polled by its own GET, several by a filtered list.

mod filters;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::call::Core;
use crate::error::{Error, ErrorKind, messages};
use crate::events::{Observer, ProgressEvent, RetryEvent};
use crate::http::{self, is_transient};
use crate::response::Response;
use crate::tasks::{Operation, Task, TaskStatusListOptions};
use filters::Filters;

/// Each interval is the previous one times this, up to [`LONGEST_INTERVAL`].
const GROWTH: f64 = 1.5;

/// A shorter interval would only put load on the tenant.
pub(crate) const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// The longest interval that a caller can choose, a year: growing it must not overflow.
const INTERVAL_LIMIT: Duration = Duration::from_secs(31_536_000);

/// How long each request of the last look may take, which comes when the timeout has passed.
const LAST_LOOK: Duration = Duration::from_secs(2);

/// How to wait for tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitOptions {
    /// The first interval between two polls. Each later one is 1.5 times as long, up to 30 s or
    /// this value, whichever is longer. The default is 2 s.
    pub polling_interval: Duration,
    /// How long to wait in total. The default is `None`: until the last task ends. When it has
    /// passed, every task is looked at once more, so that one that ended just before is not reported
    /// as running; with zero that is the only look.
    pub timeout: Option<Duration>,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            polling_interval: Duration::from_secs(2),
            timeout: None,
        }
    }
}

/// A running wait for tasks. Returned by
/// [`Client::wait_for_task_statuses`](crate::Client::wait_for_task_statuses).
pub struct Waiting {
    core: Core,
    /// The ids of the tasks that have not ended and will be looked at next time, in the order given.
    open: Vec<String>,
    /// The ids that are still to be looked at this time.
    looking: VecDeque<String>,
    /// Those of them that are asked for one by one: a list did not show them.
    unlisted: VecDeque<String>,
    /// Which ids are asked for together.
    filters: Filters,
    /// The ids that the tenant has returned at least once.
    seen: HashSet<String>,
    ended: VecDeque<WaitResult>,
    interval: Duration,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    next_look: Instant,
    /// Whether the deadline has passed, and all tasks are looked at for the last time.
    is_last_look: bool,
    /// Whether a poll has succeeded. Before that, an error means a wrong setting, not a temporary fault.
    reached: bool,
}

/// How the wait for one task ended.
#[derive(Debug)]
pub struct WaitResult {
    /// The id as it was given, without blanks and line ends around it.
    pub id: String,
    /// The finished task as the body of a response, or an error: [`ErrorKind::Http`] with status 404
    /// for a task that never existed, [`ErrorKind::Gone`] for one that was deleted during the wait,
    /// [`ErrorKind::Timeout`] for one that still runs, or the error that ended the wait for all tasks.
    pub result: Result<Response, Error>,
}

impl Waiting {
    pub(crate) fn new(core: Core, ids: Vec<String>, options: &WaitOptions) -> Result<Self, Error> {
        for id in &ids {
            Operation::GetTaskStatus { id: id.clone() }.request(core.settings.api_version)?;
        }
        let mut known = HashSet::new();
        let open = ids
            .iter()
            .map(|id| id.trim().to_owned())
            .filter(|id| known.insert(id.clone()))
            .collect();
        let now = Instant::now();
        Ok(Self {
            core,
            open,
            looking: VecDeque::new(),
            unlisted: VecDeque::new(),
            filters: Filters::default(),
            seen: HashSet::new(),
            ended: VecDeque::new(),
            interval: options
                .polling_interval
                .clamp(SHORTEST_INTERVAL, INTERVAL_LIMIT),
            timeout: options.timeout,
            // A time that the clock cannot reach is no deadline.
            deadline: options.timeout.and_then(|timeout| now.checked_add(timeout)),
            next_look: now,
            is_last_look: false,
            reached: false,
        })
    }

    /// Waits for the next task to end; `None` when no task is left.
    pub async fn next(&mut self) -> Option<WaitResult> {
        self.next_observed(&()).await
    }

    /// As [`Waiting::next`], with an observer for the events of its calls and the progress of the tasks.
    pub async fn next_observed(&mut self, observer: &dyn Observer) -> Option<WaitResult> {
        loop {
            if let Some(result) = self.ended.pop_front() {
                return Some(result);
            }
            if !self.unlisted.is_empty() {
                self.look_at_one(observer).await;
            } else if !self.looking.is_empty() || self.begin_look().await {
                self.look_at_some(observer).await;
            } else {
                return None;
            }
        }
    }

    /// Waits for the time to look at all open tasks again; false where there are none.
    async fn begin_look(&mut self) -> bool {
        if self.is_last_look {
            self.give_up();
        }
        if self.open.is_empty() {
            return !self.ended.is_empty();
        }
        let last = self.deadline.filter(|deadline| *deadline <= self.next_look);
        sleep_until(last.unwrap_or(self.next_look)).await;
        // Only now: the caller may drop this future while it sleeps.
        self.is_last_look = last.is_some();
        self.looking = std::mem::take(&mut self.open).into();
        let interval = self.next_interval();
        self.next_look = Instant::now() + interval;
        true
    }

    /// Looks at as many tasks as one request can ask for. Those that go on running are open again.
    async fn look_at_some(&mut self, observer: &dyn Observer) {
        let ids = self.filters.next(self.looking.make_contiguous()).to_vec();
        if ids.len() <= 1 {
            self.unlisted.extend(self.looking.pop_front());
            return;
        }
        let operation = Operation::GetTaskStatusList(TaskStatusListOptions {
            filters: Some(filters::text(&ids)),
            ..Default::default()
        });
        match self.run(&operation, observer).await {
            Ok(list) => {
                self.filters.accepted();
                self.reached = true;
                self.looking.drain(..ids.len());
                let mut rows = by_id(&list);
                for id in ids {
                    match rows.remove(&id) {
                        Some(task) => self.take(id, Ok(task), observer),
                        // The list may not show every task. Only a 404 of the task itself says that it is gone.
                        None => self.unlisted.push_back(id),
                    }
                }
            }
            Err(Stop::Error(error)) if is_about_content(&error) => self.filters.refused(&ids),
            Err(Stop::Error(error)) => {
                self.open.extend(self.looking.drain(..ids.len()));
                self.go_on_after(&error, observer);
            }
            Err(Stop::Deadline) => self.begin_last_look(),
        }
    }

    /// Looks at a task by itself. What others gave is handed over before.
    async fn look_at_one(&mut self, observer: &dyn Observer) {
        let Some(id) = self.unlisted.front().cloned() else {
            return;
        };
        let operation = Operation::GetTaskStatus { id: id.clone() };
        let look = match self.run(&operation, observer).await {
            Ok(task) => Ok(task),
            Err(Stop::Error(error)) => Err(error),
            Err(Stop::Deadline) => return self.begin_last_look(),
        };
        self.reached |= look.is_ok();
        // Only now: the caller may drop this future while it waits for the response.
        self.unlisted.pop_front();
        self.take(id, look, observer);
    }

    /// Runs an operation for as long as this look may take.
    async fn run(&self, operation: &Operation, observer: &dyn Observer) -> Result<Response, Stop> {
        let run = self.core.run(operation, observer, None);
        let result = match self.deadline {
            // A single look may take as long as any call.
            _ if self.timeout == Some(Duration::ZERO) => run.await,
            Some(_) if self.is_last_look => timeout(LAST_LOOK, run)
                .await
                .unwrap_or_else(|_| Err(messages::no_last_look(LAST_LOOK))),
            Some(deadline) => timeout_at(deadline, run)
                .await
                .map_err(|_| Stop::Deadline)?,
            None => run.await,
        };
        result.map_err(Stop::Error)
    }

    /// The deadline came during a look. The last one begins with what was not looked at this time.
    fn begin_last_look(&mut self) {
        let seen = std::mem::take(&mut self.open);
        self.open.extend(std::mem::take(&mut self.unlisted));
        self.open.extend(std::mem::take(&mut self.looking));
        self.open.extend(seen);
        self.next_look = Instant::now();
    }

    /// Ends the wait for a finished task and for one that cannot be waited for; reports the progress of
    /// any other.
    fn take(&mut self, id: String, look: Result<Response, Error>, observer: &dyn Observer) {
        let error = match look {
            Ok(response) => {
                self.seen.insert(id.clone());
                // It was read before, to find its id.
                let task: Task<'_> = serde_json::from_str(response.text()).unwrap_or_default();
                if task.is_finished() {
                    return self.end(id, Ok(response));
                }
                observer.progress(&ProgressEvent {
                    id: &id,
                    name: task.name().as_deref(),
                    percent_complete: task.percent_complete(),
                });
                return self.open.push(id);
            }
            Err(error) => error,
        };
        if error.status() == Some(404) && self.seen.contains(&id) {
            let gone = messages::gone(&id, error);
            return self.end(id, Err(gone));
        }
        // What was a task before may be one again: a gateway responds like that during maintenance.
        let may_pass = error.kind() == ErrorKind::InvalidResponse && self.seen.contains(&id);
        if is_about_content(&error) && !may_pass {
            return self.end(id, Err(error));
        }
        self.open.push(id);
        self.go_on_after(&error, observer);
    }

    /// Goes on after an error that may pass; any other ends the wait for all tasks.
    fn go_on_after(&mut self, error: &Error, observer: &dyn Observer) {
        if self.is_last_look && self.timeout != Some(Duration::ZERO) && is_passing(error) {
            // The tasks are open still, and that is what is reported of them.
            return;
        }
        if !self.reached || !is_passing(error) {
            return self.end_all(error);
        }
        observer.retry(&RetryEvent {
            id: None,
            attempt: 1,
            delay: self.next_look.saturating_duration_since(Instant::now()),
            status: error.status(),
            reason: error.message(),
        });
    }

    fn end(&mut self, id: String, result: Result<Response, Error>) {
        self.ended.push_back(WaitResult { id, result });
    }

    /// Ends the wait for every task that is left.
    fn end_all(&mut self, error: &Error) {
        let left = std::mem::take(&mut self.open).into_iter();
        let left = left.chain(std::mem::take(&mut self.unlisted));
        for id in left.chain(std::mem::take(&mut self.looking)) {
            self.end(id, Err(error.clone()));
        }
    }

    fn give_up(&mut self) {
        let timeout = self.timeout.unwrap_or_default();
        for id in std::mem::take(&mut self.open) {
            let error = messages::still_running(&id, timeout);
            self.end(id, Err(error));
        }
    }

    fn next_interval(&mut self) -> Duration {
        let interval = self.interval;
        self.interval = interval.mul_f64(GROWTH).min(LONGEST_INTERVAL.max(interval));
        interval
    }
}

/// Why a request gave no response that counts.
enum Stop {
    Error(Error),
    /// The wait's own deadline came.
    Deadline,
}

/// Whether the tenant refused a request for what it asks, or responded with something else, so that
/// requests for other tasks may succeed.
fn is_about_content(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Http => error.status().is_some_and(http::is_about_content),
        ErrorKind::InvalidResponse => error.response().is_some_and(|it| it.json_text().is_some()),
        _ => false,
    }
}

/// Whether the next poll may succeed, so that a long wait goes on.
fn is_passing(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::Resources
        | ErrorKind::Timeout
        | ErrorKind::InvalidResponse => true,
        ErrorKind::Http => error.status().is_some_and(is_transient),
        _ => false,
    }
}

/// The tasks of a list by their ids, each as the response that a GET of it would be.
fn by_id(list: &Response) -> HashMap<String, Response> {
    let rows: Vec<&RawValue> = serde_json::from_str(list.text()).unwrap_or_default();
    rows.into_iter()
        .filter_map(|row| {
            let task: Task<'_> = serde_json::from_str(row.get()).ok()?;
            Some((task.id()?, list.with_json(row.get().to_owned())))
        })
        .collect()
}
