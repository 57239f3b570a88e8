use std::ffi::{CString, c_char};

use crate::boundary;

/// Frees a string that this library returned. NULL is fine. Free each string once.
///
/// # Safety
/// `string` must be NULL or a string this library returned and that was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_string_free(string: *mut c_char) {
    if string.is_null() {
        return;
    }
    // SAFETY: made by `CString::into_raw` in `boundary::string`, and freed once, as the contract says.
    boundary::caught_or((), || drop(unsafe { CString::from_raw(string) }));
}

/// The version of this library, such as "0.1.0". The string is static: do not free it.
#[unsafe(no_mangle)]
pub extern "C" fn v2024_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
