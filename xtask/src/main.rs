//! Builds, tests, packages and measures the project. `cargo xtask --help` lists the commands.

mod assembly;
mod bench;
#[cfg(test)]
mod cases;
mod compiler;
mod demo;
mod dist;
mod folder;
mod header;
mod library;
mod licences;
#[cfg(test)]
mod lines;
mod package;
mod paths;
mod platform;
mod powershell;
mod process;
mod python;
mod release;
mod sandbox;
mod sbom;
mod scripts;
#[cfg(test)]
mod security;
mod soak;
mod test;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Build, try, test and package V2024 TaskManagement")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the five cmdlets in a real PowerShell session with the sandbox tenant
    Demo,
    /// Start a sandbox tenant and keep it running; the options are those of the sandbox
    #[command(disable_help_flag = true)]
    Sandbox {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<OsString>,
    },
    /// Run every test, or only the named parts
    Test(test::Options),
    /// Build the PowerShell module in target/module and its package in target/package
    Package(package::Options),
    /// Build the archive of the library for C in target/dist
    Dist(dist::Options),
    /// Check, tag and publish a version
    Release(release::Options),
    /// List the crates in the library, in CycloneDX's format, in target/sbom
    Sbom,
    /// Compare this project's speed and memory with the alternatives
    Bench(bench::Options),
    /// Make thousands of calls to a tenant that misbehaves at random, and check each result
    Soak(soak::Options),
    /// Regenerate the C header
    Header,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo => demo::run(),
        Command::Sandbox { options } => sandbox::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Package(options) => package::run(&options),
        Command::Dist(options) => dist::run(&options),
        Command::Release(options) => release::run(&options),
        Command::Sbom => sbom::run(),
        Command::Bench(options) => bench::run(&options),
        Command::Soak(options) => soak::run(&options),
        Command::Header => header::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `Debug`, which adds a backtrace of xtask: usually another program failed.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
