//! The sandbox tenant as a program.

use std::{
    convert::Infallible,
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use v2024_sandbox::{
    Certificate, Churn, Disturbances, Options, Rate, Rules, Sandbox, Tls, TlsVersion,
};

/// Serves a SailPoint tenant in memory, on loopback, until you stop it. Prints one line to paste into the
/// terminal of a client: it sets the SAIL_* variables that point the client at this tenant.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8124)]
    port: u16,
    /// Number of tasks, including the pending ones
    #[arg(long, default_value_t = 1000)]
    tasks: usize,
    /// Number of pending tasks
    #[arg(long, default_value_t = 20)]
    pending: usize,
    /// The same seed gives the same tasks
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds between one running task finishing and the next; 0: none finishes
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS")]
    progress: f64,
    /// Milliseconds that every response is held back, as by a distant tenant
    #[arg(long, default_value_t = 0, value_name = "MS")]
    latency: u64,
    /// Requests allowed per token in a number of seconds, such as 100/10
    #[arg(long, value_name = "REQUESTS/SECONDS")]
    rate: Option<Rate>,
    /// Lifetime of a token in seconds
    #[arg(long, default_value_t = Rules::default().token_seconds, value_name = "SECONDS")]
    token_seconds: u64,
    /// Respond to an offset past the end with 400 instead of an empty list
    #[arg(long)]
    offset_error: bool,
    /// Respond with 204 instead of an empty list when no task is pending
    #[arg(long)]
    no_content: bool,
    /// Refuse sorters with 400
    #[arg(long)]
    sorter_error: bool,
    /// Ignore count=true
    #[arg(long)]
    no_total: bool,
    /// Chance, 0 to 1, that tasks appear, disappear or finish before each response to a list request
    #[arg(long, value_name = "CHANCE")]
    churn: Option<f64>,
    /// Serve https with a certificate made at startup
    #[arg(long)]
    tls: bool,
    /// Folder to write the authority's certificate, ca.pem, to
    #[arg(long, requires = "tls", value_name = "DIR")]
    tls_folder: Option<PathBuf>,
    /// The certificate to present
    #[arg(long, requires = "tls", value_enum, default_value = "good")]
    tls_certificate: Certificate,
    /// The versions of TLS to speak
    #[arg(long, requires = "tls", value_enum, value_delimiter = ',', default_values = ["1.2", "1.3"])]
    tls_version: Vec<TlsVersion>,
    /// Print the line for PowerShell instead of sh, bash and zsh
    #[arg(long)]
    powershell: bool,
    #[command(flatten)]
    disturbances: Disturbances,
}

fn main() -> ExitCode {
    match serve(&Arguments::parse()) {
        Ok(never) => match never {},
        Err(error) => {
            eprintln!("v2024-sandbox: {error}");
            if is_taken(error.as_ref()) {
                eprintln!(
                    "Another program has that port. Choose one with --port; --port 0 takes a free one."
                );
            }
            ExitCode::FAILURE
        }
    }
}

/// Whether the sandbox could not start because of its port.
fn is_taken(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::AddrInUse)
}

fn serve(arguments: &Arguments) -> Result<Infallible, Box<dyn Error>> {
    let progress = Duration::try_from_secs_f64(arguments.progress)?;
    let sandbox = Sandbox::start_blocking(Options {
        port: arguments.port,
        tasks: arguments.tasks,
        pending: arguments.pending,
        seed: arguments.seed,
        progress: (!progress.is_zero()).then_some(progress),
        latency: Duration::from_millis(arguments.latency),
        rules: Rules {
            rate: arguments.rate,
            token_seconds: arguments.token_seconds,
            offset_error: arguments.offset_error,
            no_content: arguments.no_content,
            sorter_error: arguments.sorter_error,
            no_total: arguments.no_total,
            disturbances: Some(arguments.disturbances)
                .filter(|disturbances| *disturbances != Disturbances::default()),
            churn: arguments.churn.map(|chance| Churn {
                insert: chance,
                prune: chance,
                remove: chance,
                finish: chance,
                ..Churn::default()
            }),
        },
        tls: arguments.tls.then(|| Tls {
            certificate: arguments.tls_certificate,
            versions: arguments.tls_version.clone(),
            folder: arguments.tls_folder.clone(),
        }),
        ..Options::default()
    })?;
    let mut variables = vec![
        ("SAIL_BASE_URL", sandbox.base_url().to_owned()),
        ("SAIL_CLIENT_ID", sandbox.client_id().to_owned()),
        ("SAIL_CLIENT_SECRET", sandbox.client_secret().to_owned()),
    ];
    if let Some(folder) = &arguments.tls_folder {
        let file = std::path::absolute(folder.join("ca.pem"))?;
        variables.push(("SSL_CERT_FILE", file.display().to_string()));
    }
    let variables = variables.into_iter();
    let line = if arguments.powershell {
        variables.map(powershell).collect::<Vec<_>>().join("; ")
    } else {
        let words: Vec<String> = variables.map(shell).collect();
        format!("export {}", words.join(" "))
    };
    let mut stdout = io::stdout();
    writeln!(stdout, "{line}")?;
    stdout.flush()?;
    loop {
        std::thread::park();
    }
}

fn shell((name, value): (&str, String)) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    match value.chars().all(plain) {
        true => format!("{name}={value}"),
        false => format!("{name}='{}'", value.replace('\'', r"'\''")),
    }
}

fn powershell((name, value): (&str, String)) -> String {
    format!("$env:{name} = '{}'", value.replace('\'', "''"))
}
