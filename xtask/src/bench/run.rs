//! Runs the rows: the contenders take turns, run by run, with one tenant.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use super::contenders::{Program, Ready, pending_id, rust};
use super::rows::{Contender, Row};
use crate::process;
use crate::sandbox::Sandbox;

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
    let tasks = row.tasks.to_string();
    let mut arguments = vec!["--tasks", tasks.as_str()];
    if let Some(rate) = row.rate {
        arguments.extend(["--rate", rate]);
    }
    let sandbox = Sandbox::start(&arguments)?;
    let id = pending_id(finder, &sandbox)?;
    let mut samples: Vec<Vec<Sample>> = row.contenders.iter().map(|_| Vec::new()).collect();
    for _ in 0..row.rounds {
        for (contender, samples) in row.contenders.iter().zip(&mut samples) {
            let sample = match &programs[&contender.program] {
                Ready::File(file) => Sample {
                    megabytes: std::fs::metadata(file)?.len() as f64 / 1e6,
                    ..Sample::default()
                },
                Ready::Program(program) => {
                    let mut command = program();
                    command.env("V2024_BENCH_ID", &id).envs(sandbox.variables());
                    sample(row, contender, &mut command, &sandbox)
                        .with_context(|| format!("{} in the row {}", contender.name, row.name))?
                }
            };
            samples.push(sample);
        }
    }
    Ok(Measured { row, samples })
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
        .args([count, row.threads].map(|number| number.to_string()));
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

/// Number of requests that a tenant with a rate limit has refused so far. The tenant closes the connection after its
/// response.
fn refused(row: &Row, sandbox: &Sandbox) -> Result<usize> {
    if row.rate.is_none() {
        return Ok(0);
    }
    let host = sandbox
        .variable("SAIL_BASE_URL")
        .trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET /sandbox/requests HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    let (_, body) = response
        .split_once("\r\n\r\n")
        .context("the tenant did not respond")?;
    let requests: Vec<Value> = serde_json::from_str(body)?;
    Ok(requests
        .iter()
        .filter(|request| request["status"] == 429)
        .count())
}
