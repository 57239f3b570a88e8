//! Compiling C against the library with the compiler that Rust itself links with.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{library, process, workspace};

/// The language a source is compiled as.
#[derive(Clone, Copy)]
pub enum Standard {
    C11,
    Cpp17,
}

/// Compiles a source with every warning an error, links it to the release library and gives the
/// program. `flags` are added as they are.
pub fn compile(source: &str, name: &str, standard: Standard, flags: &[&str]) -> Result<PathBuf> {
    library::build()?;
    let folder = workspace::target().join("c");
    std::fs::create_dir_all(&folder)?;
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let tool = find(standard)?;
    let include = workspace::root().join("include");
    let libraries = workspace::release("");
    let mut command = tool.to_command();
    command.current_dir(workspace::root());
    if tool.is_like_msvc() {
        command.args(["/nologo", "/W4", "/WX", "/I"]).arg(include);
        command.args(match standard {
            Standard::C11 => ["/std:c11", "/TC"],
            Standard::Cpp17 => ["/std:c++17", "/TP"],
        });
        command.arg(source).args(flags);
        command.arg(format!("/Fe{}", program.display()));
        command.arg(format!("/Fo{}", program.with_extension("obj").display()));
        command.arg(libraries.join(format!("{}.dll.lib", workspace::LIBRARY)));
    } else {
        command
            .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-I"])
            .arg(include);
        command.args(match standard {
            Standard::C11 => ["-std=c11", "-xc"],
            Standard::Cpp17 => ["-std=c++17", "-xc++"],
        });
        command.arg(source).args(flags).arg("-o").arg(&program);
        command
            .arg("-L")
            .arg(&libraries)
            .arg(format!("-l{}", workspace::LIBRARY));
        command.arg(format!("-Wl,-rpath,{}", libraries.display()));
    }
    process::run(&mut command)?;
    Ok(program)
}

/// A compiled program, ready to run: on Windows the library is found through the PATH.
pub fn program(program: &Path) -> Command {
    let mut command = process::command(program);
    if cfg!(windows) {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(workspace::release("")).chain(std::env::split_paths(&paths));
        command.env(
            "PATH",
            std::env::join_paths(paths).expect("folders of a PATH can be joined again"),
        );
    }
    command
}

fn find(standard: Standard) -> Result<cc::Tool> {
    let host = process::output(process::command("rustc").arg("-vV"))?;
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc -vV names no host")?;
    cc::Build::new()
        .cargo_metadata(false)
        .cargo_warnings(false)
        .host(host)
        .target(host)
        .opt_level(1)
        .cpp(matches!(standard, Standard::Cpp17))
        .try_get_compiler()
        .context("no C compiler found")
}
