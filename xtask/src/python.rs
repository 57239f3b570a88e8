//! Programs that PyPI has ready to run.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, workspace};

/// Installs a package into an environment of its own in the target folder and gives the program
/// that it brings; nothing where there is no Python.
pub fn program(name: &str, requirement: &str) -> Result<Option<PathBuf>> {
    if !process::exists(process::PYTHON) {
        return Ok(None);
    }
    let folder = workspace::target().join(name);
    process::run(
        process::command(process::PYTHON)
            .args(["-m", "venv"])
            .arg(&folder),
    )?;
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    process::run(process::command(programs.join("pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        requirement,
    ]))?;
    Ok(Some(programs.join(name)))
}
