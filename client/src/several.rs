//! Several tasks by their ids: a few requests at once, the results in the order of the ids.

use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::call::Core;
use crate::error::{Error, ErrorKind, messages};
use crate::events::Observer;
use crate::response::Response;
use crate::running::Running;
use crate::settings::MOST_AT_ONCE;
use crate::tasks::{JsonPatch, Operation};

/// The results of several tasks, in the order of their ids.
///
/// Returned by [`Client::get_task_statuses`](crate::Client::get_task_statuses) and
/// [`Client::update_task_statuses`](crate::Client::update_task_statuses). Take the results with
/// [`next`](Self::next), or use this as a [`Stream`]. An error is the result of one task: the others
/// still come. Requests are sent as results are taken. Dropping this ends those on their way; the
/// tenant may have made an update even so.
pub struct TaskResults {
    core: Core,
    patch: Option<JsonPatch>,
    at_once: usize,
    /// The ids without a request yet.
    ids: std::vec::IntoIter<String>,
    running: VecDeque<(String, Running)>,
}

/// The result of one of several tasks.
#[derive(Debug)]
pub struct TaskResult {
    /// The id as it was given.
    pub id: String,
    /// What the operation gives for this task alone.
    pub result: Result<Response, Error>,
}

impl TaskResults {
    /// Reads the tasks or, with a patch, updates them.
    pub(crate) fn new(
        core: Core,
        ids: Vec<String>,
        patch: Option<JsonPatch>,
        at_once: usize,
    ) -> Result<Self, Error> {
        if !(1..=MOST_AT_ONCE).contains(&at_once) {
            return Err(Error::invalid_argument(format!(
                "at_once is {at_once}; it must be from 1 to {MOST_AT_ONCE}"
            )));
        }
        for id in &ids {
            Operation::GetTaskStatus { id: id.clone() }.request(core.settings.api_version)?;
        }
        Ok(Self {
            core,
            patch,
            at_once,
            ids: ids.into_iter(),
            running: VecDeque::new(),
        })
    }

    /// The next result; `None` when there is none left.
    pub async fn next(&mut self) -> Option<TaskResult> {
        self.next_observed(&()).await
    }

    /// As [`TaskResults::next`], with an observer for the events up to that result. They have the id of
    /// its task.
    pub async fn next_observed(&mut self, observer: &dyn Observer) -> Option<TaskResult> {
        while self.running.len() < self.at_once
            && let Some(id) = self.ids.next()
        {
            let operation = self.operation(&id);
            self.running
                .push_back((id, Running::start(&self.core, operation)));
        }
        let (id, running) = self.running.front_mut()?;
        let result = running.result(Some(id), observer).await;
        let (id, _) = self.running.pop_front()?;
        let result = result.unwrap_or_else(|| Err(self.ended()));
        Some(TaskResult { id, result })
    }

    fn operation(&self, id: &str) -> Operation {
        let id = id.to_owned();
        match self.patch.clone() {
            None => Operation::GetTaskStatus { id },
            Some(patch) => Operation::UpdateTaskStatus { id, patch },
        }
    }

    /// The result of a request whose runtime ended.
    fn ended(&self) -> Error {
        let error = Error::new(
            ErrorKind::Cancelled,
            "the tokio runtime ended on which the request ran",
        );
        match &self.patch {
            None => error,
            Some(_) => messages::perhaps_changed(error),
        }
    }
}

/// The results, as [`TaskResults::next`] gives them.
impl Stream for TaskResults {
    type Item = TaskResult;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<TaskResult>> {
        // What runs is kept in `self`, so a future may be dropped and made again.
        pin!(self.next()).poll(context)
    }
}
