//! Waiting for tasks to finish: one is polled by its own GET, many by a filtered list.

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

/// Ids in one filter, and their bytes once encoded: a filter must fit an address.
const MOST_IDS_IN_A_FILTER: usize = 100;
const MOST_BYTES_IN_A_FILTER: usize = 24 << 10;

/// Each interval is this much longer than the one before, up to [`LONGEST_INTERVAL`].
const GROWTH: f64 = 1.5;

/// A shorter interval would only load the tenant.
pub(crate) const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// The longest interval that a caller can choose, a year: growing it must not overflow.
const INTERVAL_LIMIT: Duration = Duration::from_secs(31_536_000);

/// How to wait for tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitOptions {
    /// The first interval between two looks; they grow by half each time, to 30 s or to this
    /// value if it is longer. Defaults to 2 s.
    pub polling_interval: Duration,
    /// How long to wait in all. Defaults to `None`: until the last task ends.
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

/// Tasks that are waited for. Made by [`Client::wait_for_task_statuses`](crate::Client::wait_for_task_statuses).
pub struct Waiting {
    core: Core,
    /// The ids still waited for, in the order given.
    open: Vec<String>,
    /// Those of them that the tenant has shown once.
    seen: HashSet<String>,
    ended: Vec<WaitResult>,
    interval: Duration,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    next_look: Instant,
    /// Whether a look has succeeded: until then an error is no passing one, but a wrong address.
    reached: bool,
}

/// A task that is not waited for any more, and why.
#[derive(Debug)]
pub struct WaitResult {
    /// The id as it was given.
    pub id: String,
    /// The finished task as the body of an response. Else an error: [`ErrorKind::Http`] with status
    /// 404 for a task that was never there, [`ErrorKind::Gone`] for one that vanished,
    /// [`ErrorKind::Timeout`] for one that still runs, or what ended the waiting for all.
    pub result: Result<Response, Error>,
}

/// What is looked at in a task; all of it may be missing or of another kind.
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

    /// The next task that ended; `None` when there are no more.
    pub async fn next(&mut self) -> Option<WaitResult> {
        self.next_observed(&()).await
    }

    /// As [`Waiting::next`], reporting the events of its calls and the tasks' progress to an observer.
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

    /// The next look, when its time comes; `None` when the deadline comes first.
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

    /// Looks at every open task once.
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
                    // The list may not show every task: only the task's own address can say it is gone.
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

    /// Takes note of a task as it is now.
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
    /// The tenant sets `completed` a moment before `completionStatus`: only both mean the end.
    fn is_finished(&self) -> bool {
        let is_set = |value: &serde_json::Value| !value.is_null() && value != "";
        is_set(&self.completed) && is_set(&self.completion_status)
    }
}

/// Whether the next look may well succeed, so that a long wait goes on.
fn is_passing(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::InvalidResponse => true,
        ErrorKind::Http => error.status().is_some_and(is_transient),
        _ => false,
    }
}

/// The ids in pieces that each fit one filter.
fn filter_chunks(ids: &[String]) -> impl Iterator<Item = &[String]> {
    let mut rest = ids;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fitting = rest.iter().take(MOST_IDS_IN_A_FILTER).take_while(|id| {
            // Each byte may take three, as may the quotes and the comma around an id.
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
