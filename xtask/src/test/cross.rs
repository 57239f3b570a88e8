//! The libraries for other platforms, built here and run with emulators.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use super::{Outcome, c, dist, library};
use crate::compiler::{self, Standard};
use crate::platform::{Platform, System};
use crate::sandbox::Sandbox;
use crate::{process, workspace};

/// A platform other than this machine's.
struct Other {
    /// Cargo's name for it.
    target: &'static str,
    /// The tools that build and run its library and programs.
    tools: &'static [&'static str],
    /// The command that runs its programs.
    runner: &'static [&'static str],
    /// What loads the shared library, if it has to be there: its file, and Debian's package.
    loader: Option<(&'static str, &'static str)>,
}

/// Cargo's name for Windows, with the compiler that Linux has for it.
pub const WINDOWS_GNU: &str = "x86_64-pc-windows-gnu";

const WINDOWS: Other = Other {
    target: WINDOWS_GNU,
    tools: &["x86_64-w64-mingw32-gcc", "wine", "pkg-config"],
    runner: &["wine"],
    loader: None,
};

const MUSL: Other = Other {
    target: "x86_64-unknown-linux-musl",
    tools: &["cargo-zigbuild", "pkg-config"],
    runner: &[],
    loader: Some(("/lib/ld-musl-x86_64.so.1", "musl")),
};

const MUSL_ARM64: Other = Other {
    target: "aarch64-unknown-linux-musl",
    tools: &["cargo-zigbuild", "qemu-aarch64-static", "pkg-config"],
    runner: &["qemu-aarch64-static"],
    loader: Some(("/lib/ld-musl-aarch64.so.1", "musl:arm64")),
};

const ARM64: Other = Other {
    target: "aarch64-unknown-linux-gnu.2.28",
    tools: &[
        "cargo-zigbuild",
        "aarch64-linux-gnu-gcc",
        "qemu-aarch64-static",
        "pkg-config",
    ],
    runner: &["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"],
    loader: None,
};

/// Windows, which most users have.
pub fn windows() -> Result<Outcome> {
    run(&[WINDOWS])
}

/// The other platforms whose programs can run here.
pub fn others() -> Result<Outcome> {
    run(&[MUSL, ARM64, MUSL_ARM64])
}

/// Makes the archive for each platform, checks its library, and runs the C test program and the examples
/// with it; for musl also the sandbox. Skips a platform whose tools are missing, and goes on after one that fails.
fn run(platforms: &[Other]) -> Result<Outcome> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(Outcome::NotHere("is for x86-64 Linux"));
    }
    let mut failed = Vec::new();
    let mut lacking = Vec::new();
    let mut left_out = Vec::new();
    for other in platforms {
        if let Some(lack) = other.lacking()? {
            lacking.push(lack);
        } else if let Err(error) = other.test() {
            failed.push(format!("{}: {error:#}", other.target));
        } else {
            left_out.extend(other.lacks_loader());
        }
    }
    outcome(&failed, &lacking, &left_out)
}

/// The result for all platforms together, which leaves out nothing that is to be said of one.
fn outcome(failed: &[String], lacking: &[String], left_out: &[String]) -> Result<Outcome> {
    let said = [failed, lacking, left_out].concat().join("; ");
    ensure!(failed.is_empty(), said);
    Ok(if !lacking.is_empty() {
        Outcome::NotRun(said)
    } else if !left_out.is_empty() {
        Outcome::PassedWithout(said)
    } else {
        Outcome::Passed
    })
}

impl Other {
    /// What is missing to build and run it here, if anything is.
    fn lacking(&self) -> Result<Option<String>> {
        match process::missing(self.tools) {
            Some(tool) => Ok(Some(format!("{} needs {tool}", self.target))),
            None => Platform::of(self.target)?.lacking(),
        }
    }

