//! The module in PowerShell for Windows, on Linux under wine.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::cross::WINDOWS_GNU;
use super::{Outcome, dist, readme};
use crate::assembly::Compiler;
use crate::platform::Platform;
use crate::sandbox::Sandbox;
use crate::{package, powershell, process, workspace};

/// Packages the module with the library for Windows and runs its Pester tests, with a sandbox for Windows.
/// Then runs the README's commands and session, and the C examples.
pub fn run() -> Result<Outcome> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(Outcome::NotHere(
            "is for x86-64 Linux; on Windows the part powershell does this",
        ));
    }
    let Some(pwsh) = powershell::find() else {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    };
    if let Some(lacking) = powershell::lacking_windows() {
        return Ok(Outcome::NotRun(lacking));
    }
    let platform = Platform::of(WINDOWS_GNU)?;
    if let Some(lacking) = platform.lacking()? {
        return Ok(Outcome::NotRun(lacking));
    }
    let module = package::lay_out_in(
        "module-windows",
        workspace::VERSION,
        std::slice::from_ref(&platform),
        Compiler::find(),
    )?;
    try_commands(&pwsh, &module)?;
    let module = powershell::windows_path(&module);
    // A program for Windows starts none for Linux.
    test(&module, &platform.build_sandbox()?)?;
    try_readme(&module)?;
    try_c_examples(&platform)?;
    Ok(Outcome::Passed)
}

/// Runs the Pester tests.
fn test(module: &str, sandbox: &Path) -> Result<()> {
    let script = workspace::root().join("tests/powershell/run.ps1");
    let script = powershell::windows_path(&script);
    process::run(
        powershell::windows(&format!("& '{script}'; exit $LASTEXITCODE"))
            .env("V2024_TEST_MODULE", module)
            .env("V2024_TEST_SANDBOX", powershell::windows_path(sandbox)),
    )
}

/// Runs the README's commands around the session: they install the package, set the tenant and show help.
fn try_commands(pwsh: &Path, module: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let packages = scratch.path().join("packages");
    package::publish(pwsh, module, workspace::VERSION, &packages)?;
    let script = scratch.path().join("commands.ps1");
    let tenant = Sandbox::start(&["--pending", "5"])?;
    let commands = readme::commands(&powershell::windows_path(&packages), &tenant)?;
    fs::write(&script, commands)?;
    let result = readme::check_commands(&mut powershell::windows(&format!(
        "& '{}'",
        powershell::windows_path(&script)
    )));
    let cleaned = process::run(&mut powershell::windows(readme::CLEAN_UP));
    result.and(cleaned)
}

/// Runs the README's session, with a tenant on Linux.
fn try_readme(module: &str) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let script = scratch.path().join("readme.ps1");
    fs::write(&script, readme::session(module)?)?;
    let tenant = Sandbox::start(&["--pending", "5"])?;
    readme::check_session(
        powershell::windows(&format!("& '{}'", powershell::windows_path(&script)))
            .envs(tenant.variables()),
    )
}

/// Builds the C examples against the unpacked archive and runs them.
fn try_c_examples(platform: &Platform) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let folder = dist::unpacked(platform, scratch.path())?;
    let libraries = powershell::windows_path(&folder.join("bin"));
    for link in ["shared", "static"] {
        dist::try_examples(|name| {
            let program = dist::with_pkg_config(platform, &folder, scratch.path(), link, name)?;
            let program = powershell::windows_path(&program);
            Ok(powershell::windows(&format!(
                "$env:PATH = '{libraries};' + $env:PATH; & '{program}'"
            )))
        })?;
    }
    Ok(())
}
