//! The archive for C, unpacked and used as a C programmer would.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::Outcome;
use crate::compiler::{self, Standard};
use crate::platform::Platform;
use crate::sandbox::Sandbox;
use crate::{dist, paths, process, workspace};

/// Builds the C examples against the unpacked archive with CMake and with pkg-config, each with the
/// shared and with the static library, and runs them.
pub fn run() -> Result<Outcome> {
    let tools: &[_] = if cfg!(windows) {
        &["cmake"]
    } else {
        &["cmake", "pkg-config"]
    };
    if let Some(tool) = process::missing(tools) {
        return Ok(Outcome::NotRun(format!("{tool} is not installed")));
    }
    let platform = Platform::host()?;
    let scratch = tempfile::tempdir()?;
    let folder = unpacked(&platform, scratch.path())?;
    if cfg!(target_os = "linux") {
        paths::ensure_hidden(&folder)?;
    }
    for link in ["shared", "static"] {
        // A program that is linked to the static library must work without the shared one.
        let command = |program: PathBuf| {
            let mut command = process::command(program);
            if link == "shared" {
                compiler::with_library(&mut command, &folder);
            }
            command
        };
        try_examples(|name| {
            let build = with_cmake(&folder, scratch.path(), link)?;
            Ok(command(
                build.join(format!("{name}{}", platform.program_suffix())),
            ))
        })?;
        if !cfg!(windows) {
            try_examples(|name| {
                let program = with_pkg_config(&platform, &folder, scratch.path(), link, name)?;
                Ok(command(program))
            })?;
        }
    }
    Ok(Outcome::Passed)
}

/// Makes the archive, unpacks it into a folder and returns the folder that it contained.
pub fn unpacked(platform: &Platform, into: &Path) -> Result<PathBuf> {
    unpack(&dist::archive(platform)?, into)?;
    Ok(into.join(dist::name(platform)))
}

/// The same with the sandbox's archive; returns its program.
pub fn unpacked_sandbox(platform: &Platform, into: &Path) -> Result<PathBuf> {
    unpack(&dist::sandbox(platform)?, into)?;
    let program = format!("{}{}", workspace::SANDBOX, platform.program_suffix());
    Ok(into.join(dist::sandbox_name(platform)).join(program))
}

fn unpack(archive: &Path, into: &Path) -> Result<()> {
    process::run(process::tar().arg("-xf").arg(archive).arg("-C").arg(into))
}

/// Builds both examples with CMake and returns the folder that contains them.
fn with_cmake(folder: &Path, scratch: &Path, link: &str) -> Result<PathBuf> {
    let build = scratch.join(format!("cmake-{link}"));
    let mut configure = process::command("cmake");
    configure.arg("-S").arg(folder.join("examples/c"));
    configure.arg("-B").arg(&build);
    configure.arg(format!("-DCMAKE_PREFIX_PATH={}", folder.display()));
    configure.args([
        format!("-DV2024_LINK={link}"),
        "-DCMAKE_BUILD_TYPE=Release".into(),
    ]);
    process::run(&mut configure)?;
    process::run(
        process::command("cmake")
            .arg("--build")
            .arg(&build)
            .args(["--config", "Release"]),
    )?;
    Ok(if cfg!(windows) {
        build.join("Release")
    } else {
        build
    })
}

/// Builds one example with the flags from pkg-config and returns the program.
pub fn with_pkg_config(
    platform: &Platform,
    folder: &Path,
    scratch: &Path,
    link: &str,
    name: &str,
) -> Result<PathBuf> {
    let package = match link {
        "static" => "v2024-task-management-static",
        _ => workspace::CRATE,
    };
    let flags = process::output(
        process::command("pkg-config")
            .args(["--cflags", "--libs", package])
            .env("PKG_CONFIG_PATH", folder.join("lib/pkgconfig")),
    )?;
    let program = scratch.join(format!("{name}-{link}{}", platform.program_suffix()));
    let mut command = compiler::find(platform, Standard::C11)?;
    command.current_dir(workspace::root());
    if link == "static" && platform.for_zig().is_some() {
        // Runs without the loader, and with zig's code that unwinds the stack.
        command.args(["-static", "-lunwind"]);
    }
    command
        .arg(format!("examples/c/{name}.c"))
        .args(flags.split_whitespace());
    process::run(command.arg("-o").arg(&program))?;
    Ok(program)
}

/// Builds and runs both examples.
pub fn try_examples(build: impl Fn(&str) -> Result<Command>) -> Result<()> {
    let run = |name: &str, arguments: &[&str], sandbox: &Sandbox| {
        process::output(build(name)?.args(arguments).envs(sandbox.variables()))
    };
    let said = run("tasks", &[], &Sandbox::start(&["--pending", "5"])?)?;
    ensure!(
        said.contains("\"x-total-count\":\"5\""),
        "the example tasks printed: {said}"
    );
    ensure!(
        said.matches("    200 {").count() == 5,
        "the example tasks printed: {said}"
    );
    let said = run(
        "watch",
        &["1", "clear"],
        &Sandbox::start(&["--pending", "1"])?,
    )?;
    for line in ["\n1 pending\n", "\ncleared ", "\n0 pending\n"] {
        ensure!(said.contains(line), "the example watch printed: {said}");
    }
    Ok(())
}
