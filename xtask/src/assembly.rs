//! Compiling the module's C#.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::{powershell, process, workspace};

/// The assembly's name. Its folder in the module has this project's sources in the source tree.
const NAME: &str = "V2024TaskManagement.Interop";
const FOLDER: &str = "Interop";

/// The oldest PowerShell that the module supports.
pub const OLDEST_POWERSHELL: &str = "7.4";

/// What compiles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compiler {
    /// The .NET SDK. The assembly works in every PowerShell that the module supports.
    Sdk,
    /// The compiler in PowerShell. The assembly works in that version of PowerShell and later ones.
    PowerShell,
}

impl Compiler {
    /// The SDK if there is one on the PATH that can compile for .NET 8, otherwise PowerShell.
    pub fn find() -> Self {
        let sdks = process::exists("dotnet")
            .then(|| process::output(process::command("dotnet").arg("--list-sdks")).ok())
            .flatten();
        if sdks.is_some_and(|sdks| sdks.lines().any(can_compile)) {
            Self::Sdk
        } else {
            Self::PowerShell
        }
    }

    /// Replaces the sources in a copy of the module with the assembly, and returns the oldest PowerShell
    /// that it works in.
    pub fn compile(self, pwsh: &Path, module: &Path) -> Result<String> {
        let sources = workspace::root()
            .join("powershell")
            .join(workspace::MODULE)
            .join(FOLDER);
        let folder = module.join(FOLDER);
        std::fs::remove_dir_all(&folder)
            .and_then(|()| std::fs::create_dir(&folder))
            .with_context(|| format!("emptying {}", folder.display()))?;
        let assembly = folder.join(format!("{NAME}.dll"));
        match self {
            Self::Sdk => {
                let output = workspace::target().join("dotnet");
                let mut command = process::command("dotnet");
                // No server stays behind.
                command
                    .args(["build", "--configuration", "Release", "--nologo"])
                    .args(["--verbosity", "quiet", "-nodeReuse:false"])
                    .arg("-p:UseSharedCompilation=false")
                    .arg(format!("-p:ArtifactsPath={}", output.display()))
                    .arg(sources);
                let run = command.output().context("could not start dotnet")?;
                ensure!(
                    run.status.success(),
                    "dotnet build ended with {}:\n{}",
                    run.status,
                    String::from_utf8_lossy(&run.stdout)
                );
                let built = output.join("bin").join(NAME).join("release");
                std::fs::copy(built.join(format!("{NAME}.dll")), &assembly)
                    .with_context(|| format!("copying from {}", built.display()))?;
                Ok(OLDEST_POWERSHELL.to_owned())
            }
            Self::PowerShell => {
                let version = process::output(
                    powershell::script(pwsh, "xtask/compile.ps1")
                        .arg("-Sources")
                        .arg(sources)
                        .arg("-Assembly")
                        .arg(assembly),
                )?;
                Ok(version.trim().to_owned())
            }
        }
    }
}

/// Whether an SDK can compile for .NET 8, by its line in `dotnet --list-sdks`: 10.0.401 [/usr/share/dotnet/sdk].
fn can_compile(line: &str) -> bool {
    line.split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok())
        .is_some_and(|major| major >= 8)
}

#[cfg(test)]
mod tests {
    use super::can_compile;

    #[test]
    fn an_sdk_for_dotnet_8_or_later_can_compile() {
        for (line, can) in [
            ("10.0.401 [/usr/share/dotnet/sdk]", true),
            ("8.0.100 [C:\\Program Files\\dotnet\\sdk]", true),
            ("7.0.400 [/usr/share/dotnet/sdk]", false),
            ("", false),
        ] {
            assert_eq!(can_compile(line), can, "{line}");
        }
    }
}
