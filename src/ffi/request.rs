//! What `v2024_call_start` is asked to do.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::tasks::{JsonPatch, Operation, PendingTasksOptions, TaskStatusListOptions};

/// A call: its operation, and how it is to be run.
#[derive(Debug)]
pub(super) struct CallRequest {
    pub operation: Operation,
    pub all: bool,
    pub first: Option<u64>,
    pub events: bool,
    pub experimental: bool,
}

/// The request's JSON: operations and parameters named as the C functions name them.
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
    json_patch: Option<Box<RawValue>>,
    #[serde(default)]
    all: bool,
    first: Option<u64>,
    #[serde(default)]
    events: bool,
    #[serde(default)]
    experimental: bool,
}

impl CallRequest {
    pub(super) fn parse(json: &str) -> Result<Self, Error> {
        let mut fields: Fields = serde_json::from_str(json)
            .map_err(|error| Error::invalid_argument(format!("request_json is wrong: {error}")))?;
        let operation = fields.operation()?;
        fields.refuse_leftovers(&operation)?;
        if fields.first.is_some() && !fields.all {
            return Err(Error::invalid_argument("first goes with all"));
        }
        Ok(Self {
            operation,
            all: fields.all,
            first: fields.first,
            events: fields.events,
            experimental: fields.experimental,
        })
    }
}

impl Fields {
    /// Takes the parameters that belong to the operation.
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

    /// The patch, as JSON or as a text that holds JSON.
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

    /// A parameter that the operation does not take would be lost without a word.
    fn refuse_leftovers(&self, operation: &Operation) -> Result<(), Error> {
        let left = [
            ("offset", self.offset.is_some()),
            ("limit", self.limit.is_some()),
            ("count", self.count.is_some()),
            ("filters", self.filters.is_some()),
            ("sorters", self.sorters.is_some()),
            ("id", self.id.is_some()),
            ("json_patch", self.json_patch.is_some()),
        ];
        match left.iter().find(|(_, present)| *present) {
            Some((name, _)) => Err(Error::invalid_argument(format!(
                "{} takes no {name}",
                operation.name()
            ))),
            None => Ok(()),
        }
    }
}
