//! `cargo xtask bench`: this project beside what people would use instead, on the sandbox tenant.

mod contenders;
mod instructions;
mod machine;
mod report;
mod rows;
mod run;

pub use instructions::check as check_instructions;

use anyhow::{Result, bail, ensure};
use report::Report;

use crate::workspace;

/// What `cargo xtask bench` can be told.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    part: Option<Part>,
    /// Only these rows, by name
    #[arg(long, value_delimiter = ',')]
    rows: Vec<String>,
    /// A tenth of the work, twice: to see that everything runs, not how fast
    #[arg(long)]
    quick: bool,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Write the table to benches/RESULTS.md too
    #[arg(long, conflicts_with_all = ["rows", "quick"])]
    write: bool,
}

#[derive(clap::Subcommand)]
enum Part {
    /// Count the instructions of three fixed jobs; fails when one has grown by more than 5 percent
    Instructions {
        /// Write the counts to benches/instructions.json instead of comparing with them
        #[arg(long)]
        write: bool,
    },
}

/// Runs what was asked for and prints it.
pub fn run(options: &Options) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("the benchmarks read memory and machine from /proc: they run on Linux");
    }
    if let Some(Part::Instructions { write }) = options.part {
        return if write {
            instructions::write()
        } else {
            instructions::check()
        };
    }
    let mut rows = rows::all();
    for name in &options.rows {
        ensure!(
            rows.iter().any(|row| row.name == name),
            "there is no row {name:?}; there are {}",
            rows.iter()
                .map(|row| row.name)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    if !options.rows.is_empty() {
        rows.retain(|row| options.rows.iter().any(|name| row.name == name));
    }
    if options.quick {
        rows.iter_mut().for_each(rows::Row::shorten);
    }
    let report = Report::of(machine::describe()?, &run::all(&rows)?);
    if options.json {
        println!("{}", report.json());
    } else {
        println!("{}", report.text());
    }
    if options.write {
        std::fs::write(
            workspace::root().join("benches/RESULTS.md"),
            report.markdown(),
        )?;
    }
    Ok(())
}
