//! Merges the module's scripts into one file, because PowerShell loads one file faster than fifteen.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{folder, workspace};

/// Inserts the scripts of `Public` where the module's root file loads them.
pub fn merge(module: &Path) -> Result<()> {
    let root = module.join(format!("{}.psm1", workspace::MODULE));
    let text = read(&root)?;
    let line = "foreach ($file in [IO.Directory]::GetFiles(\"$PSScriptRoot/Public\", '*.ps1')) { . $file }";
    ensure!(
        text.contains(line),
        "{} does not load Public with: {line}",
        root.display()
    );
    write(
        &root,
        &text.replacen(line, &take(&module.join("Public"))?, 1),
    )
}

/// Removes a folder and returns the text of its scripts.
fn take(folder: &Path) -> Result<String> {
    let text = scripts(folder)?;
    folder::remove(folder)?;
    Ok(text)
}

/// The text of a folder's scripts, in the order of their names.
fn scripts(folder: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| read(file)).collect::<Result<_>>()?;
    Ok(texts.join("\n"))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}
