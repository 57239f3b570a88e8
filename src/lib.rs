//! The C library: the client behind a C ABI, whose functions return JSON.
//!
//! Every export goes through [`boundary`]. The header is generated from the first modules below, in
//! their order. `ARCHITECTURE.md` describes the threads.

#![allow(unsafe_code, non_camel_case_types)]

// Declared in the header, in this order.
mod status;

mod client;

mod operations;

mod call;

mod string;

mod version;

// What these use.
mod blocking;
mod boundary;
mod handles;
mod mailbox;
mod process;
mod signals;
mod unload;
mod worker;
