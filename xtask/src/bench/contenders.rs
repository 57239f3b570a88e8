//! The programs that do the work, and how to build and start each of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::compiler::{self, Standard};
use crate::sandbox::Sandbox;
use crate::{dist, folder, library, package, powershell, process, workspace};

/// A program of `benches/`, or the library's file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    Rust,
    C,
    Curl,
    Python,
    Node,
    ManyNode,
    Module,
    ManyModule,
    Import,
    ByHand,
    ManyByHand,
    Bare,
    Library,
}

/// A program that is ready to run.
pub enum Ready {
    /// Takes the job, the count and the number of threads or requests at once as arguments.
    Program(Box<dyn Fn() -> Command>),
    /// Only its size is measured.
    File(PathBuf),
}

impl Program {
    /// Builds or finds the program. Copies what it needs of this project, so that a build during the benchmark changes
    /// nothing.
    pub fn prepare(self) -> Result<Ready> {
        let root = workspace::root().join("benches");
        let command: Box<dyn Fn() -> Command> = match self {
            Self::Rust => {
                let program = rust()?;
                Box::new(move || process::command(&program))
            }
            Self::C => {
                let (program, folder) = c()?;
                Box::new(move || {
                    let mut command = process::command(&program);
                    compiler::with_library(&mut command, &folder);
                    command
                })
            }
            Self::Curl => {
                ensure!(
                    process::exists("curl-config"),
                    "libcurl's header is needed (Debian: libcurl4-openssl-dev)"
                );
                let flags = ["-pthread", "-Wl,--as-needed", "-lcurl"];
                let program = compiler::compile(
                    &laid_out()?,
                    "benches/c/curl.c",
                    "bench-curl",
                    Standard::C11,
                    &flags,
                )?;
                Box::new(move || process::command(&program))
            }
            Self::Python => {
                let python = outside("venv/bin/python")?;
                let script = root.join("python/client.py");
                Box::new(move || {
                    let mut command = process::command(&python);
                    command.arg(&script);
                    command
                })
            }
            Self::Node => Box::new(node("client.mjs")?),
            Self::ManyNode => Box::new(node("many.mjs")?),
            Self::Module => Box::new(with_module("module")?),
            Self::ManyModule => Box::new(with_module("many")?),
            Self::Import => Box::new(with_module("import")?),
            Self::ByHand => Box::new(pwsh("by-hand")?),
            Self::ManyByHand => Box::new(pwsh("many-by-hand")?),
            Self::Bare => Box::new(pwsh("bare")?),
            Self::Library => return Ok(Ready::File(library::build()?)),
        };
        Ok(Ready::Program(command))
    }
}

/// The ids of so many pending tasks, for all contenders. `rust` is the crate's program.
pub fn pending_ids(rust: &Path, sandbox: &Sandbox, count: usize) -> Result<Vec<String>> {
    let mut command = process::command(rust);
    command.args(["pending", &count.to_string(), "1"]);
    let ids = process::output(command.envs(sandbox.variables()))?;
    Ok(ids.trim().split(',').map(str::to_owned).collect())
}

/// The crate's program.
pub fn rust() -> Result<PathBuf> {
    const NAME: &str = "v2024-bench-client";
    process::build(NAME)?;
    Ok(workspace::release(NAME))
}

/// The C program, and the folder with the library that it is linked to.
pub fn c() -> Result<(PathBuf, PathBuf)> {
    let folder = laid_out()?;
    let program = compiler::compile(
        &folder,
        "benches/c/client.c",
        "bench-client",
        Standard::C11,
        &["-pthread"],
    )?;
    Ok((program, folder))
}

fn laid_out() -> Result<PathBuf> {
    copy(&dist::lay_out()?, "dist", "")
}

fn copy(from: &Path, place: &str, name: &str) -> Result<PathBuf> {
    let to = workspace::target().join("bench").join(place).join(name);
    folder::copy(from, &to)?;
    Ok(to)
}

/// A file that the sandbox's tests from outside have installed: the vendor's SDKs.
fn outside(file: &str) -> Result<PathBuf> {
    let path = workspace::target().join("outside").join(file);
    if !path.exists() {
        bail!("the vendor's SDKs are not installed; `cargo xtask test outside` installs them");
    }
    Ok(path)
}

fn node(script: &str) -> Result<impl Fn() -> Command + use<>> {
    // Node looks for packages in the script's folder.
    let copy = outside("node_modules")?.with_file_name(format!("bench-{script}"));
    fs::copy(workspace::root().join("benches/node").join(script), &copy)?;
    Ok(move || {
        let mut command = process::command("node");
        command.arg(&copy);
        command
    })
}

/// A script that imports a copy of the module.
fn with_module(script: &str) -> Result<impl Fn() -> Command + use<>> {
    let module = copy(&package::module()?, "module", workspace::MODULE)?;
    let script = pwsh(script)?;
    Ok(move || {
        let mut command = script();
        command.env("V2024_BENCH_MODULE", &module);
        command
    })
}

fn pwsh(script: &str) -> Result<impl Fn() -> Command + use<>> {
    let pwsh = powershell::find().context(powershell::HOW_TO_GET)?;
    let script = format!("benches/powershell/{script}.ps1");
    Ok(move || powershell::script(&pwsh, &script))
}
