//! The request JSON of `v2024_call_start`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::tasks::{JsonPatch, Operation, PendingTasksOptions, TaskStatusListOptions};
use crate::waiting::{SHORTEST_INTERVAL, WaitOptions};

/// What a call does, and how to run it.
#[derive(Debug)]
pub struct CallRequest {
    /// What the call does.
    pub job: Job,
    /// Whether to send a message for every request.
    pub events: bool,
    /// Whether to send the header `X-SailPoint-Experimental`.
    pub experimental: bool,
    /// Whether only to check the arguments, and to send nothing.
    pub check_only: bool,
}

/// What a call does.
#[derive(Debug)]
pub enum Job {
    /// One operation.
    Single(Operation),
    /// Every page of an operation, up to `first` tasks.
    All {
        /// The operation, whose `limit` is the page size.
        operation: Operation,
        /// The most tasks to list.
        first: Option<u64>,
    },
    /// Several tasks, one operation each.
    Several {
        /// The tasks' ids.
        ids: Vec<String>,
        /// The patch, if they are updated.
        patch: Option<JsonPatch>,
        /// How many requests are on their way at once.
        at_once: usize,
    },
    /// A wait for tasks to finish.
    Wait {
        /// The tasks' ids.
        ids: Vec<String>,
        /// How to wait.
        options: WaitOptions,
    },
}

const WAIT: &str = "wait_task_status";

/// The operations that take several ids.
const SEVERAL: [&str; 2] = ["get_task_status", "update_task_status"];

/// How many tasks are read at once, unless the request says otherwise. Updates are made one by one.
const READ_AT_ONCE: usize = 4;

/// The longest request that is read: 16 MiB, room for the longest patch.
const LONGEST: usize = 16 << 20;

/// The members of the JSON. Operations and parameters have the names that the C functions use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    operation: String,
    offset: Option<i64>,
    limit: Option<i64>,
    count: Option<bool>,
    filters: Option<String>,
    sorters: Option<String>,
    id: Option<String>,
    ids: Option<Vec<String>>,
    at_once: Option<usize>,
    timeout_seconds: Option<f64>,
    polling_interval_seconds: Option<f64>,
    json_patch: Option<Box<RawValue>>,
    #[serde(default)]
    all: bool,
    first: Option<u64>,
    #[serde(default)]
    events: bool,
    #[serde(default)]
    experimental: bool,
    #[serde(default)]
    check_only: bool,
}

impl CallRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument), naming the invalid part.
    pub fn parse(json: &str) -> Result<Self, Error> {
        if json.len() > LONGEST {
            return Err(Error::invalid_argument(format!(
                "request_json is {} bytes long; at most {LONGEST} are read",
                json.len()
            )));
        }
        let mut fields: Fields = serde_json::from_str(json).map_err(|error| {
            Error::invalid_argument(format!("request_json is invalid: {error}"))
        })?;
        let (events, experimental) = (fields.events, fields.experimental);
        let check_only = fields.check_only;
        let name = fields.operation.clone();
        let job = if name == WAIT {
            fields.wait()?
        } else if let Some(ids) = fields.ids.take_if(|_| SEVERAL.contains(&name.as_str())) {
            fields.several(ids)?
        } else {
            let operation = fields.operation()?;
            if std::mem::take(&mut fields.all) {
                let first = fields.first.take();
                Job::All { operation, first }
            } else {
                Job::Single(operation)
            }
        };
        fields.refuse_leftovers(&name)?;
        Ok(Self {
            job,
            events,
            experimental,
            check_only,
        })
    }
}

