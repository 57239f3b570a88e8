//! The exported C functions, called as C calls them.
//!
//! The declarations are written by hand, as the header has them. Most unsafe code is in this file.
#![allow(unsafe_code, non_camel_case_types)]

#[cfg(unix)]
mod alone;
mod blocking;
mod cancel;
mod cases;
mod crowd;
mod disturbances;
mod freeing;
mod hostile;
mod messages;
#[cfg(unix)]
mod process;
#[cfg(target_os = "linux")]
mod resolver;
#[cfg(target_os = "linux")]
mod resources;
mod several;
#[cfg(target_os = "linux")]
mod signals;

use std::ffi::{CStr, CString, c_char};
use std::ptr;

use serde_json::Value;
use v2024_sandbox::Sandbox;

pub use crate::common::settings_json as settings;

#[repr(C)]
pub struct v2024_client([u8; 0]);
#[repr(C)]
pub struct v2024_call([u8; 0]);

// `build.rs` has the linker take them from the static library.
unsafe extern "C" {
    fn v2024_client_new(
        settings: *const c_char,
        client: *mut *mut v2024_client,
        status: *mut i32,
    ) -> *mut c_char;
    fn v2024_client_free(client: *mut v2024_client);
    fn v2024_settings_outline(settings: *const c_char, status: *mut i32) -> *mut c_char;
    fn v2024_get_pending_task_headers(
        client: *const v2024_client,
        offset: *const i32,
        limit: *const i32,
        count: *const bool,
        status: *mut i32,
    ) -> *mut c_char;
    fn v2024_get_pending_tasks(
        client: *const v2024_client,
        offset: *const i32,
        limit: *const i32,
        count: *const bool,
        status: *mut i32,
    ) -> *mut c_char;
    fn v2024_get_task_status(
        client: *const v2024_client,
        id: *const c_char,
        status: *mut i32,
    ) -> *mut c_char;
    fn v2024_get_task_status_list(
        client: *const v2024_client,
        limit: *const i32,
        offset: *const i32,
        count: *const bool,
        filters: *const c_char,
        sorters: *const c_char,
        status: *mut i32,
    ) -> *mut c_char;
    fn v2024_update_task_status(
        client: *const v2024_client,
        id: *const c_char,
        json_patch: *const c_char,
        status: *mut i32,
    ) -> *mut c_char;
    fn v2024_call_start(client: *const v2024_client, request: *const c_char) -> *mut v2024_call;
    fn v2024_call_next(call: *mut v2024_call, timeout_ms: i32, state: *mut i32) -> *mut c_char;
    fn v2024_call_cancel(call: *mut v2024_call);
    fn v2024_call_finish(call: *mut v2024_call);
    fn v2024_call_free(call: *mut v2024_call);
    fn v2024_string_free(string: *mut c_char);
    fn v2024_version() -> *const c_char;
}

/// A client's handle. Copied and shared as C code would.
#[derive(Clone, Copy)]
pub struct Client(*mut v2024_client);

/// A call's handle, likewise.
#[derive(Clone, Copy)]
pub struct Call(*mut v2024_call);

// SAFETY: the header says that clients and calls may be used by any thread.
unsafe impl Send for Client {}
// SAFETY: as above.
unsafe impl Sync for Client {}
// SAFETY: as above.
unsafe impl Send for Call {}
// SAFETY: as above.
unsafe impl Sync for Call {}

/// The status of a result, and its JSON.
pub type Outcome = (i32, Value);

/// What `v2024_call_next` returned.
#[derive(Debug, PartialEq)]
pub enum Next {
    Over,
    Message(Value),
    Running,
}

/// Bytes that end at the first NUL, or NULL.
pub struct Text(Option<CString>);

impl Text {
    pub const NULL: Self = Self(None);

    fn pointer(&self) -> *const c_char {
        self.0.as_ref().map_or(ptr::null(), |text| text.as_ptr())
    }
}

impl<T: AsRef<[u8]>> From<T> for Text {
    fn from(bytes: T) -> Self {
        Self(Some(CString::new(bytes.as_ref()).unwrap()))
    }
}

impl Client {
    pub const NULL: Self = Self(ptr::null_mut());

    /// A client of a sandbox with these settings and those it needs.
    pub fn of(sandbox: &Sandbox, more: Value) -> Self {
        let text = settings(sandbox, more).to_string();
        let (client, (status, shown)) = Self::new(text);
        assert_eq!(status, 0, "{shown}");
        client
    }

