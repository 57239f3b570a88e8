//! The Rust tests.

use anyhow::Result;

use super::Outcome;
use crate::process;

/// The workspace's tests with nextest where it is installed, then the documentation's examples.
/// Leaves out xtask, whose program is the one that runs: it has no tests of its own.
pub fn run() -> Result<Outcome> {
    const MEMBERS: [&str; 3] = ["--workspace", "--exclude", "xtask"];
    if process::exists("cargo-nextest") {
        process::run(
            process::cargo()
                .args(["nextest", "run", "--no-fail-fast"])
                .args(MEMBERS),
        )?;
    } else {
        process::run(
            process::cargo()
                .args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"])
                .args(MEMBERS),
        )?;
    }
    process::run(process::cargo().args(["test", "--doc"]).args(MEMBERS))?;
    Ok(Outcome::Passed)
}
