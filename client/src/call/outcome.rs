//! What the last response of a call means to its caller.

use std::time::Duration;

use super::Call;
use crate::error::{Error, messages};
use crate::http::{LONGEST_HOLD, retry_after};
use crate::response::{Body, Response};
use crate::tasks::Request;

impl Call<'_> {
    /// The response, if it is a success and has what was asked for.
    pub(super) fn checked(&self, request: &Request, response: Response) -> Result<Response, Error> {
        let line = || messages::line(&request.method, &request.target);
        if !response.is_success() {
            let status = response.status();
            let error = self.with_wait(messages::refused(request.subject, &line(), response));
            return Err(if status == 401 {
                self.core.settings.credentials.not_replaced(error)
            } else {
                error
            });
        }
        let error = match response.body() {
            Body::Json(json) => match request.content.mismatch(json) {
                None => return Ok(response),
                Some(found) => messages::other_content(&line(), &found, response),
            },
            Body::Empty if request.body_optional => return Ok(response),
            _ => messages::not_json(&line(), response),
        };
        Err(if request.retry_safe {
            error
        } else {
            messages::perhaps_changed(error)
        })
    }

    /// Says how long the tenant asks to wait, if that is longer than the call may take or others are held.
    pub(super) fn with_wait(&self, error: Error) -> Error {
        match asked_wait(&error) {
            Some(asked) if asked <= LONGEST_HOLD && self.ran_out_of_time => {
                messages::asks_too_long(error, asked, self.core.settings.timeout)
            }
            _ => with_hold(error),
        }
    }
}

/// The time in the `Retry-After` of a 429.
fn asked_wait(error: &Error) -> Option<Duration> {
    error
        .response()
        .filter(|response| response.status() == 429)
        .and_then(retry_after)
}

/// Adds how long other requests are held back if the tenant asks to wait longer than that.
pub(super) fn with_hold(error: Error) -> Error {
    match asked_wait(&error) {
        Some(asked) if asked > LONGEST_HOLD => messages::also_holds(error, asked, LONGEST_HOLD),
        _ => error,
    }
}
