//! `cargo xtask soak`: many calls to a tenant that misbehaves at random, each accounted for.

use anyhow::Result;

use crate::process;

/// What `cargo xtask soak` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// How many calls to make
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
    /// What decides about calls and faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the soak, which prints what became of the calls.
pub fn run(options: &Options) -> Result<()> {
    process::run(
        process::cargo()
            .args(["run", "--quiet", "--package", "v2024-soak", "--"])
            .args(["--calls", &options.calls.to_string()])
            .args(["--seed", &options.seed.to_string()]),
    )
}
