//! Instruction counts of fixed jobs. Unlike times, they are reproducible, even on a busy machine, and show
//! when a change makes the library do more work.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use super::contenders;
use crate::sandbox::Sandbox;
use crate::{compiler, process, workspace};

/// Name, job and count of the C program.
const JOBS: [(&str, &str, usize); 3] = [
    ("start, token and one GET", "start", 1),
    ("200 GETs", "get", 200),
    ("20 pages of 250", "page", 20),
];

/// The largest allowed ratio to the committed count.
const MAX_GROWTH: f64 = 1.05;

/// The count of each job, by its name.
type Counts = BTreeMap<String, u64>;

/// Counts, and compares with the committed counts.
pub fn check() -> Result<()> {
    let path = file();
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let committed: Counts = serde_json::from_str(&text)?;
    let counted = count()?;
    ensure!(
        committed.keys().eq(counted.keys()),
        "{} has other jobs; rewrite it with `cargo xtask bench instructions --write`",
        path.display()
    );
    let mut grown = Vec::new();
    for (name, now) in &counted {
        let ratio = *now as f64 / committed[name] as f64;
        println!(
            "{name}: {now} instructions, {:+.1} percent",
            (ratio - 1.0) * 100.0
        );
        if ratio > MAX_GROWTH {
            grown.push(name.as_str());
        }
    }
    if !grown.is_empty() {
        bail!(
            "more than 5 percent more instructions than in benches/instructions.json: {}. If that is intended, run \
             `cargo xtask bench instructions --write` and commit the file",
            grown.join(", ")
        );
    }
    Ok(())
}

/// Counts, and writes the file to be committed.
pub fn write() -> Result<()> {
    let counts = count()?;
    std::fs::write(file(), serde_json::to_string_pretty(&counts)? + "\n")?;
    for (name, count) in counts {
        println!("{name}: {count} instructions");
    }
    Ok(())
}

fn file() -> PathBuf {
    workspace::root().join("benches/instructions.json")
}

fn count() -> Result<Counts> {
    ensure!(process::exists("valgrind"), "valgrind is not installed");
    let (program, folder) = contenders::c()?;
    let sandbox = Sandbox::start(&["--tasks", "1000"])?;
    let id = contenders::pending_ids(&contenders::rust()?, &sandbox, 1)?.remove(0);
    let profile = tempfile::NamedTempFile::new()?;
    JOBS.iter()
        .map(|(name, job, count)| {
            let mut command = process::command("valgrind");
            compiler::with_library(&mut command, &folder);
            command
                .args(["--quiet", "--tool=callgrind"])
                .arg(format!("--callgrind-out-file={}", profile.path().display()))
                .arg(&program)
                .args([*job, &count.to_string(), "1"])
                .envs(sandbox.variables())
                .env("V2024_BENCH_ID", &id);
            process::output(&mut command)?;
            let said = std::fs::read_to_string(profile.path())?;
            let total = said
                .lines()
                .find_map(|line| line.strip_prefix("totals: "))
                .context("callgrind did not write totals")?;
            Ok(((*name).to_owned(), total.trim().parse()?))
        })
        .collect()
}
