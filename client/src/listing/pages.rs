//! The pages of a listing, while tasks come and go.
//!
//! An offset counts rows of a list that changes between two requests: when tasks end or are
//! deleted, later rows move up; new tasks move them down. So each page begins a few rows before the
//! end of the previous one. If its first row was delivered before, nothing was skipped. If not, rows
//! moved by more than this overlap, and the listing steps back until it finds a delivered row.
//! No row is delivered twice.

use super::delivered::Delivered;
use super::rows::{self, Row};
use crate::call::Core;
use crate::error::{Error, ErrorKind, words};
use crate::events::Observer;
use crate::response::Response;
use crate::tasks::{LARGEST_PAGE, Operation};

/// How many rows two pages have in common.
const OVERLAP: i64 = 5;

/// A smaller page could not overlap the previous one.
const SMALLEST_PAGE: i64 = 2;

/// A tenant may give a full page and then refuse the next offset as beyond the end. After so many
/// times in a row without a new task, the listing ends. Once or twice, the list may really have grown
/// and shrunk in between.
const MOST_CONTRADICTIONS: u32 = 3;

/// Where a listing is, and what it has delivered.
pub(super) struct Pages {
    core: Core,
    operation: Operation,
    page: i64,
    start: i64,
    offset: i64,
    /// How many more tasks to deliver.
    remaining: u64,
    delivered: Delivered,
    contradictions: u32,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    First,
    Forward,
    /// Steps back, because rows moved up by more than the overlap.
    Back,
    /// Steps back, because the offset is beyond the end.
    BackFromEnd,
    Over,
}

impl Pages {
    pub(super) fn new(core: Core, operation: Operation, first: Option<u64>) -> Result<Self, Error> {
        let (limit, offset) = match &operation {
            Operation::GetPendingTasks(options) => (options.limit, options.offset),
            Operation::GetTaskStatusList(options) => (options.limit, options.offset),
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
        operation.request(core.settings.api_version)?;
        let start = offset.unwrap_or(0);
        Ok(Self {
            core,
            operation,
            page: limit.unwrap_or(LARGEST_PAGE).max(SMALLEST_PAGE),
            start,
            offset: start,
            remaining: first.unwrap_or(u64::MAX),
            delivered: Delivered::default(),
            contradictions: 0,
            state: if first == Some(0) {
                State::Over
            } else {
                State::First
            },
        })
    }

    /// The next page with tasks that were not delivered before, or `None` at the end.
    pub(super) async fn next(
        &mut self,
        observer: &dyn Observer,
    ) -> Option<Result<Response, Error>> {
        while self.state != State::Over {
            match self.step(observer).await {
                Ok(Some(page)) => return Some(Ok(page)),
                Ok(None) => {}
                Err(error) => {
                    self.state = State::Over;
                    let place = format!("; the listing stopped at offset {}", self.offset);
                    return Some(Err(error.amend(&place)));
                }
            }
        }
        None
    }

    /// Fetches one page. Returns `None` if it has nothing new or the listing steps back.
    async fn step(&mut self, observer: &dyn Observer) -> Result<Option<Response>, Error> {
        let response = match self.core.run(&self.page_operation(), observer).await {
            Ok(response) => response,
            Err(error) if self.state != State::First && is_beyond_the_end(&error) => {
                self.step_back_from_end();
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let mut rows = self.rows(&response)?;
        let count = rows.len();
        let first_page = self.state == State::First;
        let full = i64::try_from(count).is_ok_and(|count| count >= self.page);

        if rows.is_empty() && !first_page && self.offset > self.start {
            self.step_back_from_end();
            return Ok(None);
        }
        let joined = rows
            .first()
            .is_none_or(|row| self.delivered.contains(row.key));
        if !joined && self.offset > self.start {
            self.offset = self.earlier();
            self.state = State::Back;
            return Ok(None);
        }

        rows.retain(|row| {
            let new = self.remaining > 0 && self.delivered.insert(row.key);
            self.remaining -= u64::from(new);
            new
        });
        let nothing_new = rows.is_empty();
        let page = (first_page || !nothing_new).then(|| {
            if rows.len() == count {
                response
            } else {
                response.map_json(|body| rows::only(&rows, body))
            }
        });

        // A full page with nothing new, after an offset beyond the end.
        if !nothing_new {
            self.contradictions = 0;
        } else if self.state == State::BackFromEnd && full {
            self.contradictions += 1;
        }
        let ended = self.contradictions == MOST_CONTRADICTIONS;
        if !full || ended || self.remaining == 0 {
            self.state = State::Over;
        } else {
            self.offset += self.page - self.overlap();
            self.state = State::Forward;
        }
        Ok(page)
    }

    fn rows(&self, response: &Response) -> Result<Vec<Row>, Error> {
        let Some(body) = response.json_text() else {
            return Ok(Vec::new());
        };
        rows::rows(body, self.delivered.hasher()).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidResponse,
                "the response is not a list of tasks",
            )
            .with_hint(words::API_HOST)
            .with_response(response.clone())
        })
    }

    fn page_operation(&self) -> Operation {
        let mut operation = self.operation.clone();
        let (limit, offset) = match &mut operation {
            Operation::GetPendingTasks(options) => (&mut options.limit, &mut options.offset),
            Operation::GetTaskStatusList(options) => (&mut options.limit, &mut options.offset),
            // `new` refuses every other operation.
            _ => return operation,
        };
        *limit = Some(self.page);
        *offset = Some(self.offset);
        operation
    }

    fn overlap(&self) -> i64 {
        OVERLAP.min(self.page / 2)
    }

    fn earlier(&self) -> i64 {
        (self.offset - (self.page - self.overlap())).max(self.start)
    }

    fn step_back_from_end(&mut self) {
        let earlier = self.earlier();
        self.state = if earlier == self.offset {
            State::Over
        } else {
            State::BackFromEnd
        };
        self.offset = earlier;
    }
}

/// Whether the tenant refused an offset beyond the end, as some do instead of an empty page.
fn is_beyond_the_end(error: &Error) -> bool {
    error.status() == Some(400)
        && error.response().is_some_and(|response| {
            response
                .text()
                .to_ascii_lowercase()
                .contains("offset is invalid")
        })
}
