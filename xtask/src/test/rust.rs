//! The Rust tests.

use anyhow::Result;

use super::Outcome;
use crate::process;

/// The workspace's tests with nextest where it is installed, then the documentation's examples.
pub fn run() -> Result<Outcome> {
    if process::exists("cargo-nextest") {
        process::run(process::cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]))?;
    } else {
        process::run(
            process::cargo()
                .args(["test", "--workspace", "--no-fail-fast"])
                .args(["--lib", "--bins", "--tests"]),
        )?;
    }
    process::run(process::cargo().args(["test", "--workspace", "--doc"]))?;
    Ok(Outcome::Passed)
}
