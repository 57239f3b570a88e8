//! The pages of a listing, as requests and responses. The reader decides which page is next.

use std::time::{Duration, SystemTime};

use super::ahead::Ahead;
use super::page::Page;
use super::reader::{Doubt, Next, Reader};
use super::rows::{self, Row};
use crate::call::Core;
use crate::error::{Error, ErrorKind, messages};
use crate::events::Observer;
use crate::response::Response;
use crate::running::Running;
use crate::tasks::{LARGEST_PAGE, Operation};

/// A smaller page could not overlap the previous one.
const SMALLEST_PAGE: i64 = 2;

/// By how much the clock that writes `created` may be behind the one that writes `Date`. A task that is
/// taken for a new one by mistake is delivered all the same.
const SKEW: Duration = Duration::from_secs(60);

/// The order that is requested if the caller requests none. It is the tenant's own order; requesting it
/// makes sure of it.
const SORTER: &str = "-created";

/// Where a listing is, and what it has delivered.
pub(super) struct Pages {
    core: Core,
    operation: Operation,
    page_size: i64,
    reader: Reader,
    ahead: Ahead,
    /// How many more tasks to deliver.
    remaining: u64,
    /// When the first response came, by the tenant's clock.
    began: Option<SystemTime>,
    /// Whether the sorter is [`SORTER`], and not the caller's.
    has_own_sorter: bool,
    /// Why tasks may be missing, to be said after the last page.
    doubt: Option<Doubt>,
    is_over: bool,
}

impl Pages {
    pub(super) fn new(
        core: Core,
        mut operation: Operation,
        first: Option<u64>,
    ) -> Result<Self, Error> {
        operation.request(core.settings.api_version)?;
        let mut has_own_sorter = false;
        let mut is_newest_first = false;
        let (limit, offset, count) = match &mut operation {
            Operation::GetPendingTasks(options) => {
                (options.limit, options.offset, &mut options.count)
            }
            Operation::GetTaskStatusList(options) => {
                has_own_sorter = options.sorters.is_none();
                let sorters = options.sorters.get_or_insert_with(|| SORTER.to_owned());
                is_newest_first = sorters == SORTER;
                (options.limit, options.offset, &mut options.count)
            }
            other => {
                return Err(Error::invalid_argument(format!(
                    "{} has no pages to list",
                    other.name()
                )));
            }
        };
        if limit == Some(0) {
            return Err(Error::invalid_argument(
                "limit is 0; a listing needs a page size from 1 to 250",
            ));
        }
        // The total says where the list ends, and whether all of it came.
        count.get_or_insert(true);
        let page_size = limit.unwrap_or(LARGEST_PAGE).max(SMALLEST_PAGE);
        Ok(Self {
            ahead: Ahead::new(core.settings.pages_ahead),
            core,
            operation,
            page_size,
            reader: Reader::new(offset.unwrap_or(0), page_size, is_newest_first),
            remaining: first.unwrap_or(u64::MAX),
            began: None,
            has_own_sorter,
            doubt: None,
            is_over: first == Some(0),
        })
    }

    /// The next page with tasks that were not delivered before, or `None` at the end.
    pub(super) async fn next(
        &mut self,
        observer: &dyn Observer,
    ) -> Option<Result<Response, Error>> {
        while !self.is_over {
            if let Some(doubt) = self.doubt {
                self.is_over = true;
                return Some(Err(self.stopped(self.incomplete(doubt))));
            }
            match self.step(observer).await {
                Ok(Some(page)) => return Some(Ok(page)),
                Ok(None) => {}
                Err(error) => {
                    self.is_over = true;
                    self.ahead.drop_pages();
                    return Some(Err(self.stopped(error)));
                }
            }
        }
        self.ahead.drop_pages();
        None
    }

    pub(super) fn is_gapless(&self) -> bool {
        self.reader.is_gapless()
    }

    fn stopped(&self, error: Error) -> Error {
        error.amend(&format!(
            "; the listing stopped at offset {}",
            self.reader.offset()
        ))
    }

