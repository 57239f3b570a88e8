//! The C program: the library's first customer.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::Outcome;
use crate::compiler::{self, Standard};
use crate::platform::Platform;
use crate::sandbox::Sandbox;
use crate::{dist, process};

const SANITIZERS: &str = "-fsanitize=address,undefined";
/// The exit code that valgrind ends with when it has found something.
const FOUND: &str = "99";

/// Runs the program as C11 under valgrind and as C++17 under AddressSanitizer; each also has to
/// find the leak in a program that leaks.
pub fn run() -> Result<Outcome> {
    let folder = dist::lay_out()?;
    if !cfg!(target_os = "macos") {
        unload(&folder)?;
    }
    if cfg!(windows) {
        test(&mut plain(&folder, "client_test", Standard::C11, &[])?)?;
        test(&mut plain(&folder, "client_test", Standard::Cpp17, &[])?)?;
        return Ok(Outcome::Passed);
    }
    if cfg!(target_os = "linux") {
        if !process::exists("valgrind") {
            return Ok(Outcome::NotRun("valgrind is not installed".into()));
        }
        test(&mut valgrind(&folder, "client_test")?)?;
        must_find_leak(&mut valgrind(&folder, "leak")?, "definitely lost")?;
    }
    test(&mut plain(
        &folder,
        "client_test",
        Standard::Cpp17,
        &[SANITIZERS],
    )?)?;
    if cfg!(target_os = "linux") {
        // Elsewhere AddressSanitizer looks for no leaks.
        must_find_leak(
            &mut plain(&folder, "leak", Standard::Cpp17, &[SANITIZERS])?,
            "LeakSanitizer",
        )?;
    }
    Ok(Outcome::Passed)
}

/// The program compiled as C11, run by valgrind.
fn valgrind(folder: &Path, name: &str) -> Result<Command> {
    let program = compiler::compile(
        folder,
        &source(name),
        &format!("{name}-c11"),
        Standard::C11,
        &[],
    )?;
    let mut command = process::command("valgrind");
    command
        .args(["--quiet", "--leak-check=full"])
        // The library's threads live until the process ends: their stacks are not leaks.
        .args([
            "--show-leak-kinds=definite,indirect",
            "--errors-for-leak-kinds=definite,indirect",
        ])
        .arg(format!("--error-exitcode={FOUND}"))
        .arg(program);
    compiler::with_library(&mut command, folder);
    Ok(command)
}

/// The program compiled with these flags, run as it is.
fn plain(folder: &Path, name: &str, standard: Standard, flags: &[&str]) -> Result<Command> {
    let language = match standard {
        Standard::C11 => "c11",
        Standard::Cpp17 => "c++17",
    };
    let program = compiler::compile(
        folder,
        &source(name),
        &format!("{name}-{language}"),
        standard,
        flags,
    )?;
    let mut command = process::command(program);
    compiler::with_library(&mut command, folder);
    Ok(command)
}

fn source(name: &str) -> String {
    format!("tests/c/{name}.c")
}

/// Runs the test program against a tenant with five pending tasks, a server that stays silent and
/// one whose certificate nobody trusts.
pub fn test(command: &mut Command) -> Result<()> {
    let sandbox = Sandbox::start(&["--tasks", "1000", "--pending", "5"])?;
    let untrusted = Sandbox::start(&["--tls"])?;
    let silent = TcpListener::bind("127.0.0.1:0")?;
    for name in ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"] {
        command.arg(sandbox.variable(name));
    }
    command.arg(format!("http://{}", silent.local_addr()?));
    command.arg(untrusted.variable("SAIL_BASE_URL"));
    process::run(without_settings(command, &tempfile::tempdir()?))
}

/// A host that unloads the library in the middle of a call.
fn unload(folder: &Path) -> Result<()> {
    // Only what the program itself loads can be unloaded.
    let flags: &[&str] = if cfg!(windows) {
        &[]
    } else {
        &["-Wl,--as-needed"]
    };
    let mut command = plain(folder, "unload", Standard::C11, flags)?;
    test_unloading(&mut command, &Platform::host()?)
}

/// Runs that host.
pub fn test_unloading(command: &mut Command, platform: &Platform) -> Result<()> {
    let silent = TcpListener::bind("127.0.0.1:0")?;
    process::run(
        command
            .arg(platform.shared())
            .arg(format!("http://{}", silent.local_addr()?)),
    )
}

/// A leak that is not found would mean that the check finds nothing at all.
fn must_find_leak(command: &mut Command, words: &str) -> Result<()> {
    let output = without_settings(command, &tempfile::tempdir()?)
        .output()
        .context("starting the program that leaks")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        !output.status.success() && said.contains(words),
        "the leak in tests/c/leak.c was not found: {}, {said}",
        output.status
    );
    Ok(())
}

/// Starts it in an empty folder that is the home folder too, so that no settings file is found.
fn without_settings<'a>(command: &'a mut Command, folder: &TempDir) -> &'a mut Command {
    command
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .env("USERPROFILE", folder.path())
}
