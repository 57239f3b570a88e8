//! The package, installed as a user would.

use anyhow::{Context, Result};

use super::Outcome;
use crate::platform::Platform;
use crate::sandbox::Sandbox;
use crate::{package, powershell, process, workspace};

/// Publishes two versions and has PowerShell install, use, update and remove them in an empty home folder.
pub fn run() -> Result<Outcome> {
    let Some(pwsh) = powershell::find() else {
        return Ok(Outcome::NotRun(powershell::HOW_TO_GET.into()));
    };
    if cfg!(windows) && std::env::var_os("CI").is_none() {
        // No variable can move the Documents folder.
        return Ok(Outcome::NotRun(
            "it would install into your Documents folder; set CI to run it".into(),
        ));
    }
    let next = next_version()?;
    let repository = tempfile::tempdir()?;
    // The version that ships comes last, so that it stays in the target folder.
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
        // An empty home folder with the real cache folder, which may contain PowerShell itself.
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

/// The next version.
fn next_version() -> Result<String> {
    let (start, patch) = workspace::VERSION
        .rsplit_once('.')
        .context("a version has three numbers")?;
    let patch: u32 = patch.parse().context("a version ends with a number")?;
    Ok(format!("{start}.{}", patch + 1))
}
