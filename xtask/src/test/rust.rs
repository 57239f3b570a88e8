//! The Rust tests.

use anyhow::Result;

use super::Outcome;
use crate::process;

/// The workspace's tests with nextest where it is installed, then the documentation's examples.
pub fn run() -> Result<Outcome> {
    if process::exists("cargo-nextest") {
        process::run(process::cargo().args(["nextest", "run", "--no-fail-fast", "--workspace"]))?;
    } else {
        process::run(process::cargo().args([
            "test",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
            "--workspace",
        ]))?;
    }
    process::run(process::cargo().args(["test", "--doc", "--workspace"]))?;
    Ok(Outcome::Passed)
}