    pub fn new(settings: impl Into<Text>) -> (Self, Outcome) {
        let settings = settings.into();
        let mut client = ptr::null_mut();
        let mut status = 1;
        // SAFETY: a string or NULL, and two places to write to.
        let text = unsafe { v2024_client_new(settings.pointer(), &mut client, &mut status) };
        (Self(client), (status, read(text)))
    }

    pub fn free(self) {
        // SAFETY: any handle may be freed, even twice.
        unsafe { v2024_client_free(self.0) }
    }

    pub fn is_null(self) -> bool {
        self.0.is_null()
    }

    pub fn headers(self, offset: Option<i32>, limit: Option<i32>, count: Option<bool>) -> Outcome {
        // SAFETY: each pointer is NULL or points to a value of its type.
        outcome(|status| unsafe {
            v2024_get_pending_task_headers(
                self.0,
                place(&offset),
                place(&limit),
                place(&count),
                status,
            )
        })
    }

    pub fn pending(self, offset: Option<i32>, limit: Option<i32>, count: Option<bool>) -> Outcome {
        // SAFETY: each pointer is NULL or points to a value of its type.
        outcome(|status| unsafe {
            v2024_get_pending_tasks(self.0, place(&offset), place(&limit), place(&count), status)
        })
    }

    pub fn get(self, id: impl Into<Text>) -> Outcome {
        let id = id.into();
        // SAFETY: a string or NULL.
        outcome(|status| unsafe { v2024_get_task_status(self.0, id.pointer(), status) })
    }

    pub fn list(
        self,
        limit: Option<i32>,
        filters: impl Into<Text>,
        sorters: impl Into<Text>,
    ) -> Outcome {
        let (filters, sorters) = (filters.into(), sorters.into());
        // SAFETY: each pointer is NULL or points to a value of its type.
        outcome(|status| unsafe {
            v2024_get_task_status_list(
                self.0,
                place(&limit),
                ptr::null(),
                ptr::null(),
                filters.pointer(),
                sorters.pointer(),
                status,
            )
        })
    }

    pub fn update(self, id: impl Into<Text>, patch: impl Into<Text>) -> Outcome {
        let (id, patch) = (id.into(), patch.into());
        // SAFETY: strings or NULL.
        outcome(|status| unsafe {
            v2024_update_task_status(self.0, id.pointer(), patch.pointer(), status)
        })
    }

    /// Starts a call for this request.
    pub fn start(self, request: &Value) -> Call {
        self.start_text(request.to_string())
    }

    pub fn start_text(self, request: impl Into<Text>) -> Call {
        let request = request.into();
        // SAFETY: a string or NULL.
        let call = unsafe { v2024_call_start(self.0, request.pointer()) };
        assert!(!call.is_null(), "v2024_call_start returned NULL");
        Call(call)
    }
}

impl Call {
    #[cfg(unix)]
    pub const NULL: Self = Self(ptr::null_mut());

    pub fn next(self, timeout_ms: i32) -> Next {
        let mut state = -1;
        // SAFETY: any handle may be asked, and `state` may be written.
        let text = unsafe { v2024_call_next(self.0, timeout_ms, &mut state) };
        match (state, text.is_null()) {
            (0, true) => Next::Over,
            (1, false) => Next::Message(read(text)),
            (2, true) => Next::Running,
            other => panic!("state, and whether NULL was returned: {other:?}"),
        }
    }

    /// The next message, which must come.
    pub fn message(self) -> Value {
        match self.next(20_000) {
            Next::Message(message) => message,
            other => panic!("no message but {other:?}"),
        }
    }

    /// All messages up to the end, which must come.
    pub fn rest(self) -> Vec<Value> {
        let mut messages = Vec::new();
        loop {
            match self.next(20_000) {
                Next::Message(message) => messages.push(message),
                Next::Over => return messages,
                Next::Running => panic!("the call does not end after {messages:?}"),
            }
        }
    }

    pub fn cancel(self) {
        // SAFETY: any handle may be cancelled, even a freed one.
        unsafe { v2024_call_cancel(self.0) }
    }

    pub fn finish(self) {
        // SAFETY: any handle may be finished, even a freed one.
        unsafe { v2024_call_finish(self.0) }
    }

    pub fn free(self) {
        // SAFETY: any handle may be freed, even twice.
        unsafe { v2024_call_free(self.0) }
    }
}

/// The code of a result's error; an empty text when there is none.
pub fn code(result: &Value) -> &str {
    result["error"]["code"].as_str().unwrap_or_default()
}

