//! `cargo xtask bench`: compares this project with the alternatives, on the sandbox tenant.

mod contenders;
mod figure;
mod instructions;
mod machine;
mod readme;
mod report;
mod rows;
mod run;

pub use instructions::check as check_instructions;

use anyhow::{Result, bail, ensure};
use report::Report;

use crate::workspace;

/// The arguments of `cargo xtask bench`.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    part: Option<Part>,
    /// Run only the rows with these names
    #[arg(long, value_delimiter = ',')]
    rows: Vec<String>,
    /// Do a tenth of the work, twice: shows whether everything runs, not how fast
    #[arg(long)]
    quick: bool,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Also write the table to benches/RESULTS.md, and its comparison with the documented SDK to README.md
    #[arg(long, conflicts_with_all = ["rows", "quick"])]
    write: bool,
}

#[derive(clap::Subcommand)]
enum Part {
    /// Count the instructions of three fixed jobs; fail if one has grown by more than 5 percent
    Instructions {
        /// Write the counts to benches/instructions.json instead of comparing with them
        #[arg(long)]
        write: bool,
    },
}

/// Runs the requested benchmarks and prints their results.
pub fn run(options: &Options) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("the benchmarks run only on Linux: they read /proc");
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
            "there is no row {name:?}; the rows are {}",
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
        let results = report.markdown();
        std::fs::write(workspace::root().join("benches/RESULTS.md"), &results)?;
        readme::write(&results)?;
    }
    Ok(())
}
