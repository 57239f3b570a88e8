//! What a program in another language exchanges with a client, as JSON texts.
//!
//! The C library is built on this: call requests come in, results and messages go out. Their form
//! is that of the C library's header.

pub mod json;
pub mod messages;
mod request;

pub use crate::locks::lock;
pub use request::{CallRequest, Job};
