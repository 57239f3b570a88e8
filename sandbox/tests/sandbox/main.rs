//! The sandbox as clients see it: real requests, exact responses.

#![allow(clippy::unwrap_used, reason = "a test that can't continue fails")]

mod client;
mod control;
mod data;
mod disturbances;
mod faults;
mod lists;
mod patches;
mod program;
mod record;
mod tls;
mod token;
mod versions;
