//! The list of the crates in the library, compared with cargo's dependencies.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::Outcome;
use crate::{licences, process, sbom, workspace};

/// Checks that the list contains every crate that is linked in, and only crates that cargo knows as
/// dependencies.
pub fn run() -> Result<Outcome> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::NotHere(
            "the same on every platform: compared on Linux",
        ));
    }
    let list: Value = serde_json::from_str(&std::fs::read_to_string(sbom::write()?)?)?;
    ensure!(
        name(&list["metadata"]["component"]) == own(),
        "the list is not for {}: {}",
        own(),
        list["metadata"]["component"]
    );
    let listed = names(list["components"].as_array().into_iter().flatten());
    let linked = tree()?;
    let mut known = names(licences::linked(&licences::metadata()?)?);
    // The crate of this workspace that the library is built on.
    known.insert(format!("{} {}", workspace::CRATE, workspace::VERSION));

    let missing: Vec<_> = linked.difference(&listed).collect();
    ensure!(missing.is_empty(), "the list does not contain {missing:?}");
    let unknown: Vec<_> = listed.difference(&known).collect();
    ensure!(
        unknown.is_empty(),
        "the list contains crates that are not dependencies: {unknown:?}"
    );
    // Crates that a feature of a dependency mentions but does not turn on.
    let more: Vec<_> = listed.difference(&linked).collect();
    println!(
        "{} crates in the list, not linked in: {more:?}",
        listed.len()
    );
    Ok(Outcome::Passed)
}

/// The crates that are linked in on any platform, as `cargo tree` finds them for the library alone.
fn tree() -> Result<BTreeSet<String>> {
    let tree = process::output(
        process::cargo()
            .args([
                "tree",
                "--locked",
                "--package",
                workspace::C_PACKAGE,
                "--edges",
                "normal",
            ])
            .args(["--target", "all", "--prefix", "none", "--format", "{p}"]),
    )?;
    let mut crates: BTreeSet<String> = tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let name = words.next()?;
            let version = words.next()?.strip_prefix('v')?;
            Some(format!("{name} {version}"))
        })
        .collect();
    crates.remove(&own());
    Ok(crates)
}

fn own() -> String {
    format!("{} {}", workspace::C_PACKAGE, workspace::VERSION)
}

fn names<'a>(crates: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    crates.into_iter().map(name).collect()
}

fn name(package: &Value) -> String {
    let text = |name| package[name].as_str().unwrap_or_default();
    format!("{} {}", text("name"), text("version"))
}
