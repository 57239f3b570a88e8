//! The doors for `benches/core`: what the library does for one answer or one call, piece by piece.

use std::hash::RandomState;

use crate::answer::Answer;
use crate::error::Error;
use crate::ffi::request::CallRequest;
use crate::listing::rows;
use crate::tasks::{ApiVersion, Operation, TaskStatusListOptions};
use crate::{envelope, explain};

/// An answer from a body: is it UTF-8, is it JSON?
pub fn answer(status: u16, body: Vec<u8>) -> Answer {
    let headers = [
        ("content-type", "application/json;charset=UTF-8"),
        ("x-total-count", "1000"),
        ("slpt-request-id", "7a3f0c5d9e1b4f62a8c0d1e2f3a4b5c6"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Answer::new(status, headers.to_vec(), body)
}

/// The text that stands for a result at the C ABI.
pub fn envelope(result: Result<Answer, Error>) -> String {
    envelope::envelope(result)
}

/// The error that a refused GET of one task becomes.
///
/// # Errors
/// An id that is not sent.
pub fn refused(id: &str, answer: Answer) -> Result<Error, Error> {
    let operation = Operation::GetTaskStatus { id: id.to_owned() };
    let request = operation.request(ApiVersion::default())?;
    Ok(explain::refused(&operation, &request, answer))
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
pub fn rows(page: &Answer, hasher: &RandomState) -> Option<u64> {
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
