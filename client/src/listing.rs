//! Lists every task: page after page, or task after task.

mod ahead;
mod delivered;
mod page;
mod pages;
mod reader;
mod reading;
pub(crate) mod rows;
mod typed;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::call::Core;
use crate::error::Error;
use crate::events::Observer;
use crate::response::Response;
use crate::tasks::Operation;

use pages::Pages;
pub use typed::Tasks;

/// Every task of a list, one page at a time.
///
/// Returned by [`Client::all_pending_tasks`](crate::Client::all_pending_tasks) and
/// [`Client::all_task_statuses`](crate::Client::all_task_statuses). Take the pages with
/// [`next_page`](Self::next_page), or use the listing as a [`Stream`] of pages.
/// [`tasks`](Self::tasks) makes it a stream of single tasks.
///
/// Each page is a [`Response`] whose body has only tasks that were not delivered before. The first
/// page comes even when it is empty. The listing ends with its first error.
///
/// # Examples
/// The examples need `cargo add futures-util`.
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/sandbox.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # on_sandbox(async |client, _| {
/// use futures_util::StreamExt;
/// use v2024_task_management::{TaskStatus, TaskStatusListOptions};
///
/// let pages_of_seven = TaskStatusListOptions { limit: Some(7), ..Default::default() };
/// let mut pages = client.all_task_statuses(pages_of_seven, None)?;
/// let mut count = 0;
/// while let Some(page) = pages.next().await {
///     count += page?.json::<Vec<TaskStatus>>()?.len();
/// }
/// assert_eq!(count, 20);
/// # Ok(()) }) }
/// ```
pub struct Listing {
    /// `None` while `fetch` has them.
    pages: Option<Pages>,
    /// The page that the stream waits for.
    fetch: Option<Fetch>,
}

/// Fetches a page, and gives the pages back.
type Fetch = Pin<Box<dyn Future<Output = (Pages, Option<Result<Response, Error>>)> + Send>>;

impl Listing {
    /// `first` is the most tasks to deliver; the operation's `limit` is the page size.
    pub(crate) fn new(core: Core, operation: Operation, first: Option<u64>) -> Result<Self, Error> {
        Ok(Self {
            pages: Some(Pages::new(core, operation, first)?),
            fetch: None,
        })
    }

    /// The next page with tasks that were not delivered before, or `None` at the end.
    ///
    /// # Errors
    /// The errors of the operation, with the offset at which the listing stopped.
    pub async fn next_page(&mut self) -> Option<Result<Response, Error>> {
        self.next_page_observed(&()).await
    }

    /// As [`Listing::next_page`], with an observer for the events of its calls.
    ///
    /// # Errors
    /// As [`Listing::next_page`].
    pub async fn next_page_observed(
        &mut self,
        observer: &dyn Observer,
    ) -> Option<Result<Response, Error>> {
        match &mut self.pages {
            Some(pages) => pages.next(observer).await,
            // The stream was polled before, and already fetches the page.
            None => poll_fn(|context| self.poll_page(context)).await,
        }
    }

    /// Whether every task that was there throughout and lies before the end of the latest page has come, as far as
    /// the tenant's total and the rows that pages have in common show. Then who needs no later task may stop here, in
    /// an order in which tasks do not move, such as by `created`. `false` if there is any doubt, which the listing
    /// resolves at its end, and without a total.
    pub fn is_gapless(&self) -> bool {
        self.pages.as_ref().is_some_and(Pages::is_gapless)
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Response, Error>>> {
        if let Some(mut pages) = self.pages.take() {
            self.fetch = Some(Box::pin(async move {
                let page = pages.next(&()).await;
                (pages, page)
            }));
        }
        let Some(fetch) = &mut self.fetch else {
            return Poll::Ready(None);
        };
        let (pages, page) = ready!(fetch.as_mut().poll(context));
        self.fetch = None;
        self.pages = Some(pages);
        Poll::Ready(page)
    }
}

/// The pages, as [`Listing::next_page`] gives them.
impl Stream for Listing {
    type Item = Result<Response, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}
