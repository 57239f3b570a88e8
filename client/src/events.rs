//! Events that a running call reports: requests, retries, checks of certificates, and the progress of tasks.
//!
//! Implement [`Observer`] to log what a call does, and pass it to [`Client::run`](crate::Client::run),
//! [`Listing::next_page_observed`](crate::Listing::next_page_observed) or
//! [`Waiting::next_observed`](crate::Waiting::next_observed).

use std::time::Duration;

use crate::error::Error;
use crate::response::Response;

/// Receives the events of a running call, on the thread that runs it.
///
/// Each method ignores its event by default. The observer `()` ignores all of them.
pub trait Observer: Send + Sync {
    /// A request got a response or failed.
    fn request(&self, event: &RequestEvent<'_>) {
        let _ = event;
    }

    /// The call waits before its next request.
    fn retry(&self, event: &RetryEvent<'_>) {
        let _ = event;
    }

    /// The operating system checks the certificate of a server, and the call waits for it. The check may
    /// take ten seconds or more where the system cannot ask whether the certificate was revoked.
    fn certificate_check(&self, event: &CertificateCheckEvent<'_>) {
        let _ = event;
    }

    /// A task has not finished yet.
    fn progress(&self, event: &ProgressEvent<'_>) {
        let _ = event;
    }
}

impl Observer for () {}

/// One request and its result. It has no header or body that was sent.
#[non_exhaustive]
#[derive(Debug)]
pub struct RequestEvent<'a> {
    /// The task's id, if the call has several tasks.
    pub id: Option<&'a str>,
    /// The HTTP method.
    pub method: &'a str,
    /// The URL.
    pub url: &'a str,
    /// Which attempt of the call it was, from 1.
    pub attempt: u32,
    /// The time from sending to the end of the response.
    pub duration: Duration,
    /// The response, of any HTTP status, or why there is none. Secrets are masked; a response that brings
    /// a token is without its body.
    pub result: Result<&'a Response, &'a Error>,
}

/// A wait and its reason.
#[non_exhaustive]
#[derive(Debug)]
pub struct RetryEvent<'a> {
    /// The task's id, if the call has several tasks.
    pub id: Option<&'a str>,
    /// The attempt that follows, from 2; 1 when the rate limit delays the first one.
    pub attempt: u32,
    /// How long the call waits.
    pub delay: Duration,
    /// The HTTP status that caused the wait, if there was a response.
    pub status: Option<u16>,
    /// Why the call waits, in English.
    pub reason: &'a str,
}

/// A check of a certificate that takes long.
#[non_exhaustive]
#[derive(Debug)]
pub struct CertificateCheckEvent<'a> {
    /// The task's id, if the call has several tasks.
    pub id: Option<&'a str>,
    /// The host whose certificate is checked: the tenant's, or that of a proxy.
    pub host: &'a str,
}

/// The progress of a task that has not finished.
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
