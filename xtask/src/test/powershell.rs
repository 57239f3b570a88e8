//! The packaged module in real PowerShell.

use anyhow::Result;

use super::Outcome;
use crate::{package, powershell, process, sandbox};

/// Packages the module and runs its Pester tests on the package.
pub fn run() -> Result<Outcome> {
    let Some(pwsh) = powershell::find() else {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    };
    let module = package::module()?;
    let sandbox = sandbox::build()?;
    process::run(
        powershell::script(&pwsh, "tests/powershell/run.ps1")
            .env("V2024_TEST_MODULE", module)
            .env("V2024_TEST_SANDBOX", sandbox),
    )?;
    Ok(Outcome::Passed)
}
