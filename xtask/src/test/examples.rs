//! The examples in Python and Node. The part `dist` runs those in C.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Outcome;
use crate::sandbox::Sandbox;
use crate::{library, process, workspace};

/// Runs the Python and the Node example with a tenant and checks their output.
pub fn run() -> Result<Outcome> {
    let library = library::build()?;
    for tool in [process::PYTHON, "node", process::NPM] {
        if !process::exists(tool) {
            return Ok(Outcome::NotRun(format!("{tool} is not installed")));
        }
    }
    check(
        "the Python example",
        process::command(process::PYTHON)
            .args(["-Xutf8", "examples/python/tasks.py"])
            .arg(&library),
    )?;
    check(
        "the Node example",
        process::command("node").arg(node_example()?).arg(&library),
    )?;
    Ok(Outcome::Passed)
}

fn check(what: &str, command: &mut Command) -> Result<()> {
    let sandbox = Sandbox::start(&["--tasks", "1000", "--pending", "5"])?;
    let said = process::output(command.envs(sandbox.variables()))?;
    for line in [
        "pending: 5\n",
        "longest running: ",
        "cleared: TERMINATED\n",
        "error: http 404\n",
    ] {
        ensure!(said.contains(line), "{what} did not print {line:?}: {said}");
    }
    ensure!(
        said.matches("failed: ").count() == 3,
        "{what} did not list three failed tasks: {said}"
    );
    Ok(())
}

/// Copies the example next to an installation of koffi in the target folder, to keep the source tree
/// clean.
fn node_example() -> Result<PathBuf> {
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
    Ok(example)
}
