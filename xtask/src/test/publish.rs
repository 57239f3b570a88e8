//! The crates as they would be published.

use anyhow::{Result, ensure};

use super::Outcome;
use crate::{process, workspace};

/// Files that the package must contain besides the sources.
const FILES: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE", "src/lib.rs"];

/// Does everything that publishing the crate does except uploading it: packs it and builds it from the
/// package. Uncommitted changes are included.
pub fn run() -> Result<Outcome> {
    let list = [
        "package",
        "--list",
        "--allow-dirty",
        "--package",
        workspace::CRATE,
    ];
    let list = process::output(process::cargo().args(list))?;
    for file in FILES {
        ensure!(
            list.lines().any(|line| line == file),
            "the package does not contain {file}: see `include` in client/Cargo.toml"
        );
    }
    const DRY: [&str; 5] = [
        "publish",
        "--dry-run",
        "--locked",
        "--allow-dirty",
        "--package",
    ];
    process::run(process::cargo().args(DRY).arg(workspace::CRATE))?;
    // Only packs the sandbox: building it takes a minute, and no build script could fail in the package.
    process::run(
        process::cargo()
            .args(DRY)
            .args([workspace::SANDBOX, "--no-verify"]),
    )?;
    Ok(Outcome::Passed)
}
