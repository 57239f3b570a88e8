//! The archive for C, unpacked and used as a C programmer does.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::Outcome;
use crate::compiler::{self, Standard};
use crate::platform::Platform;
use crate::sandbox::Sandbox;
use crate::{dist, process, workspace};

/// Builds the C examples against the unpacked archive with CMake and with pkg-config, each with the
/// shared and with the static library, and runs them.
pub fn run() -> Result<Outcome> {
    let mut tools = vec!["cmake"];
    if !cfg!(windows) {
        tools.push("pkg-config");
    }
    for tool in tools {
        if !process::exists(tool) {
            return Ok(Outcome::NotRun(format!("{tool} is not installed")));
        }
    }
    let platform = Platform::host()?;
    let unpacked = tempfile::tempdir()?;
    process::run(
        process::command("tar")
            .arg("-xf")
            .arg(dist::archive(&platform)?)
            .arg("-C")
            .arg(unpacked.path()),
    )?;
    let folder = unpacked.path().join(dist::name(&platform));
    for link in ["shared", "static"] {
        try_examples(&folder, link, |name| {
            let build = with_cmake(&folder, unpacked.path(), link)?;
            Ok(build.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        })?;
        if !cfg!(windows) {
            try_examples(&folder, link, |name| {
                with_pkg_config(&folder, unpacked.path(), link, name)
            })?;
        }
    }
    Ok(Outcome::Passed)
}

/// Builds both examples with CMake and gives the folder they are in.
fn with_cmake(folder: &Path, scratch: &Path, link: &str) -> Result<PathBuf> {
    let build = scratch.join(format!("cmake-{link}"));
    let mut configure = process::command("cmake");
    configure.args(["-S", "examples/c", "-B"]).arg(&build);
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

/// Builds one example as pkg-config says and gives the program.
fn with_pkg_config(folder: &Path, scratch: &Path, link: &str, name: &str) -> Result<PathBuf> {
    let package = match link {
        "static" => "v2024-task-management-static",
        _ => workspace::CRATE,
    };
    let flags = process::output(
        process::command("pkg-config")
            .args(["--cflags", "--libs", package])
            .env("PKG_CONFIG_PATH", folder.join("lib/pkgconfig")),
    )?;
    let program = scratch.join(format!("{name}-{link}"));
    let mut command = compiler::find(Standard::C11)?.to_command();
    command.current_dir(workspace::root());
    command
        .arg(format!("examples/c/{name}.c"))
        .args(flags.split_whitespace());
    process::run(command.arg("-o").arg(&program))?;
    Ok(program)
}

/// Runs both examples; one that is linked to the static library gets no help to find the shared one.
fn try_examples(folder: &Path, link: &str, build: impl Fn(&str) -> Result<PathBuf>) -> Result<()> {
    let run = |name: &str, arguments: &[&str], sandbox: &Sandbox| {
        let program = build(name)?;
        let mut command = process::command(&program);
        if link == "shared" {
            compiler::with_library(&mut command, folder);
        }
        process::output(command.args(arguments).envs(sandbox.variables()))
    };
    let said = run("tasks", &[], &Sandbox::start(&["--pending", "5"])?)?;
    ensure!(
        said.contains("\"x-total-count\":\"5\""),
        "the example tasks said: {said}"
    );
    ensure!(
        said.matches("    200 {").count() == 5,
        "the example tasks said: {said}"
    );
    let said = run(
        "watch",
        &["1", "clear"],
        &Sandbox::start(&["--pending", "1"])?,
    )?;
    for line in ["\n1 pending\n", "\ncleared ", "\n0 pending\n"] {
        ensure!(said.contains(line), "the example watch said: {said}");
    }
    Ok(())
}
