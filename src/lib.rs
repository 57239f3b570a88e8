//! The C library: the client behind a C ABI, whose functions return JSON.
//!
//! Each export passes [`boundary`]; the header is generated from the files named first below, in
//! their order. `ARCHITECTURE.md` describes the threads.

#![allow(unsafe_code, non_camel_case_types)]

// What the header declares, in its order.
mod status;

mod client;

mod operations;

mod call;

mod string;

// What that is made of.
mod boundary;
mod handles;
mod lane;
mod mailbox;
mod process;
mod signals;
mod unload;
mod worker;
