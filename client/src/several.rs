//! Several tasks by their ids: a few requests at once, the results in the order of the ids.

use std::collections::VecDeque;
use std::iter::Peekable;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::call::Core;
use crate::error::{Error, ErrorKind, messages};
use crate::events::Observer;
use crate::finish::Finish;
use crate::response::Response;
use crate::running::Running;
use crate::settings::MOST_AT_ONCE;
use crate::tasks::{JsonPatch, Operation, is_same_id};

/// The results of several tasks, in the order of their ids.
///
/// Returned by [`Client::get_task_statuses`](crate::Client::get_task_statuses) and
/// [`Client::update_task_statuses`](crate::Client::update_task_statuses). Take the results with
/// [`next`](Self::next), or use this as a [`Stream`]. An error is the result of one task: the others
/// still come. Requests are sent as results are taken. A task whose id is given more than once is updated
/// once at a time. Dropping this ends those on their way; the
/// tenant may have made an update even so.
pub struct TaskResults {
    core: Core,
    patch: Option<JsonPatch>,
    at_once: usize,
    /// The ids without a request yet.
    ids: Peekable<std::vec::IntoIter<String>>,
    running: VecDeque<(String, Running)>,
    finish: Finish,
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
            ids: ids.into_iter().peekable(),
            running: VecDeque::new(),
            finish: Finish::default(),
        })
    }

    /// Sends nothing more once `finish` says so: requests that are on their way get their responses, and the
    /// tasks without a request the error [`ErrorKind::Cancelled`].
    #[must_use]
    pub fn finished_by(mut self, finish: &Finish) -> Self {
        self.finish = finish.clone();
        self
    }

    /// The next result; `None` when there is none left.
    pub async fn next(&mut self) -> Option<TaskResult> {
        self.next_observed(&()).await
    }

    /// As [`TaskResults::next`], with an observer for the events up to that result. They have the id of
    /// its task.
    pub async fn next_observed(&mut self, observer: &dyn Observer) -> Option<TaskResult> {
        while self.running.len() < self.at_once
            && let Some(id) = self.next_id()
        {
            let finish = Some(self.finish.clone());
            let running = Running::start(&self.core, self.operation(&id), finish);
            self.running.push_back((id, running));
        }
        let (id, running) = self.running.front_mut()?;
        let result = running.result(Some(id), observer).await;
        let (id, _) = self.running.pop_front()?;
        let result = result.unwrap_or_else(|| Err(self.ended()));
        Some(TaskResult { id, result })
    }

    /// The next id, unless it is that of a task that is being updated.
    fn next_id(&mut self) -> Option<String> {
        let Self { patch, running, .. } = self;
        let is_free = |id: &String| {
            patch.is_none() || !running.iter().any(|(other, _)| is_same_id(id, other))
        };
        self.ids.next_if(is_free)
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
