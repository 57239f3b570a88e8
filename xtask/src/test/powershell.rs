//! The packaged module in real PowerShell.

use std::path::Path;

use anyhow::Result;

use super::Outcome;
use crate::assembly::Compiler;
use crate::platform::Platform;
use crate::{package, paths, powershell, process, workspace};

/// Packages the module, or unpacks it from the package in a folder, and runs its Pester tests.
pub fn run(package: Option<&Path>) -> Result<Outcome> {
    let Some(pwsh) = powershell::find() else {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    };
    let module = match package {
        Some(folder) => package::save(&pwsh, folder)?,
        None => package::module()?,
    };
    if cfg!(target_os = "linux") {
        paths::ensure_hidden(&module)?;
    }
    let host = Platform::host()?;
    let sandbox = host.build_sandbox()?;
    test(&pwsh, &module, &sandbox, "*")?;
    if package.is_none() && Compiler::find() == Compiler::Sdk {
        // The other compiler must give an assembly that does the same.
        let module = package::lay_out_in(
            "module-by-pwsh",
            workspace::VERSION,
            &[host],
            Compiler::PowerShell,
        )?;
        test(&pwsh, &module, &sandbox, "Objects.Tests")?;
    }
    Ok(Outcome::Passed)
}

/// Packages the module and runs its Pester tests in a newer PowerShell than the one that packages it.
pub fn next() -> Result<Outcome> {
    if powershell::find().is_none() {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    }
    match powershell::next() {
        Ok(pwsh) => {
            let sandbox = Platform::host()?.build_sandbox()?;
            test(&pwsh, &package::module()?, &sandbox, "*")?;
            Ok(Outcome::Passed)
        }
        Err(lacking) => Ok(Outcome::NotRun(lacking)),
    }
}

/// Runs the test files with this name.
fn test(pwsh: &Path, module: &Path, sandbox: &Path, name: &str) -> Result<()> {
    // A folder without a config.json, where a test may write files.
    let scratch = tempfile::tempdir()?;
    process::run(
        powershell::script(pwsh, "tests/powershell/run.ps1")
            .args(["-Name", name])
            .current_dir(scratch.path())
            .env("V2024_TEST_MODULE", module)
            .env("V2024_TEST_SANDBOX", sandbox),
    )
}
