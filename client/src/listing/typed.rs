//! The tasks of a listing, read one by one.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;
use serde_json::Deserializer;

use super::{Listing, rows};
use crate::error::{Error, ErrorKind};
use crate::response::Response;
use crate::tasks::model;
use crate::text::brief;

/// A [`Stream`] of the tasks of a [`Listing`], each read into the type `T`.
///
/// Returned by [`Listing::tasks`].
///
/// A task that does not fit the type is one error of the kind [`ErrorKind::InvalidResponse`]. Its
/// message names the task and the member, and the body of [`Error::response`] is the JSON of that
/// task. The tasks after it still come. The stream ends after any other error.
pub struct Tasks<T> {
    listing: Listing,
    page: Option<Page>,
    read: PhantomData<fn() -> T>,
}

/// A page of which some tasks are read.
struct Page {
    response: Response,
    /// Where the rest begins: the start of the body, or the end of a row.
    rest: usize,
}

impl Listing {
    /// The tasks of all pages one by one, each read into a type such as
    /// [`TaskStatus`](crate::TaskStatus).
    ///
    /// # Examples
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # on_sandbox(async |client, _| {
    /// use futures_util::TryStreamExt;
    /// use v2024_task_management::{TaskStatus, TaskStatusListOptions, model::CompletionStatus};
    ///
    /// let listing = client.all_task_statuses(TaskStatusListOptions::default(), None)?;
    /// let mut tasks = listing.tasks::<TaskStatus>();
    /// while let Some(task) = tasks.try_next().await? {
    ///     if task.completion_status.value() == Some(&CompletionStatus::Error) {
    ///         println!("{} failed", task.id);
    ///     }
    /// }
    /// # Ok(()) }) }
    /// ```
    pub fn tasks<T: DeserializeOwned>(self) -> Tasks<T> {
        Tasks {
            listing: self,
            page: None,
            read: PhantomData,
        }
    }
}

impl<T: DeserializeOwned> Stream for Tasks<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(task) = self.page.as_mut().and_then(Page::next) {
                return Poll::Ready(Some(task));
            }
            self.page = match ready!(self.listing.poll_page(context)) {
                Some(Ok(response)) => Some(Page { response, rest: 0 }),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
        }
    }
}

impl Page {
    /// Reads the next task; `None` at the end of the page.
    fn next<T: DeserializeOwned>(&mut self) -> Option<Result<T, Error>> {
        let body = self.response.json_text()?;
        let rest = rows::from_next(&body[self.rest..])?;
        let mut tasks = Deserializer::from_str(rest).into_iter();
        let (task, length) = match tasks.next() {
            Some(Ok(task)) => (Ok(task), tasks.byte_offset()),
            // The stream does not say where a task that it cannot read ends.
            _ => {
                let (id, length) = rows::first(rest)?;
                (self.read(id.as_deref(), &rest[..length]), length)
            }
        };
        self.rest = body.len() - rest.len() + length;
        Some(task)
    }

    /// Reads a task by its own text.
    fn read<T: DeserializeOwned>(&self, id: Option<&str>, text: &str) -> Result<T, Error> {
        const LONGEST_ID: usize = 100;
        model::read(text).map_err(|error| {
            let task = match id {
                Some(id) => format!("task {}", brief(id, LONGEST_ID)),
                None => "a task without an id".to_owned(),
            };
            Error::new(
                ErrorKind::InvalidResponse,
                format!("{task} does not fit the type it is read into: {error}"),
            )
            .with_response(self.response.with_json(text.to_owned()))
        })
    }
}
