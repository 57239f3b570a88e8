//! `cargo xtask sbom`: the crates in the library, in CycloneDX's format.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{process, workspace};

const TOOL: &str = "cargo-cyclonedx";
const TOOL_VERSION: &str = "0.5.9";

/// Writes the list and prints its path.
pub fn run() -> Result<()> {
    println!("{}", write()?.display());
    Ok(())
}

/// Writes the list of the crates that are linked in on any platform to the target folder.
pub fn write() -> Result<PathBuf> {
    let tool = tool()?;
    let folder = tempfile::tempdir()?;
    let package = unpack(folder.path())?;
    let name = format!("{}.cdx", workspace::CRATE);
    process::run(
        process::command(tool)
            .args(["cyclonedx", "--quiet", "--no-build-deps"])
            .args([
                "--format",
                "json",
                "--spec-version",
                "1.5",
                "--target",
                "all",
            ])
            .args(["--override-filename", &name, "--manifest-path"])
            .arg(package.join("Cargo.toml")),
    )?;
    let list = fs::read_to_string(package.join(format!("{name}.json")))?;
    // The library's own id contains the temporary folder, which is useless to readers.
    let list = list.replace(&format!("path+file://{}#", package.display()), "");
    let to = workspace::target().join("sbom");
    fs::create_dir_all(&to)?;
    let to = to.join(format!("{name}.json"));
    fs::write(&to, list).with_context(|| format!("writing {}", to.display()))?;
    Ok(to)
}

/// Unpacks the crate as it would be published. Outside the workspace and without its development
/// dependencies, because those ask for features that the library does not have.
fn unpack(folder: &Path) -> Result<PathBuf> {
    process::run(process::cargo().args([
        "package",
        "--quiet",
        "--no-verify",
        "--allow-dirty",
        "--package",
        workspace::CRATE,
    ]))?;
    let name = format!("{}-{}", workspace::CRATE, workspace::VERSION);
    let packed = workspace::target()
        .join("package")
        .join(format!("{name}.crate"));
    process::run(
        process::command("tar")
            .arg("-xf")
            .arg(packed)
            .arg("-C")
            .arg(folder),
    )?;
    let package = folder.join(name);
    let manifest = package.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    let sections: Vec<&str> = text
        .split("\n[")
        .filter(|section| {
            !section
                .lines()
                .next()
                .unwrap_or_default()
                .contains("dev-dependencies")
        })
        .collect();
    fs::write(&manifest, sections.join("\n["))?;
    Ok(package)
}

/// The installed tool, or else one that is built here.
fn tool() -> Result<PathBuf> {
    if process::exists(TOOL) {
        return Ok(TOOL.into());
    }
    let folder = workspace::target().join("tools");
    let program = folder
        .join("bin")
        .join(format!("{TOOL}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        // Not optimised, because it runs only for a second.
        process::run(
            process::cargo()
                .args(["install", "--quiet", "--locked", "--debug", "--root"])
                .arg(&folder)
                .arg(format!("{TOOL}@{TOOL_VERSION}")),
        )?;
    }
    Ok(program)
}
