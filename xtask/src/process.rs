//! Running other programs.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::{paths, workspace};

/// A command that starts at the top of the source tree, with the environment of this process minus
/// the variables that [`is_handed_on`] excludes and minus the folders that `cargo run` adds to the
/// search path of libraries, where the development build is.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| !is_handed_on(name)) {
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

/// Whether programs inherit this environment variable. Two groups stay behind:
///
/// - A developer's own tenant and library: they must not decide what a test talks to.
/// - What `cargo run` says about xtask. Build scripts such as ring's run again when
///   `CARGO_MANIFEST_DIR` or a `CARGO_PKG_*` changes, so a cargo that inherited these would rebuild
///   nearly everything, and so would the next cargo that a person starts. Variables that a user
///   sets, such as `CARGO_HOME` or `CARGO_TARGET_DIR`, are handed on.
fn is_handed_on(name: &str) -> bool {
    const EXCLUDED: [&str; 4] = [
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_TMPDIR",
        "V2024_LIBRARY_PATH",
    ];
    const EXCLUDED_PREFIXES: [&str; 4] = ["SAIL_", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_"];
    !EXCLUDED.contains(&name)
        && !EXCLUDED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// A search path that consists of these folders.
pub fn join(paths: impl IntoIterator<Item = PathBuf>) -> OsString {
    std::env::join_paths(paths).expect("the folders come from a search path or have plain names")
}

/// The cargo that started this program.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Makes a release build of a package for this machine. Later calls for the same package do nothing.
pub fn build(package: &'static str) -> Result<()> {
    static BUILT: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let mut built = BUILT.lock().expect("no build panics");
    if !built.contains(package) {
        let mut cargo = cargo();
        cargo.args(["build", "--release", "--locked", "--package", package]);
        if !std::io::stderr().is_terminal() {
            // A person sees the progress of a build, which may take minutes.
            cargo.arg("--quiet");
        }
        // The same flags for all packages, since cargo builds everything again when they change.
        paths::hide(&mut cargo, false, &[]);
        if !cfg!(target_env = "msvc") {
            paths::hide_in_c(&mut cargo);
        }
        run(&mut cargo)?;
        built.insert(package);
    }
    Ok(())
}

/// Runs a command. An exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a command and returns its standard output, with line feeds as line ends. An exit code other than
/// 0 is an error.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}", shown(command), output.status);
    }
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("the output of {} is not UTF-8", shown(command)))?;
    Ok(text.replace("\r\n", "\n"))
}

/// The programs Python and npm, as they are named on this platform.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// The program that computes and checks SHA-256 sums.
pub fn sha256sum() -> Command {
    if cfg!(target_os = "macos") {
        let mut shasum = command("shasum");
        shasum.args(["--algorithm", "256"]);
        shasum
    } else {
        command("sha256sum")
    }
}

/// The program that packs and unpacks archives. On Windows the system's own: Git's, which a Git shell finds first,
/// takes the `D:` of a path for another computer, and cannot write zip files.
pub fn tar() -> Command {
    if cfg!(windows) {
        let system = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
        command(Path::new(&system).join("System32").join("tar.exe"))
    } else {
        command("tar")
    }
}

/// Whether a program can be started.
pub fn exists(program: impl AsRef<OsStr>) -> bool {
    command(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// The first of these programs that cannot be started.
pub fn missing(programs: &[&'static str]) -> Option<&'static str> {
    programs.iter().copied().find(|program| !exists(program))
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::{OsStr, command, is_handed_on};

    #[test]
    fn variables_of_cargo_run_and_of_a_tenant_are_not_handed_on() {
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_MANIFEST_LINKS",
            "CARGO_PKG_NAME",
            "CARGO_PKG_VERSION_MAJOR",
            "CARGO_BIN_NAME",
            "CARGO_BIN_EXE_xtask",
            "CARGO_CRATE_NAME",
            "CARGO_PRIMARY_PACKAGE",
            "CARGO_TARGET_TMPDIR",
            "SAIL_BASE_URL",
            "V2024_LIBRARY_PATH",
        ] {
            assert!(!is_handed_on(name), "{name}");
        }
    }

    #[test]
    fn variables_that_a_user_sets_are_handed_on() {
        for name in [
            "CARGO",
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER",
            "CARGO_BUILD_JOBS",
            "CARGO_NET_OFFLINE",
            "CARGO_TERM_COLOR",
            "CARGO_LOG",
            "CARGO_PROFILE_DEV_DEBUG",
            "RUSTFLAGS",
            "PATH",
            "SSL_CERT_FILE",
        ] {
            assert!(is_handed_on(name), "{name}");
        }
    }

    /// Cargo sets the variable for a test as it does for a program that it runs.
    #[test]
    fn a_command_has_no_variable_that_is_not_handed_on() {
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
        let command = command("cargo");
        assert!(
            command
                .get_envs()
                .any(|change| change == (OsStr::new("CARGO_MANIFEST_DIR"), None))
        );
    }
}