impl Fields {
    /// Takes the parameters of the operation.
    fn operation(&mut self) -> Result<Operation, Error> {
        Ok(match self.operation.as_str() {
            "get_pending_task_headers" => Operation::GetPendingTaskHeaders(self.pending_tasks()),
            "get_pending_tasks" => Operation::GetPendingTasks(self.pending_tasks()),
            "get_task_status" => Operation::GetTaskStatus { id: self.id()? },
            "get_task_status_list" => Operation::GetTaskStatusList(TaskStatusListOptions {
                limit: self.limit.take(),
                offset: self.offset.take(),
                count: self.count.take(),
                filters: self.filters.take(),
                sorters: self.sorters.take(),
            }),
            "update_task_status" => Operation::UpdateTaskStatus {
                id: self.id()?,
                patch: self.patch()?,
            },
            other => {
                return Err(Error::invalid_argument(format!(
                    "there is no operation {other:?}"
                )));
            }
        })
    }

    /// The operation on each of these tasks.
    fn several(&mut self, ids: Vec<String>) -> Result<Job, Error> {
        if self.id.is_some() {
            return Err(Error::invalid_argument("both id and ids are given"));
        }
        let patch = match self.operation == "update_task_status" {
            true => Some(self.patch()?),
            false => None,
        };
        let usual = if patch.is_some() { 1 } else { READ_AT_ONCE };
        let at_once = self.at_once.take().unwrap_or(usual);
        Ok(Job::Several {
            ids,
            patch,
            at_once,
        })
    }

    fn wait(&mut self) -> Result<Job, Error> {
        let ids = self
            .ids
            .take()
            .ok_or_else(|| Error::invalid_argument("ids is missing"))?;
        let mut options = WaitOptions::default();
        if let Some(value) = self.polling_interval_seconds.take() {
            let shortest = SHORTEST_INTERVAL.as_secs_f64();
            options.polling_interval = seconds("polling_interval_seconds", value, shortest)?;
        }
        if let Some(value) = self.timeout_seconds.take() {
            options.timeout = Some(seconds("timeout_seconds", value, 0.0)?);
        }
        Ok(Job::Wait { ids, options })
    }

    fn pending_tasks(&mut self) -> PendingTasksOptions {
        PendingTasksOptions {
            offset: self.offset.take(),
            limit: self.limit.take(),
            count: self.count.take(),
        }
    }

    fn id(&mut self) -> Result<String, Error> {
        self.id
            .take()
            .ok_or_else(|| Error::invalid_argument("id is missing"))
    }

    /// The patch, as JSON or as a JSON string that contains JSON.
    fn patch(&mut self) -> Result<JsonPatch, Error> {
        let patch = self
            .json_patch
            .take()
            .ok_or_else(|| Error::invalid_argument("json_patch is missing"))?;
        match serde_json::from_str::<String>(patch.get()) {
            Ok(text) => JsonPatch::parse(&text),
            Err(_) => JsonPatch::parse(patch.get()),
        }
    }

    /// Refuses a parameter that the operation does not take: it would be lost silently.
    fn refuse_leftovers(&self, operation: &str) -> Result<(), Error> {
        let left = [
            ("offset", self.offset.is_some()),
            ("limit", self.limit.is_some()),
            ("count", self.count.is_some()),
            ("filters", self.filters.is_some()),
            ("sorters", self.sorters.is_some()),
            ("id", self.id.is_some()),
            ("ids", self.ids.is_some()),
            ("at_once without ids", self.at_once.is_some()),
            ("json_patch", self.json_patch.is_some()),
            ("timeout_seconds", self.timeout_seconds.is_some()),
            (
                "polling_interval_seconds",
                self.polling_interval_seconds.is_some(),
            ),
            ("first without all", self.first.is_some()),
            ("all", self.all),
        ];
        match left.iter().find(|(_, present)| *present) {
            Some((name, _)) => Err(Error::invalid_argument(format!(
                "{operation} does not take {name}"
            ))),
            None => Ok(()),
        }
    }
}

fn seconds(name: &str, value: f64, least: f64) -> Result<Duration, Error> {
    const LONGEST: f64 = 31_536_000.0;
    if (least..=LONGEST).contains(&value) {
        Ok(Duration::from_secs_f64(value))
    } else {
        Err(Error::invalid_argument(format!(
            "{name} is {value}; it must be from {least} to {LONGEST}"
        )))
    }
}
