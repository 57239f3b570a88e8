//! The examples in Python, Node, C# and Go. The part `dist` runs those in C, the part `powershell` the scripts.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::Outcome;
use crate::assembly::Compiler;
use crate::sandbox::Sandbox;
use crate::{compiler, dist, library, process, workspace};

/// Runs each example with a tenant and checks what it printed and what it changed. Those whose tools are
/// missing are left out and reported.
pub fn run() -> Result<Outcome> {
    let mut lacking = Vec::new();
    for (language, has_tools, example) in [
        ("Python", python_lacks as fn() -> _, python as fn() -> _),
        ("Node", node_lacks, node),
        ("C#", csharp_lacks, csharp),
        ("Go", go_lacks, go),
    ] {
        match has_tools() {
            Some(tool) => lacking.push(format!("the example in {language} needs {tool}")),
            None => {
                check(&mut example()?).with_context(|| format!("the example in {language}"))?;
                println!("the example in {language} passed");
            }
        }
    }
    if !lacking.is_empty() {
        return Ok(Outcome::NotRun(lacking.join("; ")));
    }
    if cfg!(unix) {
        interrupt(&mut python()?).context("the example in Python, interrupted")?;
    }
    Ok(Outcome::Passed)
}

/// Runs an example with a tenant that has more pending tasks than one page, some of them without members
/// that a task usually has.
fn check(command: &mut Command) -> Result<()> {
    let sandbox = Sandbox::start(&["--tasks", "1000", "--pending", "300"])?;
    let mut tasks = sandbox.tasks()?;
    let all = tasks
        .as_array_mut()
        .context("the tenant has a list of tasks")?;
    for task in all.iter_mut().step_by(2).filter_map(Value::as_object_mut) {
        task.remove("launched");
    }
    let started = |task: &Value| {
        task["launched"]
            .as_str()
            .or(task["created"].as_str())
            .unwrap_or("")
            .to_owned()
    };
    let oldest = all
        .iter()
        .filter(|task| task["completionStatus"].is_null())
        .min_by_key(|task| started(task))
        .context("a task is pending")?
        .clone();
    let newest = all
        .iter()
        .filter_map(|task| task["created"].as_str())
        .max()
        .unwrap_or_default()
        .to_owned();
    for task in tasks.as_array_mut().into_iter().flatten() {
        let name = task["uniqueName"].as_str().unwrap_or_default();
        // What is anybody's must not reach the terminal as it is.
        task["uniqueName"] = format!("{name}\u{1b}[31m\u{9b}\u{202e}").into();
    }
    sandbox.set_tasks(&tasks)?;

    let said = process::output(command.envs(sandbox.variables()))?;
    let name = oldest["uniqueName"].as_str().unwrap_or_default();
    for line in [
        "pending: 300\n",
        &format!("longest running: {name}\u{fffd}[31m\u{fffd}\u{fffd}\n"),
        "cleared: TERMINATED\n",
        "error: http 404\n",
    ] {
        ensure!(said.contains(line), "it did not print {line:?}: {said}");
    }
    ensure!(
        !said.contains(['\u{1b}', '\u{9b}', '\u{202e}']),
        "it printed an escape sequence: {said:?}"
    );
    ensure!(
        said.matches("failed: ").count() == 3,
        "it did not list three failed tasks: {said}"
    );
    let tasks = sandbox.tasks()?;
    let cleared = tasks
        .as_array()
        .and_then(|tasks| tasks.iter().find(|task| task["id"] == oldest["id"]))
        .context("the task is still there")?;
    ensure!(
        cleared["completed"]
            .as_str()
            .is_some_and(|completed| completed > newest.as_str()),
        "it did not set `completed` to now: {cleared}"
    );
    Ok(())
}

/// Interrupts the example in Python while its tenant is silent, as a person does with Ctrl+C (C56).
fn interrupt(command: &mut Command) -> Result<()> {
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let mut example = command
        .env("SAIL_BASE_URL", format!("http://{}", silent.local_addr()?))
        .env("SAIL_CLIENT_ID", "id")
        .env("SAIL_CLIENT_SECRET", "secret")
        .stderr(Stdio::piped())
        .spawn()?;
    let _connection = silent.accept()?;
    process::run(process::command("kill").args(["-INT", &example.id().to_string()]))?;
    let start = Instant::now();
    while example.try_wait()?.is_none() {
        if start.elapsed() > Duration::from_secs(3) {
            example.kill()?;
            bail!("it did not end within 3 s");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = example.wait_with_output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        errors.trim_end().ends_with("KeyboardInterrupt"),
        "it ended with {} and wrote: {errors}",
        output.status
    );
    Ok(())
}

fn python_lacks() -> Option<&'static str> {
    process::missing(&[process::PYTHON])
}

fn python() -> Result<Command> {
    let mut command = process::command(process::PYTHON);
    command
        .args(["-Xutf8", "examples/python/tasks.py"])
        .arg(library::build()?);
    Ok(command)
}

fn node_lacks() -> Option<&'static str> {
    process::missing(&["node", process::NPM])
}

/// Copies the example next to an installation of koffi in the target folder, to keep the source tree
/// clean.
fn node() -> Result<Command> {
    let folder = workspace::target().join("node");
    fs::create_dir_all(&folder)?;
    process::run(
        process::command(process::NPM)
            .args(["install", "--silent", "--no-save", "koffi@3", "--prefix"])
            .arg(&folder),
    )?;
    let example = folder.join("tasks.mjs");
    fs::copy(workspace::root().join("examples/node/tasks.mjs"), &example)
        .context("copying the Node example")?;
    let mut command = process::command("node");
    command.arg(example).arg(library::build()?);
    Ok(command)
}

fn csharp_lacks() -> Option<&'static str> {
    (Compiler::find() != Compiler::Sdk).then_some("the .NET SDK 8 or later")
}

fn csharp() -> Result<Command> {
    let artifacts = workspace::target().join("csharp");
    process::run(
        process::command("dotnet")
            .args([
                "build",
                "--configuration",
                "Release",
                "--nologo",
                "--verbosity",
                "quiet",
            ])
            // No server stays behind.
            .args([
                "-nodeReuse:false",
                "-p:UseSharedCompilation=false",
                "--artifacts-path",
            ])
            .arg(&artifacts)
            .arg("examples/csharp"),
    )?;
    let mut command = process::command("dotnet");
    command
        .arg(artifacts.join("bin/tasks/release/tasks.dll"))
        .arg(library::build()?);
    Ok(command)
}

fn go_lacks() -> Option<&'static str> {
    // Their `--version` fails, but they start.
    process::missing(&["go", "pkg-config"])
}

/// The program that Go builds with the archive for C.
fn go() -> Result<Command> {
    let folder = dist::lay_out()?;
    let program = workspace::target().join(format!("go-tasks{}", std::env::consts::EXE_SUFFIX));
    for words in [
        ["vet", "."].as_slice(),
        &["build", "-o", &program.to_string_lossy(), "."],
    ] {
        process::run(
            process::command("go")
                .current_dir(workspace::root().join("examples/go"))
                .args(words)
                .env("PKG_CONFIG_PATH", folder.join("lib/pkgconfig"))
                .env("GOTOOLCHAIN", "local")
                .env("GOCACHE", workspace::target().join("go-cache")),
        )?;
    }
    let mut command = process::command(program);
    compiler::with_library(&mut command, &folder);
    Ok(command)
}
