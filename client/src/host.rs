//! JSON texts for programs in other languages: call requests, results and messages.
//!
//! The C library uses this module, and its header describes the JSON. A Rust program does not need it.

pub mod json;
pub mod messages;
mod request;

pub use crate::locks::lock;
pub use request::{CallRequest, Job};
