//! The C library on the sandbox tenant, linked as C programs link it: its functions, its header,
//! and a C program that runs into every fault.
#![allow(clippy::unwrap_used, missing_docs)]

mod abi;
#[cfg(target_os = "linux")]
mod c_faults;
mod common;
mod header;