    fn test(&self) -> Result<()> {
        let platform = Platform::of(self.target)?;
        let scratch = tempfile::tempdir()?;
        let folder = dist::unpacked(&platform, scratch.path())?;
        library::check(&platform)?;

        let variables = match platform.system {
            System::WindowsGnu => wine(&platform, &folder, scratch.path())?,
            _ => vec![("LD_LIBRARY_PATH", folder.join("lib").into())],
        };
        let program = |name: &str| {
            let program = compiler::compile_for(
                &platform,
                &folder,
                &format!("tests/c/{name}.c"),
                &format!("{name}-{}", platform.rid),
                Standard::C11,
                &["-Wl,--as-needed"],
            )?;
            let mut command = self.command(&program);
            command.envs(variables.clone());
            Ok::<_, anyhow::Error>(command)
        };
        let mut links = vec!["static"];
        if self.lacks_loader().is_none() {
            c::test(&mut program("client_test")?)?;
            c::test_unloading(&mut program("unload")?, &platform)?;
            links.push("shared");
        }
        for link in links {
            dist::try_examples(|name| {
                let program =
                    dist::with_pkg_config(&platform, &folder, scratch.path(), link, name)?;
                let mut command = self.command(&program);
                command.envs(variables.clone());
                Ok(command)
            })?;
        }
        if platform.is_musl() {
            self.test_sandbox(&platform, scratch.path())?;
        }
        println!("{}: passed", platform.rid);
        Ok(())
    }

    /// Why the shared library cannot be loaded here, if it cannot.
    fn lacks_loader(&self) -> Option<String> {
        let (file, package) = self.loader.filter(|(file, _)| !Path::new(file).exists())?;
        Some(format!(
            "{}: only the static library was run, because {file} is not installed (Debian: {package})",
            self.target
        ))
    }

    /// Starts the sandbox of the archive, which has to be one static program, and asks it for its tasks.
    fn test_sandbox(&self, platform: &Platform, scratch: &Path) -> Result<()> {
        let program = dist::unpacked_sandbox(platform, scratch)?;
        library::ensure_static(&program)?;
        let sandbox = Sandbox::by(&mut self.command(&program), &["--tasks", "20"])?;
        let tasks = sandbox.tasks()?;
        let count = tasks.as_array().map_or(0, Vec::len);
        ensure!(count == 20, "the sandbox has {count} tasks, not 20");
        Ok(())
    }

    fn command(&self, program: &Path) -> Command {
        let mut words = self
            .runner
            .iter()
            .map(OsStr::new)
            .chain([program.as_os_str()]);
        let mut command = process::command(words.next().unwrap_or_default());
        command.args(words);
        // Wine 8 does not support additional trusted certificates.
        command
            .env_remove("SSL_CERT_FILE")
            .env_remove("SSL_CERT_DIR");
        command
    }
}

/// The variables with which wine finds the library, keeps its files in the target folder and prints
/// nothing itself. Also builds a bcryptprimitives.dll, which every Windows has but wine 8 lacks.
fn wine(
    platform: &Platform,
    folder: &Path,
    scratch: &Path,
) -> Result<Vec<(&'static str, OsString)>> {
    let prefix = workspace::target().join("wine");
    fs::create_dir_all(&prefix)?;
    let stand_in = scratch.join("bcryptprimitives.dll");
    let mut compiler = compiler::find(platform, Standard::C11)?;
    compiler
        .current_dir(workspace::root())
        .args(["-shared", "tests/c/bcryptprimitives.c", "-ladvapi32", "-o"])
        .arg(&stand_in);
    process::run(&mut compiler)?;
    let mut path = OsString::from("Z:");
    path.push(folder.join("bin"));
    path.push(";Z:");
    path.push(scratch);
    Ok(vec![
        ("WINEPATH", path),
        ("WINEPREFIX", prefix.into()),
        ("WINEDEBUG", "-all".into()),
        // No offers to install a .NET or a browser.
        ("WINEDLLOVERRIDES", "mscoree,mshtml=".into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::{Outcome, outcome};

    #[test]
    fn the_result_says_what_failed_was_lacking_and_was_left_out() {
        let [failed, lacking, left_out] = ["f", "l", "o"].map(|word| [word.to_owned()]);
        let error = outcome(&failed, &lacking, &left_out).err().unwrap();
        assert_eq!(error.to_string(), "f; l; o");
        for (lacking, left_out, expected) in [
            (&lacking[..], &left_out[..], Outcome::NotRun("l; o".into())),
            (&[], &left_out, Outcome::PassedWithout("o".into())),
            (&[], &[], Outcome::Passed),
        ] {
            assert_eq!(outcome(&[], lacking, left_out).unwrap(), expected);
        }
    }
}
