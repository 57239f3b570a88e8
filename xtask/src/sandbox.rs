//! The sandbox tenant as a child process.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};

use crate::{process, workspace};

/// A running sandbox tenant. Dropping it ends the process.
pub struct Sandbox {
    process: Child,
    variables: Vec<(String, String)>,
}

/// Builds the sandbox and returns its program.
pub fn build() -> Result<PathBuf> {
    process::build(workspace::SANDBOX)?;
    Ok(workspace::release(&format!(
        "{}{}",
        workspace::SANDBOX,
        std::env::consts::EXE_SUFFIX
    )))
}

impl Sandbox {
    /// Starts a tenant on a free port and waits for the line with its variables. Its pending tasks stay
    /// pending.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let program = build()?;
        let mut process = process::command(&program)
            .args(["--port", "0", "--progress", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut line = String::new();
        let output = process
            .stdout
            .as_mut()
            .expect("the sandbox's output is piped");
        let read = BufReader::new(output).read_line(&mut line);
        let variables = line
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let sandbox = Self { process, variables };
        read.context("reading the sandbox's first line")?;
        for name in ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"] {
            ensure!(
                sandbox.variables.iter().any(|(known, _)| known == name),
                "the sandbox's first line has no {name}: {line:?}"
            );
        }
        Ok(sandbox)
    }

    /// The `SAIL_*` variables that point a client at this tenant.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// One of the `SAIL_*` variables.
    pub fn variable(&self, name: &str) -> &str {
        self.variables()
            .find_map(|(known, value)| (known == name).then_some(value))
            .unwrap_or_default()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Fails if the process has already ended, which is fine.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
