//! Waits for tasks to finish: a single task is polled by its own GET, several by a filtered list.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::call::Core;
use crate::error::{Error, ErrorKind, words};
use crate::events::{Observer, ProgressEvent, RetryEvent};
use crate::http::is_transient;
use crate::response::Response;
use crate::tasks::{Operation, TaskStatusListOptions};

/// The most ids in one filter, and the most bytes once encoded: a filter must fit into a URL.
const MOST_IDS_IN_A_FILTER: usize = 100;
const MOST_BYTES_IN_A_FILTER: usize = 24 << 10;

/// Each interval is the previous one times this, up to [`LONGEST_INTERVAL`].
const GROWTH: f64 = 1.5;

/// A shorter interval would only put load on the tenant.
pub(crate) const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// The longest interval that a caller can choose, a year: growing it must not overflow.
const INTERVAL_LIMIT: Duration = Duration::from_secs(31_536_000);

/// How to wait for tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitOptions {
    /// The first interval between two polls. Each later one is 1.5 times as long, up to 30 s or
    /// this value, whichever is longer. The default is 2 s.
    pub polling_interval: Duration,
    /// How long to wait in total. The default is `None`: until the last task ends.
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
    /// The ids of the tasks that have not ended, in the order given.
    open: Vec<String>,
    /// The ids that the tenant has returned at least once.
    seen: HashSet<String>,
    ended: Vec<WaitResult>,
    interval: Duration,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    next_look: Instant,
    /// Whether a poll has succeeded. Before that, an error means a wrong setting, not a temporary fault.
    reached: bool,
}

/// How the wait for one task ended.
#[derive(Debug)]
pub struct WaitResult {
    /// The id as it was given.
    pub id: String,
    /// The finished task as the body of a response, or an error: [`ErrorKind::Http`] with status 404
    /// for a task that never existed, [`ErrorKind::Gone`] for one that was deleted during the wait,
    /// [`ErrorKind::Timeout`] for one that still runs, or the error that ended the wait for all tasks.
    pub result: Result<Response, Error>,
}

/// The members of a task that matter here. Any of them may be missing; some may have another type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    id: Option<String>,
    unique_name: Option<String>,
    #[serde(default)]
    completed: serde_json::Value,
    #[serde(default)]
    completion_status: serde_json::Value,
    #[serde(default)]
    percent_complete: serde_json::Value,
}

impl Waiting {
    pub(crate) fn new(core: Core, ids: Vec<String>, options: &WaitOptions) -> Result<Self, Error> {
        for id in &ids {
            Operation::GetTaskStatus { id: id.clone() }.request(core.settings.api_version)?;
        }
        let mut known = HashSet::new();
        let open = ids
            .into_iter()
            .filter(|id| known.insert(id.clone()))
            .collect();
        let now = Instant::now();
        Ok(Self {
            core,
            open,
            seen: HashSet::new(),
            ended: Vec::new(),
            interval: options
                .polling_interval
                .clamp(SHORTEST_INTERVAL, INTERVAL_LIMIT),
            timeout: options.timeout,
            // A time that the clock cannot reach is no deadline.
            deadline: options.timeout.and_then(|timeout| now.checked_add(timeout)),
            next_look: now,
            reached: false,
        })
    }

    /// Waits for the next task to end; `None` when no task is left.
    pub async fn next(&mut self) -> Option<WaitResult> {
        self.next_observed(&()).await
    }

    /// As [`Waiting::next`], with an observer for the events of its calls and the progress of the tasks.
    pub async fn next_observed(&mut self, observer: &dyn Observer) -> Option<WaitResult> {
        while self.ended.is_empty() && !self.open.is_empty() {
            let interval = self.next_interval();
            match self.look_in_time(observer).await {
                None => self.give_up(),
                Some(Ok(())) => self.reached = true,
                Some(Err(error)) if !self.reached || !is_passing(&error) => self.end_all(&error),
                Some(Err(error)) => observer.retry(&RetryEvent {
                    attempt: 1,
                    delay: interval,
                    status: error.status(),
                    reason: error.message(),
                }),
            }
            self.next_look = Instant::now() + interval;
        }
        (!self.ended.is_empty()).then(|| self.ended.remove(0))
    }

    /// Polls when the interval is over; `None` when the deadline comes first.
    async fn look_in_time(&mut self, observer: &dyn Observer) -> Option<Result<(), Error>> {
        let deadline = self.deadline;
        let look = async {
            sleep_until(self.next_look).await;
            self.look(observer).await
        };
        match deadline {
            Some(deadline) => timeout_at(deadline, look).await.ok(),
            None => Some(look.await),
        }
    }

