//! The release, as far as it goes without publishing.

use anyhow::{Result, ensure};

use super::Outcome;
use crate::{powershell, process, release, workspace};

/// Files that the package must contain besides the sources.
const FILES: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE", "src/lib.rs"];

/// Checks what the crate's package contains, then rehearses every step of a release.
pub fn run() -> Result<Outcome> {
    let list = [
        "package",
        "--list",
        "--allow-dirty",
        "--package",
        workspace::CRATE,
    ];
    // On Windows it lists the paths as they are written there.
    let list = process::output(process::cargo().args(list))?.replace('\\', "/");
    for file in FILES {
        ensure!(
            list.lines().any(|line| line == file),
            "the package does not contain {file}: see `include` in client/Cargo.toml"
        );
    }
    if powershell::find().is_none() {
        release::crates(true)?;
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    }
    release::rehearse()?;
    Ok(Outcome::Passed)
}
