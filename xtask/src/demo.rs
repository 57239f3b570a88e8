//! `cargo xtask demo`: a short real session that shows each command and its output.

use std::path::Path;

use anyhow::Result;

use crate::compiler::{self, Standard};
use crate::sandbox::Sandbox;
use crate::{dist, package, powershell, process};

/// A tenant with enough tasks to show.
const TENANT: [&str; 4] = ["--tasks", "2000", "--pending", "40"];

/// Shows the five cmdlets, or, without PowerShell, the five C functions that they use.
pub fn run() -> Result<()> {
    eprintln!("Building (the first time takes a few minutes) ...");
    match powershell::find() {
        Some(pwsh) => in_powershell(&pwsh),
        None => in_c(),
    }
}

fn start_tenant() -> Result<Sandbox> {
    let sandbox = Sandbox::start(&TENANT)?;
    let url = sandbox.variable("SAIL_BASE_URL");
    eprintln!("A sandbox tenant runs at {url}\n");
    Ok(sandbox)
}

fn in_powershell(pwsh: &Path) -> Result<()> {
    let module = package::module()?;
    let sandbox = start_tenant()?;
    process::run(
        powershell::script(pwsh, "xtask/demo.ps1")
            .arg("-Module")
            .arg(&module)
            .envs(sandbox.variables()),
    )?;
    eprintln!(
        "\nAll five cmdlets worked. To try more yourself, start a tenant and paste its output into PowerShell:"
    );
    eprintln!("    cargo xtask sandbox --powershell");
    eprintln!("    Import-Module {}", module.display());
    Ok(())
}

fn in_c() -> Result<()> {
    let folder = dist::lay_out()?;
    let program = compiler::compile(&folder, "examples/c/tasks.c", "tasks", Standard::C11, &[])?;
    let sandbox = start_tenant()?;
    let mut command = process::command(program);
    process::run(compiler::with_library(&mut command, &folder).envs(sandbox.variables()))?;
    eprintln!("\nAll five calls worked, through the C functions that the cmdlets use.");
    eprintln!(
        "The cmdlets themselves were skipped, because PowerShell is not installed. {}",
        powershell::HOW_TO_GET
    );
    Ok(())
}
