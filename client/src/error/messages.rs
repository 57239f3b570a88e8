//! The messages and hints of errors: what happened, the tenant's own words, and advice on the usual causes.

use std::time::{Duration, SystemTime};

use jiff::{Timestamp, Unit};
use reqwest::{Method, StatusCode};

use super::{Error, ErrorKind};
use crate::response::Response;
use crate::text::brief;

pub(crate) const API_HOST: &str =
    "check that BaseUrl is the API's address, https://TENANT.api.identitynow.com";

const PAGE: &str = "a web page came, not a response of the API: check that BaseUrl is the API's address, \
                    https://TENANT.api.identitynow.com, and whether a proxy sent it";

const RATE: &str = "the tenant limits the rate of requests: send them less often, \
                    or allow more retries (MaximumRetryCount, TimeoutSeconds)";

const TENANT_FAILED: &str =
    "the tenant failed: try again later, or report the tracking id to SailPoint's support";

/// What an operation is about, as far as the advice on its errors depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A list of tasks, with or without a filter from the caller.
    List { is_filtered: bool },
    /// One task.
    Task,
    /// A change of one task.
    Change,
}

/// The tenant responded to a request with a status that is not a success.
pub(crate) fn refused(subject: Subject, request: &str, response: Response) -> Error {
    let error = Error::new(ErrorKind::Http, describe(request, &response));
    match hint(subject, &response) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
    .with_response(response)
}

/// A successful response whose body is empty or not JSON.
pub(crate) fn not_json(request: &str, response: Response) -> Error {
    let what = if response.text().is_empty() {
        "no body"
    } else {
        "a body that is not JSON"
    };
    Error::new(
        ErrorKind::InvalidResponse,
        format!("{request}: {} with {what}", status_text(response.status())),
    )
    .with_hint(API_HOST)
    .with_response(response)
}

/// A successful response whose JSON is not what was asked for.
pub(crate) fn other_content(request: &str, found: &str, response: Response) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("{request}: {} with {found}", status_text(response.status())),
    )
    .with_hint(API_HOST)
    .with_response(response)
}

/// The token endpoint responded, but not with a token.
pub(crate) fn token_refused(url: &str, response: Response) -> Error {
    let described = describe(&format!("POST {url}"), &response);
    match response.status() {
        400 | 401 | 403 => Error::new(
            ErrorKind::Authentication,
            format!("invalid client credentials: {described}"),
        )
        .with_hint(if is_page(&response) {
            PAGE
        } else {
            "check ClientId and ClientSecret (SAIL_CLIENT_ID, SAIL_CLIENT_SECRET); \
             the personal access token may have been revoked or have expired"
        }),
        404 | 405 => Error::new(ErrorKind::Http, described).with_hint(if is_page(&response) {
            PAGE
        } else {
            API_HOST
        }),
        429 => Error::new(ErrorKind::Http, described).with_hint(RATE),
        500..=599 => Error::new(ErrorKind::Http, described).with_hint(TENANT_FAILED),
        _ => Error::new(ErrorKind::Http, described),
    }
    .with_response(response)
}

/// The given token has expired, and there is no client id and secret to fetch another with.
pub(crate) fn no_credentials() -> Error {
    Error::new(ErrorKind::Authentication, "the given Token has expired")
        .with_hint("give a new Token, or ClientId and ClientSecret to fetch tokens with")
}

/// The tenant rejected the given token, and there is a client that does not take its place.
pub(crate) fn not_replaced(error: Error, from: &str, token_from: &str) -> Error {
    let message = format!(
        "; the given Token, from {token_from}, is not replaced by the ClientId and ClientSecret from {from}"
    );
    error.amend(&message).with_hint(format!(
        "give a new Token, or remove Token from {token_from} to use the ClientId and ClientSecret from {from}, \
         or give them beside Token to have them used when it is rejected"
    ))
}

/// A task that existed earlier in the wait and now gets a 404.
pub(crate) fn gone(id: &str, not_found: Error) -> Error {
    let error = Error::new(
        ErrorKind::Gone,
        format!("task {id} disappeared during the wait"),
    )
    .with_hint("it may have been deleted; whether it succeeded is not known");
    match not_found.response() {
        Some(response) => error.with_response(response.clone()),
        None => error,
    }
}

/// The last look at a task, when the wait for it was over, got no response in time.
pub(crate) fn no_last_look(limit: Duration) -> Error {
    let seconds = limit.as_secs_f64();
    Error::new(
        ErrorKind::Timeout,
        format!("no response within {seconds} s"),
    )
}

/// A task that did not finish before the wait's timeout.
pub(crate) fn still_running(id: &str, timeout: Duration) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!(
            "task {id} has not finished within {} s",
            timeout.as_secs_f64()
        ),
    )
    .with_hint("wait longer, or check the task: it may be stuck")
}