    /// Takes one page. Returns `None` if it has nothing to deliver.
    async fn step(&mut self, observer: &dyn Observer) -> Result<Option<Response>, Error> {
        let is_first = self.began.is_none();
        let response = match self.page(observer).await {
            Ok(response) => response,
            Err(error) if !is_first && is_beyond_the_end(&error) => {
                self.take(&[], None, |_| false);
                return Ok(None);
            }
            Err(error) if is_first && self.has_own_sorter && error.status() == Some(400) => {
                // Perhaps the tenant does not sort.
                self.has_own_sorter = false;
                self.remove_sorter();
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let began = *self.began.get_or_insert_with(|| date_of(&response));
        let rows = self.rows(&response)?;
        let text = response.text();
        let is_late = |index: usize| {
            let row: &Row = &rows[index];
            row.created(text)
                .is_some_and(|created| created + SKEW >= began)
        };
        let new = self.take(&rows, response.total_count(), is_late);
        if new.is_empty() && !is_first {
            return Ok(None);
        }
        let mut index = 0;
        let mut kept = rows;
        let all = kept.len();
        kept.retain(|_| {
            index += 1;
            new.binary_search(&(index - 1)).is_ok()
        });
        Ok(Some(if kept.len() == all {
            response
        } else {
            response.map_json(|body| rows::only(&kept, body))
        }))
    }

    /// The next page, which may be on its way.
    async fn page(&mut self, observer: &dyn Observer) -> Result<Response, Error> {
        let offset = self.reader.offset();
        let Self {
            core,
            operation,
            page_size,
            ..
        } = self;
        self.ahead.request(offset, self.remaining, |offset| {
            Running::start(core, page_operation(operation, *page_size, offset), None)
        });
        if let Some(page) = self.ahead.page(offset) {
            let failed_early = page.is_over();
            let result = page.result(None, observer).await;
            self.ahead.remove();
            match result {
                // Nobody waited for it, so its time may have run out while the caller was busy. To request it
                // again is a retry, of which there may be none.
                Some(Err(error))
                    if self.core.settings.maximum_retry_count > 0
                        && (failed_early || error.kind() == ErrorKind::Timeout) => {}
                Some(result) => return result,
                None => {}
            }
        }
        let operation = page_operation(&self.operation, self.page_size, offset);
        self.core.run(&operation, observer, None).await
    }

    /// Hands a page to the reader. Returns the places of the rows to deliver.
    fn take(
        &mut self,
        rows: &[Row],
        total: Option<u64>,
        is_late: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let keys: Vec<u64> = rows.iter().map(|row| row.key).collect();
        let page = Page {
            keys: &keys,
            total,
            is_late: &is_late,
        };
        let offset = self.reader.offset();
        let remaining = &mut self.remaining;
        let mut new = Vec::new();
        let next = self.reader.take(&page, |index| {
            if *remaining > 0 {
                *remaining -= 1;
                new.push(index);
            }
        });
        self.is_over = *remaining == 0 || next == Next::Complete;
        if let Next::Incomplete(doubt) = next {
            self.doubt = Some(doubt);
        }
        let goes_on = next == Next::Page && !self.reader.is_at_front();
        let advance = goes_on.then(|| self.reader.offset() - offset);
        self.ahead.advance(&page, advance);
        new
    }

    fn incomplete(&self, doubt: Doubt) -> Error {
        let (delivered, total) = self.reader.counts();
        let reason = match (doubt, total) {
            (Doubt::Growing, _) => "new ones come faster than the list is read".to_owned(),
            (Doubt::Unsteady, Some(total)) if delivered < total => {
                format!("the tenant counts {total}")
            }
            (Doubt::Unsteady, _) => "their order changed while the list was read".to_owned(),
        };
        Error::new(
            ErrorKind::Incomplete,
            format!("tasks may be missing: {delivered} were listed, but {reason}"),
        )
        .with_hint("list again when fewer tasks change, with a larger limit, or sorted by created")
    }

    fn rows(&self, response: &Response) -> Result<Vec<Row>, Error> {
        let Some(body) = response.json_text() else {
            return Ok(Vec::new());
        };
        rows::rows(body, self.reader.delivered().hasher()).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidResponse,
                "the response is not a list of tasks",
            )
            .with_hint(messages::API_HOST)
            .with_response(response.clone())
        })
    }

    fn remove_sorter(&mut self) {
        if let Operation::GetTaskStatusList(options) = &mut self.operation {
            options.sorters = None;
        }
    }
}

/// The operation that reads the page at an offset.
fn page_operation(operation: &Operation, page_size: i64, at: i64) -> Operation {
    let mut operation = operation.clone();
    let (limit, offset) = match &mut operation {
        Operation::GetPendingTasks(options) => (&mut options.limit, &mut options.offset),
        Operation::GetTaskStatusList(options) => (&mut options.limit, &mut options.offset),
        // `Pages::new` refuses every other operation.
        _ => return operation,
    };
    *limit = Some(page_size);
    *offset = Some(at);
    operation
}

/// When a response was sent, by the tenant's clock if it says so.
fn date_of(response: &Response) -> SystemTime {
    response
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now)
}

/// Whether the tenant refused an offset beyond the end. Some do, others return an empty page.
fn is_beyond_the_end(error: &Error) -> bool {
    error.status() == Some(400)
        && error.response().is_some_and(|response| {
            response
                .text()
                .to_ascii_lowercase()
                .contains("offset is invalid")
        })
}
