//! The instruction counts of the benchmarks. Unlike times, they are reproducible.

use anyhow::Result;

use super::Outcome;
use crate::{bench, process};

/// Counts, and compares the counts with `benches/instructions.json`.
pub fn run() -> Result<Outcome> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(Outcome::NotHere(
            "the committed counts are for Linux on x86-64",
        ));
    }
    if !process::exists("valgrind") {
        return Ok(Outcome::NotRun("valgrind is not installed".into()));
    }
    bench::check_instructions()?;
    Ok(Outcome::Passed)
}
