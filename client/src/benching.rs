//! The doors for `benches/core`: what the library does for one response or one call, piece by piece.

use std::hash::RandomState;

use crate::error::{Error, words};
use crate::host::{CallRequest, json};
use crate::listing::rows;
use crate::response::Response;
use crate::tasks::{ApiVersion, Operation, TaskStatusListOptions};

/// A response from a body: is it UTF-8, is it JSON?
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

/// The error that a refused GET of one task becomes.
///
/// # Errors
/// An id that is not sent.
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
/// An id that is not sent.
pub fn path(id: &str) -> Result<String, Error> {
    let operation = Operation::GetTaskStatus { id: id.to_owned() };
    Ok(operation.request(ApiVersion::default())?.target)
}

/// Path and query of a list.
///
/// # Errors
/// Options that are not sent.
pub fn query(options: TaskStatusListOptions) -> Result<String, Error> {
    let operation = Operation::GetTaskStatusList(options);
    Ok(operation.request(ApiVersion::default())?.target)
}

/// A page in its rows, and what each is known by; all of these in one.
pub fn rows(page: &Response, hasher: &RandomState) -> Option<u64> {
    let rows = rows::rows(page.text(), hasher)?;
    Some(rows.iter().fold(0, |keys, row| keys ^ row.key))
}

/// The request of a call.
///
/// # Errors
/// A request that is not understood.
pub fn call_request(json: &str) -> Result<(), Error> {
    CallRequest::parse(json).map(drop)
}
