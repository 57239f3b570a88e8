//! The messages of a running call. Each is a JSON text with its `kind`.

use std::time::Duration;

use serde_json::json;

use super::json::framed;
use crate::error::Error;
use crate::events::{CertificateCheckEvent, ProgressEvent, RequestEvent, RetryEvent};
use crate::response::Response;

/// A result. `id` is the task's, where a call has several tasks.
pub fn response(id: Option<&str>, result: Result<Response, Error>) -> String {
    framed(Some("response"), id, false, result)
}

/// A page of a listing, with [`Listing::is_gapless`](crate::Listing::is_gapless).
pub fn page(is_gapless: bool, result: Result<Response, Error>) -> String {
    framed(Some("response"), None, is_gapless && result.is_ok(), result)
}

/// A request that was sent, with its response or error.
pub fn request(event: &RequestEvent<'_>) -> String {
    let mut message = json!({
        "kind": "request",
        "attempt": event.attempt,
        "method": event.method,
        "url": event.url,
        "duration_ms": milliseconds(event.duration),
    });
    if let Some(id) = event.id {
        message["id"] = id.into();
    }
    match event.result {
        Ok(response) => {
            message["status"] = response.status().into();
            message["bytes"] = response.text().len().into();
            message["trackingId"] = response.tracking_id().into();
        }
        Err(error) => message["error"] = error.message().into(),
    }
    message.to_string()
}

/// A wait before the next attempt.
pub fn retry(event: &RetryEvent<'_>) -> String {
    let mut message = json!({
        "kind": "retry",
        "attempt": event.attempt,
        "delay_ms": milliseconds(event.delay),
        "reason": event.reason,
    });
    if let Some(id) = event.id {
        message["id"] = id.into();
    }
    if let Some(status) = event.status {
        message["status"] = status.into();
    }
    message.to_string()
}

/// A check of a certificate that the call waits for.
pub fn certificate_check(event: &CertificateCheckEvent<'_>) -> String {
    let mut message = json!({ "kind": "certificate_check", "host": event.host });
    if let Some(id) = event.id {
        message["id"] = id.into();
    }
    message.to_string()
}

/// The progress of a task that has not finished.
pub fn progress(event: &ProgressEvent<'_>) -> String {
    json!({
        "kind": "progress",
        "id": event.id,
        "uniqueName": event.name,
        "percentComplete": event.percent_complete,
    })
    .to_string()
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_without_a_gap_says_so() {
        let tasks = || Response::new(200, Vec::new(), b"[]".to_vec());
        assert_eq!(
            page(true, Ok(tasks())),
            r#"{"kind":"response","status":200,"headers":{},"gapless":true,"body":[]}"#
        );
        assert_eq!(
            page(false, Ok(tasks())),
            r#"{"kind":"response","status":200,"headers":{},"body":[]}"#
        );
        let error = || Error::new(crate::ErrorKind::Connect, "no");
        assert_eq!(
            page(true, Err(error())),
            r#"{"kind":"response","error":{"code":"connect","message":"no"}}"#
        );
    }

    #[test]
    fn the_message_about_a_certificate_that_is_checked() {
        let message = |id| certificate_check(&CertificateCheckEvent { id, host: "t.test" });
        let one = r#"{"kind":"certificate_check","host":"t.test"}"#;
        assert_eq!(message(None), one);
        let several = r#"{"kind":"certificate_check","host":"t.test","id":"t1"}"#;
        assert_eq!(message(Some("t1")), several);
    }
}
