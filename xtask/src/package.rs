//! `cargo xtask package`: the PowerShell module as a folder to import and a package to install.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::assembly::{Compiler, OLDEST_POWERSHELL};
use crate::platform::Platform;
use crate::{folder, licences, powershell, process, scripts, workspace};

/// The folder where the module looks for its library, with a folder for each platform.
const RUNTIMES: &str = "runtimes";

/// The arguments of `cargo xtask package`.
#[derive(clap::Args)]
pub struct Options {
    /// A platform to build for instead of this one, in cargo's spelling; can be given several times.
    /// A glibc version may follow (x86_64-unknown-linux-gnu.2.28) and needs cargo-zigbuild
    #[arg(long)]
    target: Vec<String>,
    /// Folder of libraries built elsewhere to add, as `RID/native/LIBRARY`; without --target, no
    /// library is built
    #[arg(long)]
    natives: Option<PathBuf>,
}

/// Makes both and prints their paths.
pub fn run(options: &Options) -> Result<()> {
    let platforms = match (options.target.as_slice(), &options.natives) {
        ([], None) => vec![Platform::host()?],
        (targets, _) => targets
            .iter()
            .map(|target| Platform::of(target))
            .collect::<Result<_>>()?,
    };
    let module = lay_out(workspace::VERSION, &platforms)?;
    if let Some(natives) = &options.natives {
        folder::copy(natives, &module.join(RUNTIMES))?;
        // A module with libraries from several machines is a release.
        let manifest = fs::read_to_string(module.join(format!("{}.psd1", workspace::MODULE)))?;
        ensure!(
            manifest.contains(&format!("'{OLDEST_POWERSHELL}'")),
            "a release must work on PowerShell {OLDEST_POWERSHELL}: package it where there is a .NET SDK"
        );
    }
    println!("{}", module.display());
    let package = publish(
        &pwsh()?,
        &module,
        workspace::VERSION,
        &workspace::target().join("package"),
    )?;
    println!("{}", package.display());
    Ok(())
}

fn pwsh() -> Result<PathBuf> {
    powershell::find().context(powershell::HOW_TO_GET)
}

/// Builds the module with the library for this platform and returns the module's folder.
pub fn module() -> Result<PathBuf> {
    lay_out(workspace::VERSION, &[Platform::host()?])
}

/// Builds the module with this version and the libraries of these platforms in `target/module`.
pub fn lay_out(version: &str, platforms: &[Platform]) -> Result<PathBuf> {
    lay_out_in("module", version, platforms, Compiler::find())
}

/// Builds the module in the folder of the target folder with this name, with its C# compiled by a compiler.
pub fn lay_out_in(
    name: &str,
    version: &str,
    platforms: &[Platform],
    compiler: Compiler,
) -> Result<PathBuf> {
    let module = workspace::target().join(name).join(workspace::MODULE);
    folder::remove(&module)?;
    folder::copy(
        &workspace::root().join("powershell").join(workspace::MODULE),
        &module,
    )?;
    scripts::merge(&module)?;
    let manifest = module.join(format!("{}.psd1", workspace::MODULE));
    set(&manifest, "ModuleVersion", version)?;
    let notes = format!("{}/releases/tag/v{version}", env!("CARGO_PKG_REPOSITORY"));
    set(&manifest, "ReleaseNotes", &notes)?;
    let oldest = compiler.compile(&pwsh()?, &module)?;
    set(&manifest, "PowerShellVersion", &oldest)?;
    fs::copy(workspace::root().join("LICENSE"), module.join("LICENSE"))?;
    fs::write(module.join(licences::FILE), licences::third_party()?)?;
    for platform in platforms {
        platform.build()?;
        let native = module.join(RUNTIMES).join(&platform.rid).join("native");
        fs::create_dir_all(&native)?;
        let library = platform.built(&platform.shared());
        fs::copy(&library, native.join(platform.shared()))
            .with_context(|| format!("copying {}", library.display()))?;
    }
    Ok(module)
}

/// Publishes a module's folder to a folder that serves PowerShell as a repository, and returns the
/// package.
pub fn publish(pwsh: &Path, module: &Path, version: &str, repository: &Path) -> Result<PathBuf> {
    fs::create_dir_all(repository)?;
    let package = repository.join(format!("{}.{version}.nupkg", workspace::MODULE));
    if package.exists() {
        // Publishing rejects a version that already exists.
        fs::remove_file(&package)?;
    }
    process::run(
        powershell::script(pwsh, "xtask/publish.ps1")
            .arg("-Module")
            .arg(module)
            .arg("-Repository")
            .arg(repository),
    )?;
    ensure!(
        package.exists(),
        "publishing did not make {}",
        package.display()
    );
    Ok(package)
}

/// Lets PowerShell unpack the module's package from a folder, and returns the module's folder.
pub fn save(pwsh: &Path, repository: &Path) -> Result<PathBuf> {
    let saved = workspace::target().join("saved");
    folder::remove(&saved)?;
    fs::create_dir_all(&saved)?;
    let repository = std::path::absolute(repository)
        .with_context(|| format!("looking for {}", repository.display()))?;
    process::run(
        powershell::script(pwsh, "xtask/save.ps1")
            .arg("-Repository")
            .arg(repository)
            .arg("-Path")
            .arg(&saved),
    )?;
    Ok(saved.join(workspace::MODULE).join(workspace::VERSION))
}

/// Sets a member of the manifest that depends on the build: the version in Cargo.toml, or that of the
/// oldest PowerShell that the assembly works in.
fn set(manifest: &Path, member: &str, value: &str) -> Result<()> {
    let text =
        fs::read_to_string(manifest).with_context(|| format!("reading {}", manifest.display()))?;
    let mut found = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.split_once('=') {
            Some((name, _)) if name.trim() == member => {
                found += 1;
                format!("{name}= '{value}'")
            }
            _ => line.to_owned(),
        })
        .collect();
    if found != 1 {
        bail!(
            "{} has {found} lines that set {member}, not one",
            manifest.display()
        );
    }
    fs::write(manifest, lines.join("\n") + "\n")?;
    Ok(())
}
