//! The C ABI: the only unsafe code, and the only place that knows C.

#![allow(unsafe_code, non_camel_case_types)]

// In the order in which the header tells of them.
mod status;

mod client;

mod operations;

mod call;

mod string;

// What they are made of.
mod gate;
mod handles;
mod lane;
mod mailbox;
mod pin;
pub(crate) mod request;
mod worker;
