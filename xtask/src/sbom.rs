//! `cargo xtask sbom`: what the library is made of, in CycloneDX's form.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{paths, process, workspace};

const TOOL: &str = "cargo-cyclonedx";
const TOOL_VERSION: &str = "0.5.9";
/// The SHA-256 of its package. The package's lock file has those of what it is built from.
const TOOL_SHA256: &str = "5d162f67705f0f5038759d73bf546a083bf30e8677c2e944b416bca48d9d69a8";

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
        let cargo_home = paths::cargo_home().context("no home folder")?;
        if let Err(error) = check_package(&cargo_home.join("registry/cache")) {
            fs::remove_file(&program)?;
            return Err(error);
        }
    }
    Ok(program)
}

/// Compares the package that cargo has downloaded with the hash above: cargo alone compares it with what the
/// registry says today.
fn check_package(cache: &Path) -> Result<()> {
    let name = format!("{TOOL}-{TOOL_VERSION}.crate");
    let mut found = false;
    for registry in fs::read_dir(cache).with_context(|| format!("reading {}", cache.display()))? {
        let package = registry?.path().join(&name);
        if package.exists() {
            let sum = process::output(process::sha256sum().arg(&package))?;
            let sum = sum.split_whitespace().next().unwrap_or_default();
            ensure!(
                sum == TOOL_SHA256,
                "{} has the hash {sum}, not {TOOL_SHA256}",
                package.display()
            );
            found = true;
        }
    }
    ensure!(found, "cargo has no {name} in {}", cache.display());
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{TOOL_SHA256, check_package};

    #[test]
    fn another_package_than_the_pinned_one_is_refused() {
        let cache = tempfile::tempdir().unwrap();
        let error = || check_package(cache.path()).unwrap_err().to_string();
        assert_eq!(
            error(),
            format!(
                "cargo has no cargo-cyclonedx-0.5.9.crate in {}",
                cache.path().display()
            )
        );
        let package = cache.path().join("registry/cargo-cyclonedx-0.5.9.crate");
        std::fs::create_dir(package.parent().unwrap()).unwrap();
        std::fs::write(&package, "").unwrap();
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            error(),
            format!(
                "{} has the hash {empty}, not {TOOL_SHA256}",
                package.display()
            )
        );
    }
}
