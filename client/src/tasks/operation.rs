//! The five operations: their paths, queries and bodies, and the checks before they are sent.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::content::Content;
use super::patch::JsonPatch;
use super::version::ApiVersion;
use crate::error::Error;
use crate::error::messages::Subject;

/// The largest page that the tenant allows.
pub(crate) const LARGEST_PAGE: i64 = 250;

/// The longest id that is sent, in bytes. A tenant's ids have 32.
const LONGEST_ID: usize = 2048;

/// The longest path and query that is sent: servers and gateways accept little more.
const LONGEST_TARGET: usize = 32 << 10;

/// The filter that finds pending tasks, for versions without `pending-tasks`.
const PENDING_FILTER: &str = "completionStatus isnull";

/// Every character except those that RFC 3986 allows unencoded anywhere.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Which part of the pending tasks to request. A parameter that is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PendingTasksOptions {
    /// How many tasks to skip, from 0. The tenant's default is 0.
    pub offset: Option<i64>,
    /// The most tasks to return, from 0 to 250. The tenant's default is 250.
    pub limit: Option<i64>,
    /// Whether the response has the total ([`Response::total_count`](crate::Response::total_count)).
    /// The tenant's default is false.
    pub count: Option<bool>,
}

/// Which task statuses to request. A parameter that is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskStatusListOptions {
    /// The most tasks to return, from 0 to 250. The tenant's default is 250.
    pub limit: Option<i64>,
    /// How many tasks to skip, from 0. The tenant's default is 0.
    pub offset: Option<i64>,
    /// Whether the response has the total ([`Response::total_count`](crate::Response::total_count)).
    /// The tenant's default is false.
    pub count: Option<bool>,
    /// A filter such as `completionStatus eq "ERROR" and type eq "CLOUD_ACCOUNT_AGGREGATION"`.
    /// The client does not check it; the tenant does.
    pub filters: Option<String>,
    /// The order: `created`, or `-created` for the newest first.
    pub sorters: Option<String>,
}

/// One of the five operations with its arguments.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub enum Operation {
    /// HEAD of the pending tasks. The headers have the total when `count` is true.
    GetPendingTaskHeaders(PendingTasksOptions),
    /// One page of the pending tasks.
    GetPendingTasks(PendingTasksOptions),
    /// One task status.
    GetTaskStatus {
        /// The task's id.
        id: String,
    },
    /// One page of the task statuses.
    GetTaskStatusList(TaskStatusListOptions),
    /// An update of one task status.
    UpdateTaskStatus {
        /// The task's id.
        id: String,
        /// The changes.
        patch: JsonPatch,
    },
}

/// What never changes about an operation. Each operation states all of it.
struct Facts {
    name: &'static str,
    subject: Subject,
    retry_safe: bool,
    body_optional: bool,
}

/// A request without the base URL and the token.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub method: Method,
    /// Path and query, percent-encoded, to append to the base URL.
    pub target: String,
    pub body: Option<String>,
    /// Whether a success may have no JSON.
    pub body_optional: bool,
    /// What the JSON of a success has to be.
    pub content: Content,
    /// Whether the tenant may receive it twice without harm.
    pub retry_safe: bool,
    pub subject: Subject,
}