/// The rate limit of an earlier response holds requests back for longer than the call may take.
pub(crate) fn held_back(
    wait: Duration,
    timeout: Duration,
    request: &str,
    response: Response,
) -> Error {
    let until = Timestamp::try_from(SystemTime::now() + wait)
        .and_then(|time| time.round(Unit::Second))
        .map_or(String::new(), |time| format!(" until {time}"));
    Error::new(
        ErrorKind::Http,
        format!(
            "held back by the tenant's rate limit{until}, for {:.0} s, \
              longer than the call may take ({} s, TimeoutSeconds): {}",
            wait.as_secs_f64().ceil(),
            timeout.as_secs_f64(),
            describe(request, &response)
        ),
    )
    .with_hint("send requests less often, or raise TimeoutSeconds")
    .with_response(response)
}

/// Says for how long other requests wait if the tenant asks for longer than that.
pub(crate) fn also_holds(error: Error, asked: Duration, held: Duration) -> Error {
    error.amend(&format!(
        "; the tenant asks to wait {} s, and the client's other requests wait {} s of them",
        asked.as_secs(),
        held.as_secs()
    ))
}

/// Says that the tenant asks for a wait that the call has no time for.
pub(crate) fn asks_too_long(error: Error, asked: Duration, timeout: Duration) -> Error {
    error.amend(&format!(
        "; the tenant asks to wait {} s, and the call may take {} s (TimeoutSeconds)",
        asked.as_secs(),
        timeout.as_secs_f64()
    ))
}

pub(crate) fn timed_out(what: &str, timeout: Duration, last_status: Option<u16>) -> Error {
    let before = last_status.map_or(String::new(), |status| {
        format!("; the response before was {status}")
    });
    Error::new(
        ErrorKind::Timeout,
        format!(
            "no result within {} s (TimeoutSeconds), {what}{before}",
            timeout.as_secs_f64()
        ),
    )
}

/// The caller wants no more requests, and this one was not sent.
pub(crate) fn not_sent() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "the request was not sent: the call was told to send nothing more",
    )
}

/// Says that a request would have been tried again.
pub(crate) fn not_again(error: Error) -> Error {
    error.amend("; not tried again: the call was told to send nothing more")
}

/// Warns that the tenant may have made the change although its response was lost.
pub(crate) fn perhaps_changed(error: Error) -> Error {
    error.with_hint("the update may have been made: get the task status before trying again")
}

/// A request line for a message. The target is cut, since filters may be long.
pub(crate) fn line(method: &Method, target: &str) -> String {
    const LONGEST: usize = 200;
    format!("{method} {}", brief(target, LONGEST))
}

fn describe(request: &str, response: &Response) -> String {
    let mut message = format!("{request}: {}", status_text(response.status()));
    if let Some(words) = response.words() {
        message.push_str(": ");
        message.push_str(&words);
    }
    if let Some(id) = response.tracking_id() {
        message.push_str(" [tracking id ");
        message.push_str(&id);
        message.push(']');
    }
    message
}

pub(crate) fn status_text(status: u16) -> String {
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

fn hint(subject: Subject, response: &Response) -> Option<String> {
    let hint = match response.status() {
        300..=399 => {
            let to = response.header("location").unwrap_or("another place");
            if response.status() == 303 && subject == Subject::Change {
                return Some(format!(
                    "the tenant redirects to {to}, which is not followed: get the task status to see whether the \
                     update was made"
                ));
            }
            return Some(format!(
                "the tenant redirects to {to}, where the token is not sent: check BaseUrl"
            ));
        }
        400 if is_type_filter(subject, response) => {
            "the filter on type takes names such as CLOUD_ACCOUNT_AGGREGATION or \
             CLOUD_GROUP_AGGREGATION, not QUARTZ, QPOC and QUEUED_TASK as in the results"
        }
        400 if subject == (Subject::List { is_filtered: true }) => {
            "a filter is written as in completionStatus eq \"ERROR\" and type eq \"CLOUD_ACCOUNT_AGGREGATION\", and a \
             list is sorted by created or -created"
        }
        401 | 403 | 404 if is_page(response) => PAGE,
        401 => "the tenant rejected the token: check ClientId and ClientSecret, or the given Token",
        403 if subject == Subject::Change => {
            "an update needs the scope idn:task-management:write and the token of a user \
             (a personal access token), not of an application"
        }
        403 => "the token lacks the scope idn:task-management:read, or its user may not see tasks",
        404 => match subject {
            Subject::Task | Subject::Change => {
                "there is no task status with this id; tasks older than 90 days are not kept"
            }
            Subject::List { .. } => {
                "check BaseUrl, and ApiVersion: not every version has this operation"
            }
        },
        429 => RATE,
        500..=599 => TENANT_FAILED,
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Whether a body is HTML, as the tenant's address for browsers and proxies send it, and the API does not.
fn is_page(response: &Response) -> bool {
    response.text().trim_start().starts_with('<')
}

/// Whether the tenant refused a filter such as `type eq "QUARTZ"`.
fn is_type_filter(subject: Subject, response: &Response) -> bool {
    subject == Subject::List { is_filtered: true }
        && response.text().contains("Enumerated string (type)")
}
