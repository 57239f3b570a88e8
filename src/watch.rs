//! What a call tells of itself while it runs.

use std::time::Duration;

use crate::answer::Answer;
use crate::error::Error;

/// Told of the exchanges and waits of a call.
pub(crate) trait Watch: Send + Sync {
    /// A request was answered or failed.
    fn exchange(&self, exchange: &Exchange<'_>);
    /// The call waits before it goes on.
    fn retry(&self, retry: &Retry<'_>);
    /// A task that is waited for was looked at and still runs.
    fn progress(&self, progress: &Progress<'_>);
}

/// One request and what came of it. Never holds a header or a body that was sent.
pub(crate) struct Exchange<'a> {
    pub method: &'a reqwest::Method,
    pub url: &'a str,
    /// From 1.
    pub attempt: u32,
    pub duration: Duration,
    pub result: Result<&'a Answer, &'a Error>,
}

/// A wait and its reason.
pub(crate) struct Retry<'a> {
    /// The try that follows, from 2; 1 when the first one is held back.
    pub attempt: u32,
    pub delay: Duration,
    pub status: Option<u16>,
    pub reason: &'a str,
}

/// How far a task is.
pub(crate) struct Progress<'a> {
    pub id: &'a str,
    pub name: Option<&'a str>,
    pub percent_complete: Option<f64>,
}

/// Nobody looks.
impl Watch for () {
    fn exchange(&self, _: &Exchange<'_>) {}
    fn retry(&self, _: &Retry<'_>) {}
    fn progress(&self, _: &Progress<'_>) {}
}
