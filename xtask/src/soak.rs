//! `cargo xtask soak`: many calls to a tenant that misbehaves at random, each of them checked.

use anyhow::Result;

use crate::process;

/// The arguments of `cargo xtask soak`.
#[derive(clap::Args)]
pub struct Options {
    /// Number of calls to make
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
    /// Seed of the random calls and faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the soak, which prints the results of the calls.
pub fn run(options: &Options) -> Result<()> {
    process::run(
        process::cargo()
            .args(["run", "--quiet", "--locked", "--package", "v2024-soak"])
            .arg("--")
            .args(["--calls", &options.calls.to_string()])
            .args(["--seed", &options.seed.to_string()]),
    )
}
