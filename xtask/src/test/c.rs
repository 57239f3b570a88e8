//! The C test program.

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
/// The exit code with which valgrind reports an error.
const FOUND: &str = "99";

/// Runs the program as C11 under valgrind and as C++17 under AddressSanitizer. Each of the two tools
/// also has to find the leak in a program that leaks.
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
        // On other systems AddressSanitizer does not look for leaks.
        must_find_leak(
            &mut plain(&folder, "leak", Standard::Cpp17, &[SANITIZERS])?,
            "LeakSanitizer",
        )?;
    }
    Ok(Outcome::Passed)
}

/// The program compiled as C11 and run by valgrind.
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

/// The program compiled with these flags.
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

/// Runs the test program with a tenant that has five pending tasks, a server that never responds, and
/// one with an untrusted certificate.
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
    // A program that is linked to the library could not unload it.
    let flags: &[&str] = if cfg!(windows) {
        &[]
    } else {
        &["-Wl,--as-needed"]
    };
    let mut command = plain(folder, "unload", Standard::C11, flags)?;
    test_unloading(&mut command, &Platform::host()?)
}

/// Runs the host that unloads the library.
pub fn test_unloading(command: &mut Command, platform: &Platform) -> Result<()> {
    let silent = TcpListener::bind("127.0.0.1:0")?;
    process::run(
        command
            .arg(platform.shared())
            .arg(format!("http://{}", silent.local_addr()?)),
    )
}

/// Runs the program that leaks. If the leak is not found, the check finds no leaks at all.
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

/// Sets an empty folder as the current folder and the home folder, so that no settings file is found.
fn without_settings<'a>(command: &'a mut Command, folder: &TempDir) -> &'a mut Command {
    command
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .env("USERPROFILE", folder.path())
}
