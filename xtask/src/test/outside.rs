//! Other people's clients and checkers, run on the sandbox.

use anyhow::Result;

use super::Outcome;
use crate::{process, python};

/// Runs the sandbox's tests from outside, which install what they need into the target folder.
pub fn run() -> Result<Outcome> {
    if cfg!(windows) {
        return Ok(Outcome::NotHere("checked on the other platforms"));
    }
    if !python::is_complete() {
        return Ok(Outcome::NotRun(format!(
            "{} is not installed",
            python::NEEDED
        )));
    }
    if let Some(tool) = process::missing(&["node", process::NPM]) {
        return Ok(Outcome::NotRun(format!("{tool} is not installed")));
    }
    process::run(&mut process::command("sandbox/tests/outside/run"))?;
    Ok(Outcome::Passed)
}
