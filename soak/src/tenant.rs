//! The tenant, in its own process, so that the soak measures only the client.

use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options, Rate, Sandbox};

use crate::heads;

/// Number of tasks that updates leave marks in.
pub const MARKED: usize = 20;

/// What a server sends that speaks SSH instead of HTTP.
const BANNER: &str = "SSH-2.0-x\r\n\r\n";

/// A running tenant. Dropping it ends the process.
pub struct Tenant {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub base_url: String,
    pub client_id: String,
    pub client_secret: String,
}

impl Tenant {
    pub fn start(seed: u64) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--tenant", "--seed", &seed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the tenant")?;
        let (input, output) = process
            .stdin
            .take()
            .zip(process.stdout.take())
            .context("pipes")?;
        let mut tenant = Self {
            process,
            input,
            output: BufReader::new(output),
            base_url: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
        };
        let place = tenant.read()?;
        for (name, field) in [
            ("base_url", &mut tenant.base_url),
            ("client_id", &mut tenant.client_id),
            ("client_secret", &mut tenant.client_secret),
        ] {
            *field = place[name]
                .as_str()
                .context("the tenant's place")?
                .to_owned();
        }
        Ok(tenant)
    }

    /// Every task, newest first.
    pub fn tasks(&mut self) -> Result<Vec<Value>> {
        match self.ask("tasks")? {
            Value::Array(tasks) => Ok(tasks),
            other => bail!("the tenant sent {other} instead of its tasks"),
        }
    }

    pub fn misbehave(&mut self) -> Result<()> {
        self.ask("misbehave").map(drop)
    }

    pub fn behave(&mut self) -> Result<()> {
        self.ask("behave").map(drop)
    }

    fn ask(&mut self, what: &str) -> Result<Value> {
        writeln!(self.input, "{what}")?;
        self.read()
    }

    fn read(&mut self) -> Result<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        serde_json::from_str(&line).with_context(|| format!("the tenant sent {line:?}"))
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        // Fails if the process has already ended, which is fine.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs as the tenant: prints its address and credentials, then follows commands until the input ends.
pub fn serve(seed: u64) -> Result<()> {
    let sandbox = Sandbox::start_blocking(Options {
        tasks: 600,
        pending: 30,
        seed,
        ..Options::default()
    })?;
    let marked: Vec<Value> = (0..MARKED).map(marked).collect();
    sandbox.add_tasks(&Value::from(marked).to_string())?;
    say(&json!({
        "base_url": sandbox.base_url(),
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
    }))?;
    for line in stdin().lines() {
        match line?.as_str() {
            "tasks" => {
                say(&Value::from(all_tasks(&sandbox)?))?;
            }
            "misbehave" => {
                misbehave(&sandbox)?;
                say(&Value::Null)?;
            }
            _ => {
                sandbox.clear_faults();
                sandbox.change_rules(|rules| rules.rate = None);
                say(&Value::Null)?;
            }
        }
    }
    Ok(())
}

fn all_tasks(sandbox: &Sandbox) -> Result<Vec<Value>> {
    let tasks = sandbox.tasks();
    let tasks = tasks.iter().map(|task| serde_json::from_str(task));
    Ok(tasks.collect::<Result<_, _>>()?)
}

fn say(what: &Value) -> Result<()> {
    let mut output = stdout();
    writeln!(output, "{what}")?;
    Ok(output.flush()?)
}

fn marked(number: usize) -> Value {
    json!({
        "id": format!("marked{number:02}"),
        "type": "QUARTZ",
        "uniqueName": "takes marks",
        "created": "2025-01-02T03:04:05.006Z",
        "completed": "2025-01-02T03:04:06.006Z",
        "completionStatus": "SUCCESS",
        "messages": [],
        "returns": [],
        "attributes": { "marks": [] },
    })
}

fn misbehave(sandbox: &Sandbox) -> Result<()> {
    sandbox.change_rules(|rules| rules.rate = Some(Rate::new(1500, 1)));
    let set = |operation, chance, delay, action| {
        sandbox.fault(Fault {
            operation,
            chance,
            delay,
            times: 0,
            ..Fault::new(action)
        });
    };
    // The usual response in an odd head. Nothing changes the pending tasks.
    let mut pending = all_tasks(sandbox)?;
    pending.retain(|task| task["completionStatus"].is_null());
    let count = pending.len();
    let pending = Value::from(pending).to_string();
    let length = format!("Content-Length : {}\r\n", pending.len());
    for head in heads::odd("200 OK", &length, &pending) {
        set(Operation::Pending, 0.04, 0, head);
    }
    let total = format!("X-Total-Count : {count}\r\n");
    for head in heads::odd("200 OK", &total, "") {
        set(Operation::PendingHeaders, 0.04, 0, head);
    }
    // Responses that are not a success, one of them retried and one of them final.
    for status in ["503 Service Unavailable", "409 Conflict"] {
        for head in heads::odd(status, "Content-Length: 0\r\n", "") {
            set(Operation::Api, 0.002, 0, head);
        }
    }
    for head in heads::odd("503 Service Unavailable", "Content-Length: 0\r\n", "") {
        set(Operation::Token, 0.02, 0, head);
    }

    let html = [("Content-Type", "text/html")];
    for (chance, action) in [
        (0.01, Action::Drop),
        (0.005, Action::DropEarly),
        (0.01, Action::Reset),
        (0.01, Action::Truncate),
        (0.01, Action::status(500)),
        (0.01, Action::status(502)),
        (0.01, Action::respond(503, html, "<html>down</html>")),
        (0.01, Action::status(504)),
        (0.01, Action::respond(429, [("Retry-After", "0")], "")),
        (0.001, Action::respond(429, [("Retry-After", "1")], "")),
        (0.002, Action::respond(200, html, "<html>log in</html>")),
        (0.003, Action::Raw(BANNER.into())),
        // A kept connection that the network has dropped: it swallows the request.
        (0.005, Action::Hang),
        (0.002, Action::ExpireTokens),
        (
            0.01,
            Action::SlowBody {
                bytes: 200,
                delay: 1,
            },
        ),
    ] {
        set(Operation::Api, chance, 0, action);
    }
    set(Operation::Api, 0.05, 20, Action::Pass);
    for (chance, action) in [
        (0.1, Action::status(503)),
        (0.1, Action::respond(429, [("Retry-After", "0")], "")),
        (0.1, Action::Drop),
        (0.05, Action::Reset),
        (0.05, Action::Truncate),
        (0.02, Action::respond(200, html, "<html>log in</html>")),
        (0.02, Action::Hang),
        (0.01, Action::Raw(BANNER.into())),
    ] {
        set(Operation::Token, chance, 0, action);
    }
    set(Operation::Connection, 0.02, 0, Action::Reset);
    set(Operation::Connection, 0.02, 30, Action::Pass);
    // Accepted, but never answered.
    set(Operation::Connection, 0.005, 0, Action::Hang);
    set(Operation::Connection, 0.005, 0, Action::Raw(BANNER.into()));
    Ok(())
}
