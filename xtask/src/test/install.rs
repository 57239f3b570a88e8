//! The package, installed as a user does it.

use anyhow::{Context, Result};

use super::Outcome;
use crate::platform::Platform;
use crate::sandbox::Sandbox;
use crate::{package, powershell, process, workspace};

/// Publishes two versions, and has PowerShell install, use, update and remove them in an empty home.
pub fn run() -> Result<Outcome> {
    let Some(pwsh) = powershell::find() else {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    };
    if cfg!(windows) && std::env::var_os("CI").is_none() {
        // The Documents folder cannot be moved by a variable there.
        return Ok(Outcome::NotRun(
            "it would install into your own Documents folder; runs with CI set".into(),
        ));
    }
    let next = next_version()?;
    let repository = tempfile::tempdir()?;
    // The version that ships goes last, so that it is what stays in the target folder.
    for version in [next.as_str(), workspace::VERSION] {
        let module = package::lay_out(version, &[Platform::host()?])?;
        package::publish(&pwsh, &module, version, repository.path())?;
    }

    let sandbox = Sandbox::start(&["--tasks", "1000", "--pending", "5"])?;
    let home = tempfile::tempdir()?;
    let mut command = powershell::script(&pwsh, "tests/install/install.ps1");
    command.args(["-Version", workspace::VERSION, "-NextVersion", &next]);
    command
        .arg("-Pwsh")
        .arg(&pwsh)
        .arg("-Repository")
        .arg(repository.path());
    command.envs(sandbox.variables());
    if !cfg!(windows) {
        // An empty home, but for the cache: that may hold PowerShell itself.
        let own_home = std::env::home_dir().context("no home folder")?;
        if std::env::var_os("XDG_CACHE_HOME").is_none() {
            command.env("XDG_CACHE_HOME", own_home.join(".cache"));
        }
        command.env("HOME", home.path());
        for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "PSModulePath"] {
            command.env_remove(name);
        }
    }
    process::run(&mut command)?;
    Ok(Outcome::Passed)
}

/// The version after this one.
fn next_version() -> Result<String> {
    let (start, patch) = workspace::VERSION
        .rsplit_once('.')
        .context("a version has three numbers")?;
    let patch: u32 = patch.parse().context("a version ends with a number")?;
    Ok(format!("{start}.{}", patch + 1))
}
