//! The licences of everything that is linked into the library.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{process, workspace};

/// The name of the list in a package.
pub const FILE: &str = "THIRD-PARTY-LICENSES";

/// Lists every crate in the library on any platform with its licence, followed by each licence text once.
pub fn third_party() -> Result<String> {
    let metadata = metadata()?;
    let mut list = String::from("This library contains these crates, under these licences.\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in linked(&metadata)? {
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        writeln!(list, "{name}: {}", text(package, "license"))?;
        for file in licence_files(Path::new(text(package, "manifest_path")))? {
            texts.entry(file).or_default().push(name.clone());
        }
    }
    for (text, names) in texts {
        write!(
            list,
            "\n{}\n{}:\n\n{}\n",
            "=".repeat(78),
            names.join(", "),
            text.trim()
        )?;
    }
    Ok(list)
}

/// What cargo reports about the workspace and everything it depends on.
pub fn metadata() -> Result<Value> {
    let metadata =
        process::output(process::cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    Ok(serde_json::from_str(&metadata)?)
}

/// The packages of others that are linked into the library, sorted by name. They include a few that
/// only features of other workspace members ask for.
pub fn linked(metadata: &Value) -> Result<Vec<&Value>> {
    let packages: BTreeMap<&str, &Value> = array(metadata, "packages")
        .map(|package| (text(package, "id"), package))
        .collect();
    let nodes: BTreeMap<&str, &Value> = array(&metadata["resolve"], "nodes")
        .map(|node| (text(node, "id"), node))
        .collect();
    let own = packages
        .values()
        .find(|package| text(package, "name") == workspace::C_PACKAGE)
        .context("cargo metadata does not list the library")?;
    let own = text(own, "id");
    let mut found = BTreeSet::from([own]);
    let mut to_visit = vec![own];
    while let Some(id) = to_visit.pop() {
        let node = nodes
            .get(id)
            .context("cargo metadata does not list a dependency")?;
        for dependency in array(node, "deps") {
            // A null kind is a normal dependency; the others are for builds and tests.
            let normal = array(dependency, "dep_kinds").any(|kind| kind["kind"].is_null());
            let id = text(dependency, "pkg");
            if normal && found.insert(id) {
                to_visit.push(id);
            }
        }
    }
    let mut linked: Vec<&Value> = found
        .into_iter()
        .filter_map(|id| packages.get(id).copied())
        // Those of this workspace come from no registry.
        .filter(|package| !package["source"].is_null())
        .collect();
    linked.sort_by_key(|package| text(package, "name"));
    Ok(linked)
}

fn licence_files(manifest: &Path) -> Result<Vec<String>> {
    let folder = manifest.parent().context("a manifest is in a folder")?;
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let wanted = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];
        if entry.file_type()?.is_file() && wanted.iter().any(|start| name.starts_with(start)) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            Ok(String::from_utf8_lossy(&text).replace("\r\n", "\n"))
        })
        .collect()
}

fn array<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
