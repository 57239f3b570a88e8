//! The platforms that the library is built for, and what its files are called there.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{paths, process, workspace};

/// A platform, this machine's or another.
pub struct Platform {
    /// Rust's name of it.
    triple: String,
    /// What cargo is told to build for; nothing on this machine. A glibc version may follow the
    /// triple, as in `x86_64-unknown-linux-gnu.2.28`.
    target: Option<String>,
    /// .NET's name of it, which names the folder that the PowerShell module loads from.
    pub rid: String,
    pub system: System,
}

/// What decides how files are called and linked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum System {
    Linux,
    Macos,
    WindowsMsvc,
    WindowsGnu,
}

impl Platform {
    /// This machine.
    pub fn host() -> Result<Self> {
        let rustc = process::output(process::command("rustc").arg("-vV"))?;
        let triple = rustc
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .context("rustc -vV names no host")?;
        Self::named(triple, None)
    }

    /// The one that cargo calls so.
    pub fn of(target: &str) -> Result<Self> {
        let triple = target.split('.').next().unwrap_or(target);
        Self::named(triple, Some(target.to_owned()))
    }

    fn named(triple: &str, target: Option<String>) -> Result<Self> {
        let (name, system) = match triple.split_once('-').map_or("", |(_, rest)| rest) {
            "unknown-linux-gnu" => ("linux", System::Linux),
            "unknown-linux-musl" => ("linux-musl", System::Linux),
            "apple-darwin" => ("osx", System::Macos),
            "pc-windows-msvc" => ("win", System::WindowsMsvc),
            "pc-windows-gnu" | "pc-windows-gnullvm" => ("win", System::WindowsGnu),
            _ => bail!("no file names are known for the platform {triple}"),
        };
        let architecture = match triple.split('-').next() {
            Some("x86_64") => "x64",
            Some("aarch64") => "arm64",
            _ => bail!("no .NET name is known for the platform {triple}"),
        };
        Ok(Self {
            triple: triple.to_owned(),
            target,
            rid: format!("{name}-{architecture}"),
            system,
        })
    }

    /// Rust's name of it.
    pub fn triple(&self) -> &str {
        &self.triple
    }

    /// Zig's name of it, if zig compiles C for it: for musl. Debian's musl-gcc has only glibc's unwinder,
    /// which cannot be linked into a program for musl, and compiles only for the machine's own processor.
    pub fn for_zig(&self) -> Option<String> {
        (self.target.is_some() && self.is_musl()).then(|| self.triple.replace("-unknown", ""))
    }

    /// Whether its C library is musl.
    pub fn is_musl(&self) -> bool {
        self.triple.ends_with("-musl")
    }

    /// Builds the shared and the static library.
    pub fn build(&self) -> Result<()> {
        self.build_package(workspace::C_PACKAGE)
    }

    /// Builds the sandbox and returns the program, which for musl needs no other file.
    pub fn build_sandbox(&self) -> Result<PathBuf> {
        self.build_package(workspace::SANDBOX)?;
        Ok(self.built(&format!("{}{}", workspace::SANDBOX, self.program_suffix())))
    }

    /// Makes a release build of a package; for another platform with the standard library that is
    /// installed, or else with one from source.
    fn build_package(&self, package: &'static str) -> Result<()> {
        let Some(target) = &self.target else {
            return process::build(package);
        };
        let from_source = !self.has_standard_library()?;
        let musl = self.is_musl();
        let by_zig = musl || *target != self.triple;
        let mut cargo = if by_zig {
            // Zig brings a C library of the version wanted; for musl, what unwinds the stack too.
            process::command("cargo-zigbuild")
        } else if from_source {
            process::command(debian::CARGO)
        } else {
            process::cargo()
        };
        cargo.args(["build", "--release", "--locked", "--package", package]);
        cargo.args(["--target", target]);
        if from_source {
            debian::build_standard_library(&mut cargo, &self.triple)?;
        }
        let flags: &[&str] = if musl && package == workspace::C_PACKAGE {
            // A shared library cannot have the C library in it.
            &["-Ctarget-feature=-crt-static"]
        } else if musl && from_source {
            // Zig's startup code, because the source has none.
            &["-Clink-self-contained=no"]
        } else {
            &[]
        };
        // cargo-zigbuild does not look for flags in cargo's arguments.
        paths::hide(&mut cargo, by_zig, flags);
        if !matches!(self.system, System::WindowsMsvc) {
            paths::hide_in_c(&mut cargo);
        }
        process::run(&mut cargo)
    }

    /// What keeps it from being built here; nothing where there is a standard library, or the source
    /// of one.
    pub fn lacking(&self) -> Result<Option<String>> {
        Ok((!self.has_standard_library()? && !debian::has_source())
            .then(|| debian::lacking(&self.triple)))
    }

    /// Whether Rust's standard library for it lies beside the compiler.
    fn has_standard_library(&self) -> Result<bool> {
        let folder = process::output(
            process::command("rustc")
                .args(["--print", "target-libdir", "--target"])
                .arg(&self.triple),
        )?;
        Ok(Path::new(folder.trim()).exists())
    }

    /// A file that the build made.
    pub fn built(&self, file: &str) -> PathBuf {
        match self.target {
            Some(_) => workspace::target()
                .join(&self.triple)
                .join("release")
                .join(file),
            None => workspace::release(file),
        }
    }

    /// The shared library's file name.
    pub fn shared(&self) -> String {
        let name = workspace::LIBRARY;
        match self.system {
            System::Linux => format!("lib{name}.so"),
            System::Macos => format!("lib{name}.dylib"),
            System::WindowsMsvc | System::WindowsGnu => format!("{name}.dll"),
        }
    }

    /// How a program's file name ends.
    pub fn program_suffix(&self) -> &'static str {
        match self.system {
            System::Linux | System::Macos => "",
            System::WindowsMsvc | System::WindowsGnu => ".exe",
        }
    }

    /// The static library's file name.
    pub fn archive(&self) -> String {
        let name = workspace::LIBRARY;
        match self.system {
            System::WindowsMsvc => format!("{name}.lib"),
            System::Linux | System::Macos | System::WindowsGnu => format!("lib{name}.a"),
        }
    }

    /// What a linker takes for the shared library, where that is another file.
    pub fn import(&self) -> Option<String> {
        let name = workspace::LIBRARY;
        match self.system {
            System::WindowsMsvc => Some(format!("{name}.dll.lib")),
            System::WindowsGnu => Some(format!("lib{name}.dll.a")),
            System::Linux | System::Macos => None,
        }
    }
}

/// Debian's Rust, which has the source of its standard library beside it.
mod debian {
    use std::path::Path;
    use std::process::Command;

    use anyhow::{Result, ensure};

    pub const CARGO: &str = "/usr/bin/cargo";
    const SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

    pub fn has_source() -> bool {
        Path::new(CARGO).exists() && Path::new(SOURCE).exists()
    }

    pub fn lacking(triple: &str) -> String {
        format!(
            "there is no standard library for {triple}: run `rustup target add {triple}`, or install \
             Debian's packages cargo-web, rustc-web and rust-web-src"
        )
    }

    /// Lets a cargo build the standard library too. Compilers of releases do so only when they are
    /// told to behave like those that are not.
    pub fn build_standard_library(cargo: &mut Command, triple: &str) -> Result<()> {
        ensure!(has_source(), lacking(triple));
        cargo
            .arg("-Zbuild-std=std,panic_unwind")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", "/usr/bin/rustc")
            .env("CARGO", CARGO);
        Ok(())
    }
}
