//! The date and the kind of machine, without its name.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::process;

/// The date and the machine of the measurements.
pub struct Machine {
    date: String,
    processor: String,
    cores: usize,
    memory_gb: u64,
    system: String,
    /// How busy the machine was before the first run.
    load: f64,
}

/// Describes this machine, now.
pub fn describe() -> Result<Machine> {
    let word = |command: &str, argument: &str| -> Result<String> {
        Ok(process::output(process::command(command).arg(argument))?
            .trim()
            .to_owned())
    };
    let after = |file: &str, name: &str| -> Result<String> {
        fs::read_to_string(file)?
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find_map(|(key, value)| (key.trim() == name).then(|| value.trim().to_owned()))
            .with_context(|| format!("{file} has no {name}"))
    };
    let kb: u64 = after("/proc/meminfo", "MemTotal")?
        .trim_end_matches(" kB")
        .parse()?;
    let load = fs::read_to_string("/proc/loadavg")?;
    let load = load.split(' ').next().unwrap_or_default().parse()?;
    if load > 0.5 {
        eprintln!("warning: the machine is busy (load {load}): do not rely on the figures");
    }
    Ok(Machine {
        date: word("date", "+%Y-%m-%d")?,
        processor: after("/proc/cpuinfo", "model name")?,
        cores: std::thread::available_parallelism()?.get(),
        memory_gb: (kb * 1024).div_ceil(1 << 30),
        system: word("uname", "-sm")?,
        load,
    })
}

impl Machine {
    pub fn json(&self) -> Value {
        json!({
            "date": self.date,
            "processor": self.processor,
            "cores": self.cores,
            "memory_gb": self.memory_gb,
            "system": self.system,
            "load": self.load,
        })
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {} {}, {} cores, {} GB, load {} at the start",
            self.date, self.system, self.processor, self.cores, self.memory_gb, self.load
        )
    }
}
