//! Finding a PowerShell.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::{process, workspace};

/// What to do if PowerShell is not installed.
pub const HOW_TO_GET: &str = "PowerShell 7.4 or later must be installed as `pwsh`: \
    https://learn.microsoft.com/powershell/scripting/install/installing-powershell";

/// The `pwsh` on the PATH, or else one that `dotnet` installs into the target folder. Looks only once: an
/// installation that fails is not retried.
pub fn find() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND.get_or_init(look).clone()
}

fn look() -> Option<PathBuf> {
    if process::exists("pwsh") {
        return Some("pwsh".into());
    }
    let folder = workspace::target().join("powershell");
    let program = folder.join(format!("pwsh{}", std::env::consts::EXE_SUFFIX));
    if process::exists(&program) {
        return Some(program);
    }
    if !process::exists("dotnet") {
        return None;
    }
    eprintln!(
        "pwsh is not on the PATH: installing it with dotnet into {}",
        folder.display()
    );
    process::run(
        process::command("dotnet")
            .args(["tool", "install", "PowerShell", "--tool-path"])
            .arg(&folder),
    )
    .inspect_err(|error| eprintln!("{error:#}"))
    .ok()
    .filter(|()| process::exists(&program))
    .map(|()| program)
}

/// A PowerShell that runs a script of this tree without the user's profile.
pub fn script(pwsh: &std::path::Path, script: &str) -> Command {
    let mut command = process::command(pwsh);
    command.args(["-NoProfile", "-NonInteractive", "-File"]);
    command.arg(workspace::root().join(script));
    command
}
