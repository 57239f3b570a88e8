//! Opens private parts of the crate to `benches/core`.

use std::hash::RandomState;

use crate::error::{Error, words};
use crate::host::{CallRequest, json};
use crate::listing::rows;
use crate::response::Response;
use crate::tasks::{ApiVersion, Operation, TaskStatusListOptions};

/// A response from the bytes of a body.
pub fn response(status: u16, body: Vec<u8>) -> Response {
    let headers = [
        ("content-type", "application/json;charset=UTF-8"),
        ("x-total-count", "1000"),
        ("slpt-request-id", "7a3f0c5d9e1b4f62a8c0d1e2f3a4b5c6"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Response::new(status, headers.to_vec(), body)
}

/// The JSON of a result.
pub fn result(result: Result<Response, Error>) -> String {
    json::result(result)
}

/// The error for a GET of one task that the tenant refused.
///
/// # Errors
/// An invalid id.
pub fn refused(id: &str, response: Response) -> Result<Error, Error> {
    let operation = Operation::GetTaskStatus { id: id.to_owned() };
    let request = operation.request(ApiVersion::default())?;
    Ok(words::refused(
        request.subject,
        &words::line(&request.method, &request.target),
        response,
    ))
}

/// The path of one task.
///
/// # Errors
/// An invalid id.
pub fn path(id: &str) -> Result<String, Error> {
    let operation = Operation::GetTaskStatus { id: id.to_owned() };
    Ok(operation.request(ApiVersion::default())?.target)
}

/// The path and query of a task status list.
///
/// # Errors
/// Invalid options.
pub fn query(options: TaskStatusListOptions) -> Result<String, Error> {
    let operation = Operation::GetTaskStatusList(options);
    Ok(operation.request(ApiVersion::default())?.target)
}

/// Splits a page into rows. Returns their keys combined, so that none is optimized away.
pub fn rows(page: &Response, hasher: &RandomState) -> Option<u64> {
    let rows = rows::rows(page.text(), hasher)?;
    Some(rows.iter().fold(0, |keys, row| keys ^ row.key))
}

/// Reads the request of a call.
///
/// # Errors
/// An invalid request.
pub fn call_request(json: &str) -> Result<(), Error> {
    CallRequest::parse(json).map(drop)
}