pub fn version() -> &'static str {
    // SAFETY: a static string.
    unsafe { CStr::from_ptr(v2024_version()) }.to_str().unwrap()
}

fn outcome(call: impl FnOnce(*mut i32) -> *mut c_char) -> Outcome {
    let mut status = 1;
    let text = call(&mut status);
    (status, read(text))
}

/// Reads a string that the library returned, and frees it.
fn read(text: *mut c_char) -> Value {
    assert!(!text.is_null(), "a result is NULL");
    // SAFETY: a string of the library's, freed once.
    let copy = unsafe {
        let copy = CStr::from_ptr(text).to_str().unwrap().to_owned();
        v2024_string_free(text);
        copy
    };
    serde_json::from_str(&copy).unwrap_or_else(|error| panic!("{error} in {copy}"))
}

fn place<T>(value: &Option<T>) -> *const T {
    value.as_ref().map_or(ptr::null(), ptr::from_ref)
}

/// The settings that a client would have.
pub fn outline(settings: impl Into<Text>) -> Outcome {
    let settings = settings.into();
    // SAFETY: a string or NULL, and a place to write to.
    outcome(|status| unsafe { v2024_settings_outline(settings.pointer(), status) })
}

#[test]
fn an_outline_has_the_addresses_and_makes_no_client() {
    let sandbox = Sandbox::start_blocking(v2024_sandbox::Options::default()).unwrap();
    let given = settings(&sandbox, serde_json::json!({}));
    let base_url = given["BaseUrl"].as_str().unwrap();
    let mut slashed = given.clone();
    slashed["BaseUrl"] = format!(" {base_url}/v2024/ ").into();
    let (status, result) = outline(slashed.to_string());
    let shown = &result["settings"];
    assert_eq!(status, 0, "{result}");
    assert_eq!(shown["BaseUrl"]["value"], base_url);
    assert_eq!(
        shown["TokenUrl"],
        serde_json::json!({ "value": format!("{base_url}/oauth/token"), "source": "default" })
    );
    assert_eq!(shown["ClientSecret"]["value"], "********");
    // As a client with these settings shows them.
    let (client, (_, made)) = Client::new(slashed.to_string());
    assert_eq!(*shown, made["settings"]);
    client.free();

    let (status, result) = outline(r#"{"BaseUrl":"https:/t.test","Environment":{}}"#);
    assert_eq!((status, code(&result)), (-2, "settings"), "{result}");
    assert_eq!(result["settings"]["BaseUrl"]["source"], "explicit");
    let (status, result) = outline("[]");
    assert_eq!((status, code(&result)), (-2, "settings"), "{result}");
    assert_eq!(sandbox.requests(), []);
}

#[test]
fn null_everywhere() {
    // SAFETY: NULL is allowed for every pointer.
    unsafe {
        let error = read(v2024_client_new(
            ptr::null(),
            ptr::null_mut(),
            ptr::null_mut(),
        ));
        assert_eq!(code(&error), "invalid_argument");
        let outline = read(v2024_settings_outline(ptr::null(), ptr::null_mut()));
        assert_eq!(code(&outline), "settings");
        let null = ptr::null();
        for result in [
            v2024_get_pending_task_headers(
                null,
                ptr::null(),
                ptr::null(),
                ptr::null(),
                ptr::null_mut(),
            ),
            v2024_get_pending_tasks(null, ptr::null(), ptr::null(), ptr::null(), ptr::null_mut()),
            v2024_get_task_status(null, ptr::null(), ptr::null_mut()),
            v2024_get_task_status_list(
                null,
                ptr::null(),
                ptr::null(),
                ptr::null(),
                ptr::null(),
                ptr::null(),
                ptr::null_mut(),
            ),
            v2024_update_task_status(null, ptr::null(), ptr::null(), ptr::null_mut()),
        ] {
            assert_eq!(code(&read(result)), "invalid_argument");
        }
        let call = v2024_call_start(null, ptr::null());
        assert_eq!(
            code(&read(v2024_call_next(call, -1, ptr::null_mut()))),
            "invalid_argument"
        );
        assert!(v2024_call_next(call, -1, ptr::null_mut()).is_null());
        v2024_call_free(call);
        assert!(v2024_call_next(ptr::null_mut(), -1, ptr::null_mut()).is_null());
        v2024_client_free(ptr::null_mut());
        v2024_call_cancel(ptr::null_mut());
        v2024_call_finish(ptr::null_mut());
        v2024_call_free(ptr::null_mut());
        v2024_string_free(ptr::null_mut());
        assert_eq!(version(), v2024_task_management::VERSION);
    }
}
