//! `cargo xtask release`: the steps of a release, each of them a command. CONTRIBUTING.md has the procedure.

mod addresses;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};

use crate::{package, powershell, process, workspace};

/// The arguments of `cargo xtask release`.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    step: Option<Step>,
    /// Do everything except what others would see; without a step, all of them
    #[arg(long, global = true)]
    dry_run: bool,
}

#[derive(Subcommand)]
enum Step {
    /// Check that every file names the version, that the addresses in the module lead to what exists, that
    /// the changelog has its date, and that nothing is uncommitted
    Check {
        /// The tag that is being released, which has to be that of the version
        #[arg(long)]
        tag: Option<String>,
    },
    /// Print this version's part of the changelog
    Notes,
    /// Tag the version; pushing the tag starts the workflow that builds and publishes the files
    Tag,
    /// Write SHA256SUMS for the files of a folder
    Checksums { folder: PathBuf },
    /// Publish the crates on crates.io, with the token of `cargo login`
    Crates,
    /// Publish a package on the PowerShell Gallery, with the key in PSGALLERY_API_KEY
    Gallery { package: PathBuf },
}

/// Runs one step, or as a rehearsal all of them.
pub fn run(options: &Options) -> Result<()> {
    let dry = options.dry_run;
    match &options.step {
        Some(Step::Check { tag }) => check(tag.as_deref(), dry),
        Some(Step::Notes) => {
            println!("{}", notes()?);
            Ok(())
        }
        Some(Step::Tag) => tag(dry),
        Some(Step::Checksums { folder }) => checksums(folder),
        Some(Step::Crates) => crates(dry),
        Some(Step::Gallery { package }) => gallery(package, dry),
        None if dry => rehearse(),
        None => bail!("name a step, or rehearse all of them with --dry-run; --help lists them"),
    }
}

/// Every step, in the order of the procedure, with a package that is built here.
pub fn rehearse() -> Result<()> {
    check(Some(&tag_name()), true)?;
    println!("{}\n", notes()?);
    tag(true)?;
    let pwsh = powershell::find().context(powershell::HOW_TO_GET)?;
    let folder = workspace::target().join("release-files");
    let module = package::module()?;
    let package = package::publish(&pwsh, &module, workspace::VERSION, &folder)?;
    checksums(&folder)?;
    crates(true)?;
    gallery(&package, true)
}

fn tag_name() -> String {
    format!("v{}", workspace::VERSION)
}

fn read(file: &str) -> Result<String> {
    fs::read_to_string(workspace::root().join(file)).with_context(|| format!("reading {file}"))
}

/// Each place that has the version by hand. A rehearsal is content without a date and a commit, which come
/// with the release.
fn check(tag: Option<&str>, dry: bool) -> Result<()> {
    let version = workspace::VERSION;
    if let Some(tag) = tag {
        ensure!(
            tag == tag_name(),
            "the tag is {tag}, but the version in Cargo.toml is {version}: its tag is {}",
            tag_name()
        );
    }
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    for (file, line) in [
        (
            "include/v2024_task_management.h",
            format!("#define V2024_VERSION \"{version}\""),
        ),
        (
            "Cargo.toml",
            format!("path = \"client\", version = \"{version}\""),
        ),
        (
            "examples/c/CMakeLists.txt",
            format!("find_package(V2024TaskManagement {minor} REQUIRED)"),
        ),
        (
            "README.md",
            format!("find_package(V2024TaskManagement {minor} REQUIRED)"),
        ),
        (
            "examples/schedule/github/failed-tasks.yml",
            format!("Install-PSResource V2024TaskManagement -Version {version} "),
        ),
    ] {
        ensure!(
            read(file)?.contains(&line),
            "{file} is not for {version}: it lacks {line}"
        );
    }
    addresses::check()?;
    let (title, _) = section(&read("CHANGELOG.md")?, version)?;
    if dry {
        println!("the changelog has: {title}");
        return Ok(());
    }
    ensure!(
        is_dated(&title, version),
        "the changelog has the title {title:?}: a release has its date, as in \"{version} (2027-01-31)\""
    );
    let changes = process::output(process::command("git").args(["status", "--porcelain"]))?;
    ensure!(
        changes.is_empty(),
        "there are uncommitted changes:\n{changes}"
    );
    println!("{version} can be released");
    Ok(())
}

/// Whether a title of the changelog is a version with its date.
fn is_dated(title: &str, version: &str) -> bool {
    let pattern = |c: char| if c.is_ascii_digit() { '0' } else { c };
    title
        .strip_prefix(version)
        .is_some_and(|rest| rest.chars().map(pattern).eq(" (0000-00-00)".chars()))
}

