//! `cargo xtask test`: runs all tests and prints a table of their results.

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
mod powershell_windows;
mod publish;
mod readme;
mod rust;
mod sbom;
mod workflows;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

/// The arguments of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Options {
    /// The parts to run; all of them if none is named
    parts: Vec<Part>,
    /// Folder with the package to test in PowerShell, instead of building one
    #[arg(long)]
    package: Option<PathBuf>,
}

/// One part of the tests.
#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// The Rust tests of all crates, and the examples in their documentation
    Rust,
    /// The library's size, exported functions and ABI
    Library,
    /// The C program, as C11 under valgrind and as C++17 under AddressSanitizer
    C,
    /// The archive for C, used through CMake and pkg-config
    Dist,
    /// The examples in Python, Node, C# and Go
    Examples,
    /// The packaged module in real PowerShell, with Pester
    Powershell,
    /// The same in a newer PowerShell
    PowershellNext,
    /// The same in PowerShell for Windows, under wine, with the README's session and the C examples
    PowershellWindows,
    /// The packaged module, installed, updated and removed by PowerShell
    Install,
    /// The instruction counts of three fixed jobs, compared with the committed ones
    Instructions,
    /// The examples in the README
    Readme,
    /// Other people's clients and checkers against the sandbox
    Outside,
    /// The workflows in .github, with actionlint
    Workflows,
    /// The crates as they would be published, built from their packages
    Publish,
    /// The list of the crates in the library
    Sbom,
    /// The project's dependencies, with cargo-deny
    Deny,
    /// The library for Windows, built with mingw and run with wine
    Windows,
    /// The libraries for ARM64 and for musl, and the sandbox for musl, run with qemu; only if named
    Cross,
}

/// The result of a part that did not fail.
#[derive(Debug, PartialEq)]
enum Outcome {
    Passed,
    /// All that could run passed; the text says what was left out, and why.
    PassedWithout(String),
    /// A tool is missing; the text says which one and how to get it.
    NotRun(String),
    /// The part does not apply to this platform.
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
            Self::PowershellNext => powershell::next(),
            Self::PowershellWindows => powershell_windows::run(),
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
                "runs only if named, because it takes long: cargo xtask test cross",
            )),
            Self::Cross => cross::others(),
        }
    }

    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Runs the parts one after the other, even if one fails, and prints their results.
pub fn run(options: &Options) -> Result<()> {
    let parts = match options.parts.as_slice() {
        [] => Part::value_variants(),
        named => named,
    };
    // A missing tool is only reported on a developer's machine, but is a failure in CI.
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
            "{:<20}{result:<10}{:>6.1} s  {note}",
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
            Ok(Outcome::PassedWithout(what)) => ("passed", what),
            Ok(Outcome::NotHere(why)) => ("not here", why.to_owned()),
            Ok(Outcome::NotRun(why)) if strict => ("FAILED", why),
            Ok(Outcome::NotRun(why)) => ("NOT RUN", why),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        if !note.is_empty() && result != "not here" {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_is_a_failure_where_all_have_to_run() {
        let row = |outcome, strict| {
            let Row { result, note, .. } = Row::new(Part::Cross, outcome, Duration::ZERO, strict);
            (result, note)
        };
        let not_run = || Ok(Outcome::NotRun("why".into()));
        assert_eq!(row(not_run(), false), ("NOT RUN", "why".into()));
        assert_eq!(row(not_run(), true), ("FAILED", "why".into()));
        let passed = Ok(Outcome::PassedWithout("what".into()));
        assert_eq!(row(passed, true), ("passed", "what".into()));
    }
}
