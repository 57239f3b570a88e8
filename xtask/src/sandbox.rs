//! The sandbox tenant as a child process.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::platform::Platform;
use crate::process;

/// `cargo xtask sandbox`: builds the sandbox and runs it with these options until it is stopped.
pub fn run(options: &[OsString]) -> Result<()> {
    let sandbox = Platform::host()?.build_sandbox()?;
    // Paths in the options are the user's.
    process::run(
        process::command(sandbox)
            .args(options)
            .current_dir(std::env::current_dir()?),
    )
}

/// A running sandbox tenant. Dropping it ends the process.
pub struct Sandbox {
    process: Child,
    variables: Vec<(String, String)>,
}

impl Sandbox {
    /// Builds the sandbox, starts a tenant on a free port and waits for the line with its variables. Its pending
    /// tasks stay pending.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        Self::by(
            &mut process::command(Platform::host()?.build_sandbox()?),
            arguments,
        )
    }

    /// The same with a command that runs a sandbox, such as one for another platform.
    pub fn by(command: &mut Command, arguments: &[&str]) -> Result<Self> {
        let mut process = command
            .args(["--port", "0", "--progress", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {command:?}"))?;
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

    /// The tenant's tasks.
    pub fn tasks(&self) -> Result<Value> {
        let response = self.send("GET /sandbox/tasks", "")?;
        serde_json::from_str(&response).context("reading the tenant's tasks")
    }

    /// The requests that the tenant has received.
    pub fn requests(&self) -> Result<Vec<Value>> {
        let response = self.send("GET /sandbox/requests", "")?;
        serde_json::from_str(&response).context("reading the tenant's requests")
    }

    /// Replaces the tenant's tasks.
    pub fn set_tasks(&self, tasks: &Value) -> Result<()> {
        self.send("PUT /sandbox/tasks", &tasks.to_string())?;
        Ok(())
    }

    /// Sends a request to the sandbox's controls and returns the body of the response. They speak plain
    /// HTTP, whose version 1.0 needs no client: the response ends with the connection.
    fn send(&self, request: &str, body: &str) -> Result<String> {
        let host = self.variable("SAIL_BASE_URL").trim_start_matches("http://");
        let mut connection = TcpStream::connect(host)?;
        write!(
            connection,
            "{request} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut response = String::new();
        connection.read_to_string(&mut response)?;
        let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
        let status = head.lines().next().unwrap_or_default();
        ensure!(status.contains(" 2"), "{request}: {status} {body}");
        Ok(body.to_owned())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Fails if the process has already ended, which is fine.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
