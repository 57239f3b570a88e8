//! The sandbox as clients meet it: real requests, exact answers.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod client;
mod control;
mod data;
mod faults;
mod lists;
mod patches;
mod program;
mod record;
mod tls;
mod token;
mod versions;