    /// Polls every open task once.
    async fn look(&mut self, observer: &dyn Observer) -> Result<(), Error> {
        let ids = self.open.clone();
        if let [id] = ids.as_slice() {
            return self.look_at_one(id, observer).await;
        }
        for chunk in filter_chunks(&ids) {
            let operation = Operation::GetTaskStatusList(TaskStatusListOptions {
                filters: Some(id_filter(chunk)),
                ..Default::default()
            });
            let response = self.core.run(&operation, observer).await?;
            let mut rows = by_id(&response);
            for id in chunk {
                match rows.remove(id) {
                    Some(row) => self.take(id, &response.with_json(row.to_owned()), observer),
                    // The list may not show every task. Only a 404 of the task itself says that it is gone.
                    None => self.look_at_one(id, observer).await?,
                }
            }
        }
        Ok(())
    }

    async fn look_at_one(&mut self, id: &str, observer: &dyn Observer) -> Result<(), Error> {
        let operation = Operation::GetTaskStatus { id: id.to_owned() };
        match self.core.run(&operation, observer).await {
            Ok(response) => self.take(id, &response, observer),
            Err(error) if error.status() == Some(404) => {
                let error = if self.seen.contains(id) {
                    words::gone(id, error)
                } else {
                    error
                };
                self.end(id, Err(error));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Ends the wait for a finished task; reports the progress of any other.
    fn take(&mut self, id: &str, response: &Response, observer: &dyn Observer) {
        self.seen.insert(id.to_owned());
        let task: Option<Task> = serde_json::from_str(response.text()).ok();
        if task.as_ref().is_some_and(Task::is_finished) {
            self.end(id, Ok(response.clone()));
        } else {
            observer.progress(&ProgressEvent {
                id,
                name: task.as_ref().and_then(|task| task.unique_name.as_deref()),
                percent_complete: task
                    .as_ref()
                    .and_then(|task| task.percent_complete.as_f64()),
            });
        }
    }

    fn end(&mut self, id: &str, result: Result<Response, Error>) {
        self.open.retain(|open| open != id);
        self.ended.push(WaitResult {
            id: id.to_owned(),
            result,
        });
    }

    fn end_all(&mut self, error: &Error) {
        for id in std::mem::take(&mut self.open) {
            self.ended.push(WaitResult {
                id,
                result: Err(error.clone()),
            });
        }
    }

    fn give_up(&mut self) {
        let timeout = self.timeout.unwrap_or_default();
        for id in std::mem::take(&mut self.open) {
            let error = words::still_running(&id, timeout);
            self.ended.push(WaitResult {
                id,
                result: Err(error),
            });
        }
    }

    fn next_interval(&mut self) -> Duration {
        let interval = self.interval;
        self.interval = interval.mul_f64(GROWTH).min(LONGEST_INTERVAL.max(interval));
        interval
    }
}

impl Task {
    /// The tenant sets `completed` a moment before `completionStatus`, so only both mean the end.
    fn is_finished(&self) -> bool {
        let is_set = |value: &serde_json::Value| !value.is_null() && value != "";
        is_set(&self.completed) && is_set(&self.completion_status)
    }
}

/// Whether the next poll may succeed, so that a long wait goes on.
fn is_passing(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::InvalidResponse => true,
        ErrorKind::Http => error.status().is_some_and(is_transient),
        _ => false,
    }
}

/// The ids in chunks that each fit into one filter.
fn filter_chunks(ids: &[String]) -> impl Iterator<Item = &[String]> {
    let mut rest = ids;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fitting = rest.iter().take(MOST_IDS_IN_A_FILTER).take_while(|id| {
            // A byte may become three when encoded, as may the quotes and the comma around an id.
            bytes += 3 * (id.len() + 3);
            bytes <= MOST_BYTES_IN_A_FILTER
        });
        let (chunk, later) = rest.split_at(fitting.count().max(1).min(rest.len()));
        rest = later;
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn id_filter(ids: &[String]) -> String {
    let quoted: Vec<String> = ids
        .iter()
        .map(|id| format!("\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\"")))
        .collect();
    format!("id in ({})", quoted.join(","))
}

fn by_id(response: &Response) -> HashMap<String, &str> {
    let rows: Vec<&RawValue> = serde_json::from_str(response.text()).unwrap_or_default();
    rows.into_iter()
        .filter_map(|row| {
            let task: Task = serde_json::from_str(row.get()).ok()?;
            Some((task.id?, row.get()))
        })
        .collect()
}
