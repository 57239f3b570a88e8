//! The events a running call reports: requests, retries, and the progress of tasks waited for.

use std::time::Duration;

use crate::error::Error;
use crate::response::Response;

/// Receives the events of a running call, on the thread that runs it.
///
/// Every event may be ignored: `()` is an observer that ignores all of them.
pub trait Observer: Send + Sync {
    /// A request got a response or failed.
    fn request(&self, event: &RequestEvent<'_>) {
        let _ = event;
    }

    /// The call waits before it goes on.
    fn retry(&self, event: &RetryEvent<'_>) {
        let _ = event;
    }

    /// A task that is waited for has not ended yet.
    fn progress(&self, event: &ProgressEvent<'_>) {
        let _ = event;
    }
}

impl Observer for () {}

/// One request and what came of it. Never holds a header or a body that was sent.
#[non_exhaustive]
#[derive(Debug)]
pub struct RequestEvent<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The whole address.
    pub url: &'a str,
    /// Which try of the call it was, from 1.
    pub attempt: u32,
    /// From sending to the end of the response.
    pub duration: Duration,
    /// The response, any HTTP status, or why there is none.
    pub result: Result<&'a Response, &'a Error>,
}

/// A wait and its reason.
#[non_exhaustive]
#[derive(Debug)]
pub struct RetryEvent<'a> {
    /// The try that follows, from 2; 1 when the first one is held back by the rate limit.
    pub attempt: u32,
    /// How long the call waits.
    pub delay: Duration,
    /// The HTTP status that caused the wait, where there was a response.
    pub status: Option<u16>,
    /// Why the call waits, in words.
    pub reason: &'a str,
}

/// How far a task is.
#[non_exhaustive]
#[derive(Debug)]
pub struct ProgressEvent<'a> {
    /// The task's id.
    pub id: &'a str,
    /// Its `uniqueName`, if it has one.
    pub name: Option<&'a str>,
    /// Its `percentComplete`, if it has one.
    pub percent_complete: Option<f64>,
}
