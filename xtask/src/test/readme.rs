//! The examples in the README.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use super::{Outcome, Part};
use crate::compiler::{self, Standard};
use crate::sandbox::Sandbox;
use crate::{dist, library, package, powershell, process, workspace};

/// Checks that the README mentions every cmdlet and CONTRIBUTING.md every part of the tests. Then runs
/// the README's C program, its Python program and its PowerShell session. Its Rust program is one of
/// the crate's documentation tests.
pub fn run() -> Result<Outcome> {
    let readme =
        fs::read_to_string(workspace::root().join("README.md")).context("reading README.md")?;
    for cmdlet in exported_cmdlets()? {
        ensure!(
            readme.contains(&format!("`{cmdlet}`")),
            "README.md does not mention {cmdlet}"
        );
    }
    let contributing = fs::read_to_string(workspace::root().join("CONTRIBUTING.md"))
        .context("reading CONTRIBUTING.md")?;
    for part in Part::value_variants() {
        let row = format!("| `{}` |", part.name());
        ensure!(
            contributing.contains(&row),
            "CONTRIBUTING.md has no row {row}"
        );
    }
    let scratch = tempfile::tempdir()?;

    let source = scratch.path().join("readme.c");
    fs::write(&source, blocks(&readme, "c")?)?;
    let folder = dist::lay_out()?;
    let program = compiler::compile(
        &folder,
        &source.to_string_lossy(),
        "readme",
        Standard::C11,
        &[],
    )?;
    let sandbox = Sandbox::start(&["--pending", "5"])?;
    let mut command = process::command(program);
    let said =
        process::output(compiler::with_library(&mut command, &folder).envs(sandbox.variables()))?;
    ensure!(
        said.starts_with("200 {\"status\":200,"),
        "the README's C program printed: {said}"
    );

    if !process::exists(process::PYTHON) {
        return Ok(Outcome::NotRun(format!(
            "{} is not installed",
            process::PYTHON
        )));
    }
    let source = scratch.path().join("readme.py");
    // The library's path on this machine.
    let library = library::build()?;
    let program = blocks(&readme, "python")?.replace(
        "FOLDER/lib/libv2024_task_management.so",
        &library.display().to_string().replace('\\', "/"),
    );
    fs::write(&source, program)?;
    let said = process::output(
        process::command(process::PYTHON)
            .args(["-Xutf8", "-B"])
            .arg(&source)
            .env("PYTHONPATH", workspace::root().join("examples/python"))
            .envs(sandbox.variables()),
    )?;
    ensure!(
        said.lines().count() == 6 && said.ends_with("http 404\n"),
        "the README's Python program printed: {said}"
    );

    let Some(pwsh) = powershell::find() else {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    };
    let script = scratch.path().join("readme.ps1");
    fs::write(&script, session(&package::module()?.display().to_string())?)?;
    let mut command = powershell::script(&pwsh, &script.to_string_lossy());
    command
        .current_dir(scratch.path())
        .envs(sandbox.variables());
    check_session(&mut command)?;
    Ok(Outcome::Passed)
}

/// The README's PowerShell session, as a script that imports the module from this folder.
pub fn session(module: &str) -> Result<String> {
    let readme = fs::read_to_string(workspace::root().join("README.md"))?;
    let start = format!("$ErrorActionPreference = 'Stop'\nImport-Module '{module}'\n");
    Ok(start + &blocks(&readme, "powershell")?)
}

