//! `cargo xtask package`: the PowerShell module, importable from where it is put together.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{library, process, workspace};

/// What `cargo xtask package` can be told.
#[derive(clap::Args, Default)]
pub struct Options {
    /// The module's version, instead of the one in Cargo.toml
    #[arg(long, default_value = workspace::VERSION)]
    version: String,
}

/// Builds the library, lays the module around it and gives the module's folder.
pub fn run(options: &Options) -> Result<PathBuf> {
    let library = library::build()?;
    let module = workspace::target().join("module").join(workspace::MODULE);
    if module.exists() {
        fs::remove_dir_all(&module).with_context(|| format!("emptying {}", module.display()))?;
    }
    process::copy_folder(
        &workspace::root().join("powershell").join(workspace::MODULE),
        &module,
    )?;
    set_version(
        &module.join(format!("{}.psd1", workspace::MODULE)),
        &options.version,
    )?;
    fs::copy(workspace::root().join("LICENSE"), module.join("LICENSE"))?;
    let native = module
        .join("runtimes")
        .join(workspace::rid())
        .join("native");
    fs::create_dir_all(&native)?;
    fs::copy(&library, native.join(workspace::library_file()))
        .with_context(|| format!("copying {}", library.display()))?;
    Ok(module)
}

/// Writes the version into the manifest, so that Cargo.toml is the only place that has it.
fn set_version(manifest: &Path, version: &str) -> Result<()> {
    let text =
        fs::read_to_string(manifest).with_context(|| format!("reading {}", manifest.display()))?;
    let mut found = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let Some((name, _)) = line
                .split_once('=')
                .filter(|(name, _)| name.trim() == "ModuleVersion")
            else {
                return line.to_owned();
            };
            found += 1;
            format!("{name}= '{version}'")
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
