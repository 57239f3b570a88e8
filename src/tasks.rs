//! The five operations: their paths, queries and bodies, and what is checked before they are sent.

mod patch;
mod version;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use crate::error::Error;

pub use patch::JsonPatch;
pub use version::ApiVersion;

/// The largest page the tenant gives.
pub(crate) const LARGEST_PAGE: i64 = 250;

/// The longest id that is sent, in bytes; a tenant's are 32.
const LONGEST_ID: usize = 2048;

/// The longest path and query that is sent: servers and gateways take little more.
const LONGEST_TARGET: usize = 32 << 10;

/// The filter that finds what the pending operations list, for the versions without them.
const PENDING_FILTER: &str = "completionStatus isnull";

/// What RFC 3986 lets stand unencoded everywhere.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Which part of the pending tasks is asked for. What is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PendingTasksOptions {
    /// How many tasks to pass over, from 0. The tenant's default is 0.
    pub offset: Option<i64>,
    /// How many tasks at most, 0 to 250. The tenant's default is 250.
    pub limit: Option<i64>,
    /// Whether the tenant gives the `X-Total-Count` header. The tenant's default is false.
    pub count: Option<bool>,
}

/// Which task statuses are asked for. What is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskStatusListOptions {
    /// How many tasks at most, 0 to 250. The tenant's default is 250.
    pub limit: Option<i64>,
    /// How many tasks to pass over, from 0. The tenant's default is 0.
    pub offset: Option<i64>,
    /// Whether the tenant gives the `X-Total-Count` header. The tenant's default is false.
    pub count: Option<bool>,
    /// A filter such as `completionStatus eq "ERROR" and type eq "CLOUD_ACCOUNT_AGGREGATION"`,
    /// passed on as it is.
    pub filters: Option<String>,
    /// `created` or `-created`.
    pub sorters: Option<String>,
}

/// One of the five operations with its arguments.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    GetPendingTaskHeaders(PendingTasksOptions),
    GetPendingTasks(PendingTasksOptions),
    GetTaskStatus { id: String },
    GetTaskStatusList(TaskStatusListOptions),
    UpdateTaskStatus { id: String, patch: JsonPatch },
}

/// What goes out: everything of a request but the address and the token.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub method: Method,
    /// Path and query, percent-encoded, from the root of the base URL.
    pub target: String,
    pub body: Option<String>,
    /// Whether a success without JSON is an answer too.
    pub body_optional: bool,
}

impl Operation {
    /// The name by which the C ABI calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::GetPendingTaskHeaders(_) => "get_pending_task_headers",
            Self::GetPendingTasks(_) => "get_pending_tasks",
            Self::GetTaskStatus { .. } => "get_task_status",
            Self::GetTaskStatusList(_) => "get_task_status_list",
            Self::UpdateTaskStatus { .. } => "update_task_status",
        }
    }

    /// The request this operation makes in a version of the API.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a limit, offset, id, filter or sorter out of bounds.
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
        let read = |method, target| Request {
            method,
            target,
            body: None,
            body_optional: false,
        };
        Ok(match self {
            Self::GetPendingTaskHeaders(options) if version.has_pending_tasks() => Request {
                body_optional: true,
                ..read(Method::HEAD, pending(&collection, options)?)
            },
            Self::GetPendingTaskHeaders(options) => {
                let counted = TaskStatusListOptions {
                    limit: Some(0),
                    count: Some(true),
                    ..pending_filter(options)
                };
                checked(options.limit, options.offset)?;
                read(Method::GET, list(&collection, &counted)?)
            }
            Self::GetPendingTasks(options) if version.has_pending_tasks() => Request {
                body_optional: true,
                ..read(Method::GET, pending(&collection, options)?)
            },
            Self::GetPendingTasks(options) => {
                read(Method::GET, list(&collection, &pending_filter(options))?)
            }
            Self::GetTaskStatus { id } => read(Method::GET, task(&collection, id)?),
            Self::GetTaskStatusList(options) => read(Method::GET, list(&collection, options)?),
            Self::UpdateTaskStatus { id, patch } => Request {
                method: Method::PATCH,
                target: task(&collection, id)?,
                body: Some(patch.as_str().to_owned()),
                body_optional: true,
            },
        })
    }
}

fn task(collection: &str, id: &str) -> Result<String, Error> {
    if id.trim().is_empty() {
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
        )));
    }
    // The API's own type is a 32-bit integer.
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
mod tests;
