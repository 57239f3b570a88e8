//! `cargo xtask package`: the PowerShell module as a folder to import and as a package to install.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::{library, powershell, process, workspace};

/// What `cargo xtask package` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// Folder of libraries built elsewhere, as `<rid>/native/<library>`, instead of this platform's
    #[arg(long)]
    natives: Option<PathBuf>,
}

/// Makes both, prints where they are, and says so when there is no PowerShell to make the package.
pub fn run(options: &Options) -> Result<()> {
    let module = lay_out(workspace::VERSION, options.natives.as_deref())?;
    println!("{}", module.display());
    match powershell::find() {
        Some(pwsh) => {
            let package = publish(
                &pwsh,
                &module,
                workspace::VERSION,
                &workspace::target().join("package"),
            )?;
            println!("{}", package.display());
        }
        None => eprintln!(
            "No package was made, only the folder. {}",
            powershell::HOW_TO_GET
        ),
    }
    Ok(())
}

/// Builds the library for this platform, lays the module around it and gives the module's folder.
pub fn module() -> Result<PathBuf> {
    lay_out(workspace::VERSION, None)
}

/// Lays out the module at this version in `target/module`.
pub fn lay_out(version: &str, natives: Option<&Path>) -> Result<PathBuf> {
    let module = workspace::target().join("module").join(workspace::MODULE);
    if module.exists() {
        fs::remove_dir_all(&module).with_context(|| format!("emptying {}", module.display()))?;
    }
    process::copy_folder(
        &workspace::root().join("powershell").join(workspace::MODULE),
        &module,
    )?;
    set_version(&module.join(format!("{}.psd1", workspace::MODULE)), version)?;
    fs::copy(workspace::root().join("LICENSE"), module.join("LICENSE"))?;
    let runtimes = module.join("runtimes");
    match natives {
        Some(natives) => process::copy_folder(natives, &runtimes)?,
        None => {
            let library = library::build()?;
            let native = runtimes.join(workspace::rid()).join("native");
            fs::create_dir_all(&native)?;
            fs::copy(&library, native.join(workspace::library_file()))
                .with_context(|| format!("copying {}", library.display()))?;
        }
    }
    Ok(module)
}

/// Publishes a module's folder into a folder that PowerShell takes for a repository, and gives the
/// package.
pub fn publish(pwsh: &Path, module: &Path, version: &str, repository: &Path) -> Result<PathBuf> {
    fs::create_dir_all(repository)?;
    let package = repository.join(format!("{}.{version}.nupkg", workspace::MODULE));
    if package.exists() {
        // Publishing refuses a version that is already there.
        fs::remove_file(&package)?;
    }
    process::run(
        powershell::script(pwsh, "xtask/publish.ps1")
            .arg("-Module")
            .arg(module)
            .arg("-Repository")
            .arg(repository),
    )?;
    ensure!(package.exists(), "publishing made no {}", package.display());
    Ok(package)
}

/// Writes the version into the manifest, so that Cargo.toml is the only place that has it.
fn set_version(manifest: &Path, version: &str) -> Result<()> {
    let text =
        fs::read_to_string(manifest).with_context(|| format!("reading {}", manifest.display()))?;
    let mut found = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.split_once('=') {
            Some((name, _)) if name.trim() == "ModuleVersion" => {
                found += 1;
                format!("{name}= '{version}'")
            }
            _ => line.to_owned(),
        })
        .collect();
    if found != 1 {
        bail!(
            "{} has {found} lines that set ModuleVersion, not one",
            manifest.display()
        );
    }
    fs::write(manifest, lines.join("\n") + "\n")?;
    Ok(())
}
