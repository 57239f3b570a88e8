//! Compiling C against the library with the compiler that Rust itself links with.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::platform::{Platform, System};
use crate::{process, workspace};

/// The language a source is compiled as.
#[derive(Clone, Copy)]
pub enum Standard {
    C11,
    Cpp17,
}

/// Compiles a source with warnings as errors, links it to the shared library in a folder made by
/// [`crate::dist::lay_out`], and returns the program. `flags` are added unchanged.
pub fn compile(
    folder: &Path,
    source: &str,
    name: &str,
    standard: Standard,
    flags: &[&str],
) -> Result<PathBuf> {
    compile_for(&Platform::host()?, folder, source, name, standard, flags)
}

/// Like [`compile`], for any platform.
pub fn compile_for(
    platform: &Platform,
    folder: &Path,
    source: &str,
    name: &str,
    standard: Standard,
    flags: &[&str],
) -> Result<PathBuf> {
    let programs = workspace::target().join("c");
    std::fs::create_dir_all(&programs)?;
    let program = programs.join(format!("{name}{}", platform.program_suffix()));
    let include = folder.join("include");
    let libraries = folder.join("lib");
    let mut command = find(platform, standard)?;
    command.current_dir(workspace::root());
    if platform.system == System::WindowsMsvc {
        command
            .args(["/nologo", "/W4", "/WX", "/D_CRT_SECURE_NO_WARNINGS", "/I"])
            .arg(include);
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
    }
    process::run(&mut command)?;
    Ok(program)
}

/// Lets a program find the shared library in a folder made by [`crate::dist::lay_out`].
pub fn with_library<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    let (variable, libraries) = match std::env::consts::OS {
        "windows" => ("PATH", "bin"),
        "macos" => ("DYLD_LIBRARY_PATH", "lib"),
        _ => ("LD_LIBRARY_PATH", "lib"),
    };
    let paths = std::env::var_os(variable).unwrap_or_default();
    let paths = std::iter::once(folder.join(libraries)).chain(std::env::split_paths(&paths));
    command.env(variable, process::join(paths))
}

/// The compiler for a language and a platform.
pub fn find(platform: &Platform, standard: Standard) -> Result<Command> {
    if let Some(target) = platform.for_zig() {
        let mut zig = process::command("cargo-zigbuild");
        zig.args(match standard {
            Standard::C11 => ["zig", "cc"],
            Standard::Cpp17 => ["zig", "c++"],
        });
        // Its checks of undefined behaviour need functions that an older musl does not have.
        zig.args(["--", "-target", &target, "-fno-sanitize=undefined"]);
        return Ok(zig);
    }
    let tool = cc::Build::new()
        .cargo_metadata(false)
        .cargo_warnings(false)
        .host(Platform::host()?.triple())
        .target(platform.triple())
        .opt_level(1)
        .cpp(matches!(standard, Standard::Cpp17))
        .try_get_compiler()
        .context("no C compiler found")?;
    Ok(tool.to_command())
}
