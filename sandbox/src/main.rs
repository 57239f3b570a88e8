//! The sandbox tenant as a program.

use std::{error::Error, io::Write, time::Duration};

use clap::Parser;
use v2024_sandbox::{Churn, Options, Rate, Rules, Sandbox};

/// Serves a SailPoint tenant in memory, on loopback, until it is stopped. Prints one line: the
/// SAIL_* variables that point a client at it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8124)]
    port: u16,
    /// How many tasks there are, the pending ones among them
    #[arg(long, default_value_t = 1000)]
    tasks: usize,
    /// How many of them are pending
    #[arg(long, default_value_t = 20)]
    pending: usize,
    /// The same seed gives the same tasks
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds between one running task finishing and the next; 0: they never do
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS")]
    progress: f64,
    /// Requests allowed per token in so many seconds, as in 100/10
    #[arg(long, value_name = "REQUESTS/SECONDS")]
    rate: Option<Rate>,
    /// Life of a token in seconds
    #[arg(long, default_value_t = Rules::default().token_seconds, value_name = "SECONDS")]
    token_seconds: u64,
    /// Answer an offset past the end with 400 instead of an empty list
    #[arg(long)]
    offset_error: bool,
    /// Answer an empty pending list with 204 instead of an empty list
    #[arg(long)]
    no_content: bool,
    /// Chance, 0 to 1, that tasks come, go or finish before a list is answered
    #[arg(long, value_name = "CHANCE")]
    churn: Option<f64>,
    /// Print the variables for PowerShell
    #[arg(long)]
    powershell: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let progress = Duration::try_from_secs_f64(arguments.progress)?;
    let sandbox = Sandbox::start_blocking(Options {
        port: arguments.port,
        tasks: arguments.tasks,
        pending: arguments.pending,
        seed: arguments.seed,
        progress: (!progress.is_zero()).then_some(progress),
        rules: Rules {
            rate: arguments.rate,
            token_seconds: arguments.token_seconds,
            offset_error: arguments.offset_error,
            no_content: arguments.no_content,
            churn: arguments.churn.map(|chance| Churn {
                insert: chance,
                prune: chance,
                remove: chance,
                finish: chance,
                ..Churn::default()
            }),
        },
        ..Options::default()
    })?;
    let variables = [
        ("SAIL_BASE_URL", sandbox.base_url()),
        ("SAIL_CLIENT_ID", sandbox.client_id()),
        ("SAIL_CLIENT_SECRET", sandbox.client_secret()),
    ];
    let line = if arguments.powershell {
        variables
            .map(|(name, value)| format!("$env:{name} = '{value}'"))
            .join("; ")
    } else {
        variables
            .map(|(name, value)| format!("{name}={value}"))
            .join(" ")
    };
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{line}")?;
    stdout.flush()?;
    loop {
        std::thread::park();
    }
}
