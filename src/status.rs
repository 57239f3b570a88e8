//! The numbers in the C header. A number never gets another meaning.

use v2024_task_management::{Error, ErrorKind};

/// An argument was refused before any request was sent: a NULL or freed client, text that is not
/// UTF-8, a limit, offset, id or patch out of bounds.
pub const V2024_ERR_INVALID_ARGUMENT: i32 = -1;
/// A setting is missing or cannot be used.
pub const V2024_ERR_SETTINGS: i32 = -2;
/// The token endpoint refused the client id or secret, or gave no usable token.
pub const V2024_ERR_AUTHENTICATION: i32 = -3;
/// The tenant or the proxy before it could not be reached, or closed the connection before a response
/// came.
pub const V2024_ERR_CONNECT: i32 = -4;
/// TLS failed, most often because of a certificate that is not trusted.
pub const V2024_ERR_TLS: i32 = -5;
/// The call did not end within the setting TimeoutSeconds.
pub const V2024_ERR_TIMEOUT: i32 = -6;
/// The call was cancelled by v2024_call_cancel.
pub const V2024_ERR_CANCELLED: i32 = -7;
/// The response cannot be used: it was cut off, or is not JSON.
pub const V2024_ERR_INVALID_RESPONSE: i32 = -8;
/// A task that was waited for no longer exists.
pub const V2024_ERR_GONE: i32 = -9;
/// The process or the system ran out of file descriptors, threads or memory. The next call tries
/// again.
pub const V2024_ERR_RESOURCES: i32 = -10;
/// A listing ended before it could make sure that every task was delivered.
pub const V2024_ERR_INCOMPLETE: i32 = -11;
/// A defect of this library; please report it.
pub const V2024_ERR_PANIC: i32 = -99;

/// The call is over: no more messages will come.
pub const V2024_CALL_OVER: i32 = 0;
/// A message was returned.
pub const V2024_CALL_MESSAGE: i32 = 1;
/// No message came in time; the call goes on.
pub const V2024_CALL_RUNNING: i32 = 2;

/// The HTTP status of the tenant's response where it is the error, else the number of the error's kind.
pub(crate) fn of(error: &Error) -> i32 {
    match error.kind() {
        ErrorKind::InvalidArgument => V2024_ERR_INVALID_ARGUMENT,
        ErrorKind::Settings => V2024_ERR_SETTINGS,
        ErrorKind::Authentication => V2024_ERR_AUTHENTICATION,
        ErrorKind::Connect => V2024_ERR_CONNECT,
        ErrorKind::Tls => V2024_ERR_TLS,
        ErrorKind::Timeout => V2024_ERR_TIMEOUT,
        ErrorKind::Cancelled => V2024_ERR_CANCELLED,
        ErrorKind::InvalidResponse => V2024_ERR_INVALID_RESPONSE,
        ErrorKind::Http => error.status().map_or(V2024_ERR_PANIC, i32::from),
        ErrorKind::Gone => V2024_ERR_GONE,
        ErrorKind::Resources => V2024_ERR_RESOURCES,
        ErrorKind::Incomplete => V2024_ERR_INCOMPLETE,
        // A kind that has no number yet; the test below finds it.
        _ => V2024_ERR_PANIC,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_of_error_has_a_number_of_its_own() {
        let numbers: HashSet<i32> = ErrorKind::ALL
            .iter()
            .filter(|kind| **kind != ErrorKind::Http)
            .map(|kind| of(&Error::new(*kind, "")))
            .collect();
        assert_eq!(numbers.len(), ErrorKind::ALL.len() - 1, "{numbers:?}");
    }
}
