//! What crates.io would get.

use anyhow::{Result, ensure};

use super::Outcome;
use crate::{process, workspace};

/// Besides the sources: what a reader and a lawyer look for.
const FILES: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE", "src/lib.rs"];

/// Packs the crate and builds it from the package, all but sending it. The changes that a
/// developer has not committed yet are packed too.
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
            "the package lacks {file}: see `include` in client/Cargo.toml"
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
    // The sandbox writes nothing while it is built, and takes a minute: packing it is enough.
    process::run(
        process::cargo()
            .args(DRY)
            .args([workspace::SANDBOX, "--no-verify"]),
    )?;
    Ok(Outcome::Passed)
}
