//! `cargo xtask test`: every test there is, and a table of what ran.

mod abi;
mod c;
mod cross;
mod deny;
mod dist;
mod examples;
mod header;
mod install;
mod instructions;
mod library;
mod outside;
mod powershell;
mod publish;
mod readme;
mod rust;
mod sbom;
mod workflows;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

/// What `cargo xtask test` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// The parts to run; all of them when none is named
    parts: Vec<Part>,
    /// Folder with the package to test in PowerShell, instead of a new one
    #[arg(long)]
    package: Option<PathBuf>,
}

/// One part of the tests.
#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// The crate's, the sandbox's and the documentation's own tests
    Rust,
    /// The library's size, the names it exports and its ABI
    Library,
    /// The C program, as C11 under valgrind and as C++17 under AddressSanitizer
    C,
    /// The archive for C, used through CMake and pkg-config
    Dist,
    /// The examples in Python and Node
    Examples,
    /// The packaged module in real PowerShell, with Pester
    Powershell,
    /// The packaged module, installed, updated and removed by PowerShell
    Install,
    /// How many instructions three fixed jobs take, beside the committed counts
    Instructions,
    /// What the README shows
    Readme,
    /// Other people's clients and checkers against the sandbox
    Outside,
    /// The workflows in .github, with actionlint
    Workflows,
    /// What crates.io would get, built from there
    Publish,
    /// The list of what the library is made of
    Sbom,
    /// What the project depends on, with cargo-deny
    Deny,
    /// The library for Windows, built by mingw and run by wine
    Windows,
    /// The libraries for ARM64, run by qemu, and for musl; only when named
    Cross,
}

/// How a part that did not fail ended.
enum Outcome {
    Passed,
    /// A tool is missing; says which and how to get it.
    NotRun(String),
    /// There is nothing to run on this platform.
    NotHere(&'static str),
}

impl Part {
    fn run(self, options: &Options) -> Result<Outcome> {
        match self {
            Self::Rust => rust::run(),
            Self::Library => library::run(),
            Self::C => c::run(),
            Self::Dist => dist::run(),
            Self::Examples => examples::run(),
            Self::Powershell => powershell::run(options.package.as_deref()),
            Self::Install => install::run(),
            Self::Instructions => instructions::run(),
            Self::Readme => readme::run(),
            Self::Outside => outside::run(),
            Self::Workflows => workflows::run(),
            Self::Publish => publish::run(),
            Self::Sbom => sbom::run(),
            Self::Deny => deny::run(),
            Self::Windows => cross::windows(),
            Self::Cross if options.parts.is_empty() => Ok(Outcome::NotHere(
                "runs only when it is named, for it builds for long: cargo xtask test cross",
            )),
            Self::Cross => cross::others(),
        }
    }

    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Runs the parts one after the other, whatever becomes of each, and prints how they ended.
pub fn run(options: &Options) -> Result<()> {
    let parts = match options.parts.as_slice() {
        [] => Part::value_variants(),
        named => named,
    };
    // On a developer's machine a missing tool is told; where nobody reads along it is a failure.
    let strict = std::env::var_os("CI").is_some();
    let mut table = Vec::new();
    for part in parts {
        println!("\n=== {} ===", part.name());
        let start = Instant::now();
        let outcome = part.run(options);
        table.push(Row::new(*part, outcome, start.elapsed(), strict));
    }

    println!();
    for Row {
        part,
        result,
        took,
        note,
    } in &table
    {
        println!(
            "{:<13}{result:<10}{:>6.1} s  {note}",
            part.name(),
            took.as_secs_f64()
        );
    }
    let count = |result| table.iter().filter(|row| row.result == result).count();
    println!(
        "parts: {} passed, {} failed, {} skipped",
        count("passed"),
        count("FAILED"),
        count("NOT RUN")
    );
    match count("FAILED") {
        0 => Ok(()),
        failed => bail!("{failed} of {} parts failed", table.len()),
    }
}

struct Row {
    part: Part,
    result: &'static str,
    took: Duration,
    note: String,
}

impl Row {
    fn new(part: Part, outcome: Result<Outcome>, took: Duration, strict: bool) -> Self {
        let (result, note) = match outcome {
            Ok(Outcome::Passed) => ("passed", String::new()),
            Ok(Outcome::NotHere(why)) => ("not here", why.to_owned()),
            Ok(Outcome::NotRun(why)) if strict => ("FAILED", why),
            Ok(Outcome::NotRun(why)) => ("NOT RUN", why),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        if result != "passed" && result != "not here" {
            println!("{}: {result}: {note}", part.name());
        }
        Self {
            part,
            result,
            took,
            note,
        }
    }
}
