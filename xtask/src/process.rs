//! Running other programs.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// A command that starts at the top of the source tree and inherits neither a tenant nor a
/// library, for a developer's own variables must not decide what a test talks to, nor the folders
/// that `cargo run` adds to the search path of libraries, where the development build lies.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("SAIL_") || name == "V2024_LIBRARY_PATH")
        {
            command.env_remove(name);
        }
    }
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PATH"] {
        let Some(paths) = std::env::var_os(name) else {
            continue;
        };
        let paths: Vec<_> = std::env::split_paths(&paths)
            .filter(|path| !path.starts_with(workspace::target()))
            .collect();
        command.env(name, join(paths));
    }
    command
}

/// A search path of these folders.
pub fn join(paths: impl IntoIterator<Item = PathBuf>) -> OsString {
    std::env::join_paths(paths).expect("folders that were split or made here can be joined")
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Makes a release build of a package, once: it is asked for wherever it is needed.
pub fn build(package: &'static str) -> Result<()> {
    static BUILT: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let mut built = BUILT.lock().expect("no build panics");
    if !built.contains(package) {
        run(cargo().args(["build", "--release", "--quiet", "--package", package]))?;
        built.insert(package);
    }
    Ok(())
}

/// Runs it; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs it and gives its standard output, lines ended by a line feed alone; an exit code other than 0
/// is an error.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}", shown(command), output.status);
    }
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("{} printed no UTF-8", shown(command)))?;
    Ok(text.replace("\r\n", "\n"))
}

/// Python and npm, as they are called on this platform.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Whether a program of this name can be started.
pub fn exists(program: impl AsRef<OsStr>) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// Copies a folder and everything in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)
                .with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
