//! A soak: thousands of calls from several workers to a tenant that drops, delays and truncates
//! responses, resets and swallows connections, sends odd heads, limits requests and expires tokens, all
//! at random. Every call must end with the correct result or an error that the tenant can cause, no
//! update may be made twice, and memory and file handles must not grow.

mod calls;
mod heads;
mod ledger;
mod measure;
mod seen;
mod tenant;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Parser;
use serde_json::json;
use v2024_task_management::{Client, Settings};

use calls::World;
use ledger::Ledger;
use measure::Usage;
use tenant::Tenant;

const WORKERS: u64 = 8;

/// The share of calls before memory is measured. By then every buffer and connection exists.
const WARM_UP: f64 = 0.3;

/// The number of calls after which a worker makes a new client.
const CALLS_OF_A_CLIENT: u64 = 100;

/// Makes thousands of calls to a tenant that misbehaves at random, and checks each result.
#[derive(Parser)]
struct Arguments {
    /// Number of calls to make
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
    /// Seed of the random calls and faults; the same seed gives the same ones, except for timing
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run as the tenant, for the soak that started this process
    #[arg(long, hide = true)]
    tenant: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = if arguments.tenant {
        tenant::serve(arguments.seed)
    } else {
        soak(&arguments)
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn soak(arguments: &Arguments) -> Result<()> {
    let mut tenant = Tenant::start(arguments.seed)?;
    let world = Arc::new(World::of(&tenant.tasks()?)?);
    let ledger = Arc::new(Ledger::default());
    println!(
        "{} calls, seed {}, {} tasks, {WORKERS} workers",
        arguments.calls,
        arguments.seed,
        world.ids.len()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let settings = json!({
        "BaseUrl": tenant.base_url,
        "ClientId": tenant.client_id,
        "ClientSecret": tenant.client_secret,
        "RetryIntervalSeconds": 0.005,
        "TimeoutSeconds": 2,
        "AttemptTimeoutSeconds": 0.3,
        "Environment": {},
        "Folder": "/nowhere",
    })
    .to_string();

    let started = Instant::now();
    tenant.misbehave()?;
    let count = |share: f64| (arguments.calls as f64 * share) as u64;
    let phase =
        |from, to| runtime.block_on(work(&settings, arguments.seed, from..to, &world, &ledger));
    let start = Usage::now();
    phase(0, count(WARM_UP))?;
    let warm = Usage::now();
    phase(count(WARM_UP), arguments.calls)?;
    let end = Usage::now();

    tenant.behave()?;
    println!("{ledger}");
    let (updates, made) = ledger.check(&tenant.tasks()?)?;
    println!("updates: {updates} tried, {made} made once, none made twice");
    println!("took {:.1} s", started.elapsed().as_secs_f64());
    if ledger.calls() != arguments.calls {
        bail!(
            "{} calls are recorded instead of {}",
            ledger.calls(),
            arguments.calls
        );
    }
    measure::compare(start, warm, end, WORKERS)
}

/// Makes these calls, several at the same time.
async fn work(
    settings: &str,
    seed: u64,
    numbers: std::ops::Range<u64>,
    world: &Arc<World>,
    ledger: &Arc<Ledger>,
) -> Result<()> {
    let next = Arc::new(AtomicU64::new(numbers.start));
    let mut workers: tokio::task::JoinSet<Result<()>> = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let (next, world, ledger) = (Arc::clone(&next), Arc::clone(world), Arc::clone(ledger));
        let settings = settings.to_owned();
        workers.spawn(async move {
            loop {
                let client = Client::new(Settings::from_json(&settings)?)?;
                for _ in 0..CALLS_OF_A_CLIENT {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return Ok(());
                    }
                    // Each call has its own seed, so that it does not depend on the worker.
                    let mut random = fastrand::Rng::with_seed(seed ^ number.rotate_left(32));
                    calls::make(&client, &world, &ledger, &mut random, number)
                        .await
                        .with_context(|| format!("call {number}"))?;
                }
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker??;
    }
    Ok(())
}
