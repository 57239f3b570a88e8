//! The packaged module in real PowerShell.

use std::path::Path;

use anyhow::Result;

use super::Outcome;
use crate::{package, powershell, process, sandbox};

/// Packages the module, or unpacks it from the package in a folder, and runs its Pester tests.
pub fn run(package: Option<&Path>) -> Result<Outcome> {
    let Some(pwsh) = powershell::find() else {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    };
    let module = match package {
        Some(folder) => package::save(&pwsh, folder)?,
        None => package::module()?,
    };
    let sandbox = sandbox::build()?;
    // A folder without a config.json, where a test may write files.
    let scratch = tempfile::tempdir()?;
    process::run(
        powershell::script(&pwsh, "tests/powershell/run.ps1")
            .current_dir(scratch.path())
            .env("V2024_TEST_MODULE", module)
            .env("V2024_TEST_SANDBOX", sandbox),
    )?;
    Ok(Outcome::Passed)
}
