//! The project's one door. `cargo xtask --help` lists what it can do.

mod bench;
#[cfg(test)]
mod cases;
mod compiler;
mod demo;
mod dist;
mod header;
mod library;
mod licences;
mod package;
mod platform;
mod powershell;
mod process;
mod python;
mod sandbox;
mod sbom;
mod scripts;
mod soak;
mod test;
mod workspace;

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
    /// Show the five cmdlets at work in a real PowerShell session against the sandbox tenant
    Demo,
    /// Run every test, or only the named parts
    Test(test::Options),
    /// Put the PowerShell module together in target/module and its package in target/package
    Package(package::Options),
    /// Put the library for C together in target/dist, as an archive
    Dist(dist::Options),
    /// List what the library is made of, in target/sbom, in CycloneDX's form
    Sbom,
    /// Measure this project beside what people would use instead
    Bench(bench::Options),
    /// Make thousands of calls to a tenant that misbehaves at random, and account for each
    Soak(soak::Options),
    /// Write the C header again
    Header,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo => demo::run(),
        Command::Test(options) => test::run(&options),
        Command::Package(options) => package::run(&options),
        Command::Dist(options) => dist::run(&options),
        Command::Sbom => sbom::run(),
        Command::Bench(options) => bench::run(&options),
        Command::Soak(options) => soak::run(&options),
        Command::Header => header::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without the backtrace that `Debug` adds: what failed is another program.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