/// This version's part of the changelog, without its title.
fn notes() -> Result<String> {
    Ok(section(&read("CHANGELOG.md")?, workspace::VERSION)?.1)
}

/// The title and the text of a version's part of the changelog.
fn section(changelog: &str, version: &str) -> Result<(String, String)> {
    let part = changelog
        .split("\n## ")
        .skip(1)
        .find(|part| part.split([' ', '\n']).next() == Some(version))
        .with_context(|| format!("CHANGELOG.md has no part \"## {version}\""))?;
    let (title, text) = part.split_once('\n').unwrap_or((part, ""));
    let text = text.trim();
    ensure!(
        !text.is_empty(),
        "the part {version} of CHANGELOG.md is empty"
    );
    Ok((title.to_owned(), text.to_owned()))
}

/// The tag is not pushed: that is what starts the release, and is left to a person.
fn tag(dry: bool) -> Result<()> {
    let name = tag_name();
    let message = format!("V2024 TaskManagement {}", workspace::VERSION);
    let words = ["tag", "--annotate", &name, "--message", &message];
    if dry {
        println!("would run: git {}", words.join(" "));
    } else {
        check(None, false)?;
        process::run(process::command("git").args(words))?;
    }
    println!("then push it: git push origin {name}");
    Ok(())
}

/// In the form that `sha256sum --check` reads.
fn checksums(folder: &Path) -> Result<()> {
    const SUMS: &str = "SHA256SUMS";
    let mut names: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|entry| Ok(entry?.file_name()))
        .collect::<Result<_>>()?;
    names.retain(|name| name != SUMS);
    names.sort();
    ensure!(!names.is_empty(), "{} has no files", folder.display());
    let folder = std::path::absolute(folder)?;
    let mut tool = process::sha256sum();
    let sums = process::output(tool.current_dir(&folder).arg("--").args(names))?;
    let file = folder.join(SUMS);
    fs::write(&file, sums).with_context(|| format!("writing {}", file.display()))?;
    println!("{}", file.display());
    Ok(())
}

/// The client first: the sandbox does not need it, but its users do.
pub fn crates(dry: bool) -> Result<()> {
    for name in [workspace::CRATE, workspace::SANDBOX] {
        let mut cargo = process::cargo();
        cargo.args(["publish", "--locked", "--package", name]);
        if dry {
            // Uncommitted changes are included.
            cargo.args(["--dry-run", "--allow-dirty"]);
        }
        if dry && name == workspace::SANDBOX {
            // Only packs it: building it takes a minute, and no build script could fail in the package.
            cargo.arg("--no-verify");
        }
        process::run(&mut cargo)?;
    }
    Ok(())
}

/// A rehearsal publishes to a folder, and checks what the Gallery's page would show.
fn gallery(package: &Path, dry: bool) -> Result<()> {
    let pwsh = powershell::find().context(powershell::HOW_TO_GET)?;
    let mut command = powershell::script(&pwsh, "xtask/gallery.ps1");
    command.arg("-Package").arg(std::path::absolute(package)?);
    command.args(["-Name", workspace::MODULE, "-Version", workspace::VERSION]);
    if dry {
        command.arg("-DryRun");
    }
    process::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::{is_dated, section};

    const CHANGELOG: &str = "# Changelog\n\nText.\n\n## 0.2.10 (unreleased)\n\nNew:\n\n- ten\n\n\
                             ## 0.2.1 (2026-02-03)\n\n- one\n\n## 0.2.0 (2026-01-31)\n\n";

    #[test]
    fn a_version_has_its_own_part() {
        let (title, text) = section(CHANGELOG, "0.2.10").unwrap();
        assert_eq!(
            (title.as_str(), text.as_str()),
            ("0.2.10 (unreleased)", "New:\n\n- ten")
        );
        assert_eq!(section(CHANGELOG, "0.2.1").unwrap().1, "- one");
    }

    #[test]
    fn a_part_that_is_missing_or_empty_is_an_error() {
        let error = |version| section(CHANGELOG, version).unwrap_err().to_string();
        assert_eq!(error("0.2"), "CHANGELOG.md has no part \"## 0.2\"");
        assert_eq!(error("0.2.0"), "the part 0.2.0 of CHANGELOG.md is empty");
    }

    #[test]
    fn a_release_has_a_date() {
        for (title, dated) in [
            ("0.2.1 (2026-02-03)", true),
            ("0.2.1 (unreleased)", false),
            ("0.2.1", false),
            ("0.2.10 (2026-02-03)", false),
        ] {
            assert_eq!(is_dated(title, "0.2.1"), dated, "{title}");
        }
    }
}
