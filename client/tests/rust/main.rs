//! The Rust crate on the sandbox tenant: what it gives, and what the tenant received.
#![allow(clippy::unwrap_used, missing_docs)]

mod cold;
mod common;
mod faults;
mod folder;
mod imports;
#[cfg(target_os = "linux")]
mod keyring;
mod listing;
mod models;
mod operations;
mod pace;
mod payloads;
#[cfg(unix)]
mod proxy;
#[cfg(not(any(windows, target_vendor = "apple")))]
mod refusals;
mod secrets;
mod settings;
mod several;
mod tls;
mod token;
mod waiting;
