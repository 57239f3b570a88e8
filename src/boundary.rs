//! The boundary that every export passes: it recognizes forked processes, checks arguments, catches
//! panics and writes results.

use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use v2024_task_management::host::json;
use v2024_task_management::{Error, ErrorKind, Response};

use crate::{process, status};

/// Runs an operation and returns its result to C.
///
/// # Safety
/// `status` must be NULL or point to an `int32_t` that may be written.
pub(crate) unsafe fn respond(
    status: *mut i32,
    operation: impl FnOnce() -> Result<Response, Error>,
) -> *mut c_char {
    let result = caught(operation);
    let number = match &result {
        Ok(response) => i32::from(response.status()),
        Err(error) => status::of(error),
    };
    // SAFETY: `status` is as this function asks.
    unsafe { write(status, number) };
    string(json::result(result))
}

/// Runs something that may fail. A panic becomes an error, and so does use in a child that was forked
/// after its parent had used the library.
pub(crate) fn caught<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    enter(|| process::check().and_then(|()| body())).unwrap_or_else(|_| Err(panicked()))
}

/// Runs something that cannot fail; returns `otherwise` after a panic. A forked child has none of its
/// parent's handles, so it needs no check.
pub(crate) fn caught_or<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    enter(body).unwrap_or(otherwise)
}

/// Every export goes through here.
fn enter<T>(body: impl FnOnce() -> T) -> thread::Result<T> {
    process::watch();
    catch_unwind(AssertUnwindSafe(body))
}

pub(crate) fn panicked() -> Error {
    Error::new(
        ErrorKind::Panic,
        "the library failed in a way it should not",
    )
    .with_hint("please report this as a defect")
}

/// Turns a text into a C string, which the caller frees with `v2024_string_free`.
pub(crate) fn string(text: String) -> *mut c_char {
    let mut bytes = text.into_bytes();
    // JSON escapes every NUL. If there is one all the same, the text ends before it.
    if let Some(end) = memchr::memchr(0, &bytes) {
        bytes.truncate(end);
    }
    // SAFETY: no NUL is left. (The checked constructor would search again, more slowly.)
    unsafe { CString::from_vec_unchecked(bytes) }.into_raw()
}

/// A required text argument.
///
/// # Safety
/// `text` must be NULL or point to a NUL-terminated string that lives through the call.
pub(crate) unsafe fn text<'a>(name: &str, text: *const c_char) -> Result<&'a str, Error> {
    // SAFETY: `text` is as this function asks.
    unsafe { optional_text(name, text) }?
        .ok_or_else(|| Error::invalid_argument(format!("{name} is NULL")))
}

/// An optional text argument.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn optional_text<'a>(
    name: &str,
    text: *const c_char,
) -> Result<Option<&'a str>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, and NUL-terminated as this function asks.
    unsafe { CStr::from_ptr(text) }
        .to_str()
        .map(Some)
        .map_err(|_| Error::invalid_argument(format!("{name} is not UTF-8")))
}

/// An optional number.
///
/// # Safety
/// `number` must be NULL or point to an `int32_t`.
pub(crate) unsafe fn optional_number(number: *const i32) -> Option<i64> {
    // SAFETY: `number` is as this function asks.
    unsafe { number.as_ref() }.copied().map(i64::from)
}

/// An optional Boolean; every byte other than 0 is true.
///
/// # Safety
/// `flag` must be NULL or point to a `bool`.
pub(crate) unsafe fn optional_flag(flag: *const bool) -> Option<bool> {
    // Read as a byte: a C caller may have written any value, and a Rust `bool` must be 0 or 1.
    // SAFETY: `flag` is as this function asks.
    unsafe { flag.cast::<u8>().as_ref() }.map(|byte| *byte != 0)
}

/// Writes a number to where the caller wants it, if anywhere.
///
/// # Safety
/// `place` must be NULL or point to an `int32_t` that may be written.
pub(crate) unsafe fn write(place: *mut i32, number: i32) {
    // SAFETY: `place` is as this function asks.
    if let Some(place) = unsafe { place.as_mut() } {
        *place = number;
    }
}
