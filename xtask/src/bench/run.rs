//! Runs the rows: the contenders take turns, run by run, with one tenant.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::contenders::{Program, Ready, pending_ids, rust};
use super::rows::{Contender, Row, Tenant};
use crate::process;
use crate::sandbox::Sandbox;

/// The job that completes pending tasks.
const CLEAR: &str = "clear";

/// A row and the runs of each of its contenders, in the row's order.
pub struct Measured<'a> {
    pub row: &'a Row,
    pub samples: Vec<Vec<Sample>>,
}

/// One run.
#[derive(Default)]
pub struct Sample {
    /// Number of times the work was done.
    pub count: usize,
    /// The seconds that the program measured.
    pub seconds: f64,
    /// The seconds from its start to its end.
    pub wall: f64,
    /// The most memory, or the size of the file; 0 if the program does not report it.
    pub megabytes: f64,
    /// Requests that the tenant refused.
    pub refused: usize,
}

/// Runs every row.
pub fn all(rows: &[Row]) -> Result<Vec<Measured<'_>>> {
    let mut programs = BTreeMap::new();
    for contender in rows.iter().flat_map(|row| &row.contenders) {
        if let Entry::Vacant(entry) = programs.entry(contender.program) {
            entry.insert(contender.program.prepare()?);
        }
    }
    let finder = rust()?;
    rows.iter()
        .map(|row| measure(row, &programs, &finder))
        .collect()
}

fn measure<'a>(
    row: &'a Row,
    programs: &BTreeMap<Program, Ready>,
    finder: &Path,
) -> Result<Measured<'a>> {
    eprintln!("{}: {} rounds", row.name, row.rounds);
    let sandbox = start(&row.tenant)?;
    let ids = pending_ids(finder, &sandbox, row.tenant.pending)?;
    let wanted = &ids[..row.count.min(ids.len())];
    let pending = (row.job == CLEAR).then(|| sandbox.tasks()).transpose()?;
    let mut samples: Vec<Vec<Sample>> = row.contenders.iter().map(|_| Vec::new()).collect();
    for _ in 0..row.rounds {
        for (contender, samples) in row.contenders.iter().zip(&mut samples) {
            let sample = match &programs[&contender.program] {
                Ready::File(file) => Sample {
                    megabytes: std::fs::metadata(file)?.len() as f64 / 1e6,
                    ..Sample::default()
                },
                Ready::Program(program) => {
                    if let Some(pending) = &pending {
                        sandbox.set_tasks(pending)?;
                    }
                    let mut command = program();
                    command
                        .env("V2024_BENCH_ID", &ids[0])
                        .env("V2024_BENCH_IDS", wanted.join(","))
                        .env("V2024_BENCH_TASKS", row.tenant.tasks.to_string())
                        .envs(sandbox.variables());
                    sample(row, contender, &mut command, &sandbox)
                        .and_then(|sample| match row.job {
                            CLEAR => check_cleared(&sandbox, wanted).map(|()| sample),
                            _ => Ok(sample),
                        })
                        .with_context(|| format!("{} in the row {}", contender.name, row.name))?
                }
            };
            samples.push(sample);
        }
    }
    Ok(Measured { row, samples })
}

fn start(tenant: &Tenant) -> Result<Sandbox> {
    let mut arguments = vec![
        format!("--tasks={}", tenant.tasks),
        format!("--pending={}", tenant.pending),
        format!("--latency={}", tenant.latency),
    ];
    arguments.extend(tenant.rate.map(|rate| format!("--rate={rate}")));
    Sandbox::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Whether these tasks are completed.
fn check_cleared(sandbox: &Sandbox, ids: &[String]) -> Result<()> {
    let tasks = sandbox.tasks()?;
    let cleared = |task: &&Value| {
        task["completionStatus"] == "TERMINATED" && ids.iter().any(|id| task["id"] == id.as_str())
    };
    let count = tasks
        .as_array()
        .into_iter()
        .flatten()
        .filter(cleared)
        .count();
    ensure!(
        count == ids.len(),
        "{count} of {} tasks are completed",
        ids.len()
    );
    Ok(())
}

fn sample(
    row: &Row,
    contender: &Contender,
    command: &mut std::process::Command,
    sandbox: &Sandbox,
) -> Result<Sample> {
    let count = row.count_of(contender);
    command
        .arg(contender.job.unwrap_or(row.job))
        .arg(count.to_string())
        .arg(contender.at_once.unwrap_or(row.at_once).to_string());
    let refused_before = refused(row, sandbox)?;
    let start = Instant::now();
    let output = process::output(command)?;
    let wall = start.elapsed().as_secs_f64();
    let reported: Value =
        serde_json::from_str(output.trim()).with_context(|| format!("it printed {output:?}"))?;
    Ok(Sample {
        count,
        seconds: reported["seconds"]
            .as_f64()
            .with_context(|| format!("it printed {output:?}"))?,
        wall,
        megabytes: reported["peak_kb"].as_f64().unwrap_or_default() * 1024.0 / 1e6,
        refused: refused(row, sandbox)? - refused_before,
    })
}

/// Number of requests that a tenant with a rate limit has refused so far.
fn refused(row: &Row, sandbox: &Sandbox) -> Result<usize> {
    if row.tenant.rate.is_none() {
        return Ok(0);
    }
    let requests = sandbox.requests()?;
    Ok(requests
        .iter()
        .filter(|request| request["status"] == 429)
        .count())
}
