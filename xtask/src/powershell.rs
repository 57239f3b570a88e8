//! Finding a PowerShell, and starting it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::{process, workspace};

/// What to do if PowerShell is not installed.
pub const HOW_TO_GET: &str = "PowerShell 7.4 or later must be installed as `pwsh`: \
    https://learn.microsoft.com/powershell/scripting/install/installing-powershell";

/// The variable that names a newer PowerShell than `pwsh`, and the name that it has without it: that of
/// Microsoft's previews.
const NEXT: (&str, &str) = ("PWSH_NEXT", "pwsh-preview");

/// A program that runs PowerShell for Windows on this machine, with this machine's folders on drive Z:.
const WINDOWS: &str = "pwsh-windows";

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

/// A newer PowerShell than `pwsh`, or what to do if there is none.
pub fn next() -> Result<PathBuf, String> {
    let (variable, name) = NEXT;
    let program = PathBuf::from(std::env::var_os(variable).unwrap_or_else(|| name.into()));
    if process::exists(&program) {
        return Ok(program);
    }
    Err(format!(
        "{} is not installed; the variable {variable} may name another PowerShell than {name}",
        program.display()
    ))
}

/// What to do if there is no PowerShell for Windows on this machine.
pub fn lacking_windows() -> Option<String> {
    (!process::exists(WINDOWS)).then(|| {
        format!(
            "{WINDOWS}, a program that runs PowerShell for Windows under wine 10, is not on the PATH"
        )
    })
}

/// PowerShell for Windows, on this machine, that runs a line. Arguments that are added belong to the line.
pub fn windows(line: &str) -> Command {
    let mut command = process::command(WINDOWS);
    command.args(["-NoProfile", "-NonInteractive", "-Command"]);
    command.arg(format!(
        "[Console]::OutputEncoding = [Text.UTF8Encoding]::new(); {line}"
    ));
    command
}

/// The name that a file of this machine has in its PowerShell for Windows.
pub fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

/// A PowerShell that runs a script of this tree without the user's profile.
pub fn script(pwsh: &Path, script: &str) -> Command {
    let mut command = process::command(pwsh);
    command.args(["-NoProfile", "-NonInteractive", "-File"]);
    command.arg(workspace::root().join(script));
    command
}