impl Operation {
    /// The operation's name in JSON: the name of the C function without `v2024_`.
    pub fn name(&self) -> &'static str {
        self.facts().name
    }

    fn facts(&self) -> Facts {
        match self {
            Self::GetPendingTaskHeaders(_) => Facts {
                name: "get_pending_task_headers",
                subject: Subject::List { is_filtered: false },
                retry_safe: true,
                body_optional: true,
            },
            Self::GetPendingTasks(_) => Facts {
                name: "get_pending_tasks",
                subject: Subject::List { is_filtered: false },
                retry_safe: true,
                // A tenant without pending tasks may respond 204.
                body_optional: true,
            },
            Self::GetTaskStatus { .. } => Facts {
                name: "get_task_status",
                subject: Subject::Task,
                retry_safe: true,
                body_optional: false,
            },
            Self::GetTaskStatusList(options) => Facts {
                name: "get_task_status_list",
                subject: Subject::List {
                    is_filtered: options.filters.is_some(),
                },
                retry_safe: true,
                body_optional: false,
            },
            Self::UpdateTaskStatus { .. } => Facts {
                name: "update_task_status",
                subject: Subject::Change,
                retry_safe: false,
                body_optional: true,
            },
        }
    }

    /// The request that this operation sends for a version of the API.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a limit or offset out of
    /// range, an empty, overlong, `.` or `..` id, and filters and sorters that are too long.
    pub(crate) fn request(&self, version: ApiVersion) -> Result<Request, Error> {
        let request = self.unbounded_request(version)?;
        if request.target.len() > LONGEST_TARGET {
            return Err(Error::invalid_argument(format!(
                "filters and sorters make a query of {} bytes, which is too long for an address; \
                 at most {LONGEST_TARGET} are sent",
                request.target.len()
            )));
        }
        Ok(request)
    }

    fn unbounded_request(&self, version: ApiVersion) -> Result<Request, Error> {
        let collection = version.collection();
        let mut body = None;
        // Versions without pending-tasks filter the task status list; its response always has a body.
        let mut pending_by_filter = false;
        let (method, target) = match self {
            Self::GetPendingTaskHeaders(options) if version.has_pending_tasks() => {
                (Method::HEAD, pending(&collection, options)?)
            }
            Self::GetPendingTaskHeaders(options) => {
                pending_by_filter = true;
                checked(options.limit, options.offset)?;
                let counted = TaskStatusListOptions {
                    limit: Some(0),
                    count: Some(true),
                    ..pending_filter(options)
                };
                (Method::GET, list(&collection, &counted)?)
            }
            Self::GetPendingTasks(options) if version.has_pending_tasks() => {
                (Method::GET, pending(&collection, options)?)
            }
            Self::GetPendingTasks(options) => {
                pending_by_filter = true;
                (Method::GET, list(&collection, &pending_filter(options))?)
            }
            Self::GetTaskStatus { id } => (Method::GET, task(&collection, id)?),
            Self::GetTaskStatusList(options) => (Method::GET, list(&collection, options)?),
            Self::UpdateTaskStatus { id, patch } => {
                body = Some(patch.as_str().to_owned());
                (Method::PATCH, task(&collection, id)?)
            }
        };
        let Facts {
            name: _,
            subject,
            retry_safe,
            body_optional,
        } = self.facts();
        Ok(Request {
            method,
            target,
            body,
            body_optional: body_optional && !pending_by_filter,
            content: match self {
                Self::GetTaskStatus { id } => Content::Task(id.trim().to_owned()),
                Self::UpdateTaskStatus { id, .. } => Content::ChangedTask(id.trim().to_owned()),
                Self::GetPendingTaskHeaders(_)
                | Self::GetPendingTasks(_)
                | Self::GetTaskStatusList(_) => Content::List,
            },
            retry_safe,
            subject,
        })
    }
}

/// The path of a task. Blanks and line ends around an id, as of a file with Windows line ends, are no part of it.
fn task(collection: &str, id: &str) -> Result<String, Error> {
    let id = id.trim();
    if id.is_empty() {
        return Err(Error::invalid_argument("the task id is empty"));
    }
    if id == "." || id == ".." {
        return Err(Error::invalid_argument(format!(
            "the task id {id:?} would leave the path of the tasks"
        )));
    }
    if id.len() > LONGEST_ID {
        return Err(Error::invalid_argument(format!(
            "the task id is {} bytes long; at most {LONGEST_ID} are sent",
            id.len()
        )));
    }
    Ok(format!("{collection}/{}", encoded(id)))
}

fn pending(collection: &str, options: &PendingTasksOptions) -> Result<String, Error> {
    checked(options.limit, options.offset)?;
    Ok(Query::of(format!("{collection}/pending-tasks"))
        .with("offset", options.offset)
        .with("limit", options.limit)
        .with("count", options.count)
        .target)
}

fn list(collection: &str, options: &TaskStatusListOptions) -> Result<String, Error> {
    checked(options.limit, options.offset)?;
    Ok(Query::of(collection.to_owned())
        .with("limit", options.limit)
        .with("offset", options.offset)
        .with("count", options.count)
        .with("filters", options.filters.as_deref())
        .with("sorters", options.sorters.as_deref())
        .target)
}

fn pending_filter(options: &PendingTasksOptions) -> TaskStatusListOptions {
    TaskStatusListOptions {
        limit: options.limit,
        offset: options.offset,
        count: options.count,
        filters: Some(PENDING_FILTER.to_owned()),
        sorters: None,
    }
}

fn checked(limit: Option<i64>, offset: Option<i64>) -> Result<(), Error> {
    if let Some(limit) = limit.filter(|limit| !(0..=LARGEST_PAGE).contains(limit)) {
        return Err(Error::invalid_argument(format!(
            "limit is {limit}; it must be from 0 to {LARGEST_PAGE}"
        ))
        .with_hint("the limit is the size of one page: for more tasks, list every page (-All in PowerShell)"));
    }
    // The API's specification has a 32-bit integer.
    if let Some(offset) = offset.filter(|offset| !(0..=i64::from(i32::MAX)).contains(offset)) {
        return Err(Error::invalid_argument(format!(
            "offset is {offset}; it must be from 0 to {}",
            i32::MAX
        )));
    }
    Ok(())
}

fn encoded(text: &str) -> percent_encoding::PercentEncode<'_> {
    utf8_percent_encode(text, ENCODED)
}

struct Query {
    target: String,
    separator: char,
}

impl Query {
    fn of(target: String) -> Self {
        Self {
            target,
            separator: '?',
        }
    }

    fn with(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.target.push(self.separator);
            self.separator = '&';
            self.target.push_str(name);
            self.target.push('=');
            self.target.extend(encoded(&value.to_string()));
        }
        self
    }
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;
