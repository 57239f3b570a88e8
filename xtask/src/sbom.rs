//! `cargo xtask sbom`: what the library is made of, in CycloneDX's form.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{process, workspace};

const TOOL: &str = "cargo-cyclonedx";
const TOOL_VERSION: &str = "0.5.9";

/// Writes the list and prints where it is.
pub fn run() -> Result<()> {
    println!("{}", write()?.display());
    Ok(())
}

/// Writes the list into the target folder: the crates that are linked in, on any platform.
pub fn write() -> Result<PathBuf> {
    let tool = tool()?;
    let folder = tempfile::tempdir()?;
    copy_sources(folder.path())?;
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
            .arg(folder.path().join("Cargo.toml")),
    )?;
    let list = fs::read_to_string(folder.path().join(format!("{name}.json")))?;
    // The names of the project's own packages have the folder, which means nothing to others.
    let own = format!("path+file://{}", folder.path().display());
    let list = list
        .replace(&format!("{own}/client#"), "")
        .replace(&format!("{own}#"), "");
    let to = workspace::target().join("sbom");
    fs::create_dir_all(&to)?;
    let to = to.join(format!("{name}.json"));
    fs::write(&to, list).with_context(|| format!("writing {}", to.display()))?;
    Ok(to)
}

/// The C library and the crate it is built on, away from the workspace, whose other members ask for
/// more features. What the tests need is left out for the same reason.
fn copy_sources(folder: &Path) -> Result<()> {
    let root = workspace::root();
    let sources = process::output(process::command("git").current_dir(root).args([
        "ls-files",
        "--",
        "src",
        "client/src",
        "build.rs",
        "cbindgen.toml",
        "Cargo.lock",
    ]))?;
    for file in sources.lines() {
        let to = folder.join(file);
        fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        fs::copy(root.join(file), to).with_context(|| format!("copying {file}"))?;
    }
    for manifest in ["Cargo.toml", "client/Cargo.toml"] {
        let text = fs::read_to_string(root.join(manifest))?;
        fs::write(folder.join(manifest), alone(&text))?;
    }
    Ok(())
}

/// A manifest without what the tests need, and without the other members.
fn alone(manifest: &str) -> String {
    let is_for_tests = |section: &&str| {
        let title = section.lines().next().unwrap_or_default();
        !["dev-dependencies", "[test]]", "[bench]]"]
            .iter()
            .any(|word| title.contains(word))
    };
    let sections: Vec<&str> = manifest.split("\n[").filter(is_for_tests).collect();
    let only_the_client = |line: &str| match line.starts_with("members = ") {
        true => "members = [\"client\"]".to_owned(),
        false => line.to_owned(),
    };
    let lines: Vec<String> = sections.join("\n[").lines().map(only_the_client).collect();
    lines.join("\n") + "\n"
}

/// The tool, which is built here where it is not installed.
fn tool() -> Result<PathBuf> {
    if process::exists(TOOL) {
        return Ok(TOOL.into());
    }
    let folder = workspace::target().join("tools");
    let program = folder
        .join("bin")
        .join(format!("{TOOL}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        // Without optimization: it runs for a second.
        process::run(
            process::cargo()
                .args(["install", "--quiet", "--locked", "--debug", "--root"])
                .arg(&folder)
                .arg(format!("{TOOL}@{TOOL_VERSION}")),
        )?;
    }
    Ok(program)
}
