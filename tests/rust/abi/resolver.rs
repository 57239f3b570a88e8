//! Replaces the system's name resolution in this program: looking up one name takes as long as a test
//! wants, and then leads to this machine. The system looks up every other name.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// The name that a test decides about.
pub const NAME: &str = "stuck.test";

static STUCK: AtomicBool = AtomicBool::new(false);
static WAITING: AtomicUsize = AtomicUsize::new(0);

pub fn hang() {
    STUCK.store(true, Ordering::SeqCst);
}

pub fn go_on() {
    STUCK.store(false, Ordering::SeqCst);
}

/// How many look the name up now.
pub fn waiting() -> usize {
    WAITING.load(Ordering::SeqCst)
}

type Function = unsafe extern "C" fn(
    *const c_char,
    *const c_char,
    *const libc::addrinfo,
    *mut *mut libc::addrinfo,
) -> c_int;

/// # Safety
/// As the system's function of this name.
#[unsafe(no_mangle)]
unsafe extern "C" fn getaddrinfo(
    node: *const c_char,
    service: *const c_char,
    hints: *const libc::addrinfo,
    result: *mut *mut libc::addrinfo,
) -> c_int {
    static SYSTEM: OnceLock<Function> = OnceLock::new();
    let system = SYSTEM.get_or_init(|| {
        // SAFETY: the next function of this name is the system's, whose type is known.
        unsafe {
            let found = libc::dlsym(libc::RTLD_NEXT, c"getaddrinfo".as_ptr());
            assert!(!found.is_null());
            std::mem::transmute::<*mut libc::c_void, Function>(found)
        }
    });
    // SAFETY: the caller keeps to the system's contract, and so does this function.
    unsafe {
        if node.is_null() || CStr::from_ptr(node).to_bytes() != NAME.as_bytes() {
            return system(node, service, hints, result);
        }
        WAITING.fetch_add(1, Ordering::SeqCst);
        while STUCK.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(10));
        }
        WAITING.fetch_sub(1, Ordering::SeqCst);
        system(c"127.0.0.1".as_ptr(), service, hints, result)
    }
}