/// The README's other commands of PowerShell, as a script that installs the package from this folder, then
/// uses it with a tenant. What it installs stays: [`CLEAN_UP`] removes it.
pub fn commands(package_folder: &str, tenant: &Sandbox) -> Result<String> {
    let readme = fs::read_to_string(workspace::root().join("README.md"))?;
    // Each command with what stands in the README for the user's own: a setting, or a folder.
    let base_url = "https://TENANT.api.identitynow.com";
    let credential = |name| (format!("$env:{name} = '...'"), "...", tenant.variable(name));
    let plain = |line: &str| (line.to_owned(), "", "");
    let package_folder = format!("'{package_folder}'");
    let commands = [
        (
            format!("$env:SAIL_BASE_URL = '{base_url}'"),
            base_url,
            tenant.variable("SAIL_BASE_URL"),
        ),
        credential("SAIL_CLIENT_ID"),
        credential("SAIL_CLIENT_SECRET"),
        (
            "Register-PSResourceRepository -Name Tasks -Uri (Resolve-Path FOLDER).Path -Trusted"
                .to_owned(),
            "FOLDER",
            &package_folder,
        ),
        plain("Install-PSResource V2024TaskManagement -Repository Tasks"),
        (
            "Get-ChildItem -Recurse PATH/V2024TaskManagement | Unblock-File".to_owned(),
            "PATH",
            "$modules",
        ),
        plain("Import-Module V2024TaskManagement -ArgumentList V1"),
        plain("Get-Help Get-V2024TaskStatusList -Full"),
        plain("Get-Help about_V2024TaskManagement"),
    ];
    let mut script = "$ErrorActionPreference = 'Stop'\n".to_owned();
    script += "$modules = \"$HOME/Documents/PowerShell/Modules\"\n";
    for (command, placeholder, value) in commands {
        ensure!(
            readme.contains(&command),
            "README.md has no command {command}"
        );
        script += &command.replacen(placeholder, value, 1);
        script += "\n";
    }
    Ok(script + COMMANDS_END)
}

/// Shows that the commands had their effect.
const COMMANDS_END: &str = "\
(Get-Command Get-TaskStatusListV1).Name
\"pending: $((Get-V2024PendingTaskHeaders -Count $true).TotalCount)\"
";

/// Runs the commands with a tenant that has five pending tasks.
pub fn check_commands(command: &mut Command) -> Result<()> {
    let said = process::output(command)?;
    for part in [
        "Get-V2024TaskStatusList",
        "about_V2024TaskManagement",
        "\nGet-TaskStatusListV1\npending: 5\n",
    ] {
        ensure!(
            said.contains(part),
            "the README's commands did not print {part:?}: {said}"
        );
    }
    Ok(())
}

/// Removes what [`commands`] installed; another process, because Windows locks the DLLs of the first.
pub const CLEAN_UP: &str =
    "Uninstall-PSResource V2024TaskManagement; Unregister-PSResourceRepository Tasks";

/// Runs the session with a tenant that has five pending tasks.
pub fn check_session(command: &mut Command) -> Result<()> {
    let said = process::output(command)?;
    // Of pending tasks, of failed ones, of clearing, and of an error.
    for part in [
        "pending",
        "TERMINATED",
        "What if: ",
        "404 Not Found",
        "\n404",
    ] {
        ensure!(
            said.contains(part),
            "the README's session did not print {part:?}: {said}"
        );
    }
    Ok(())
}

/// The code blocks of a language, one after the other.
fn blocks(readme: &str, language: &str) -> Result<String> {
    let fence = format!("\n```{language}\n");
    let texts: Vec<&str> = readme
        .split(&fence)
        .skip(1)
        .map(|rest| rest.split_once("\n```\n").map(|(block, _)| block))
        .collect::<Option<_>>()
        .context("a code block has an end")?;
    ensure!(!texts.is_empty(), "README.md has no {language} block");
    Ok(texts.join("\n"))
}

/// The functions that the module's manifest exports.
fn exported_cmdlets() -> Result<Vec<String>> {
    let module = workspace::MODULE;
    let manifest = workspace::root().join(format!("powershell/{module}/{module}.psd1"));
    let text =
        fs::read_to_string(&manifest).with_context(|| format!("reading {}", manifest.display()))?;
    let (_, rest) = text
        .split_once("FunctionsToExport")
        .context("the manifest exports functions")?;
    let (list, _) = rest
        .split_once("\n    )")
        .context("the list of functions has an end")?;
    let names: Vec<String> = list
        .split('\'')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    ensure!(names.len() >= 5, "the manifest lists only {names:?}");
    Ok(names)
}
