//! The module's scripts as one file: PowerShell opens and parses one file faster than thirty.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// The folders whose scripts the module's root file loads.
const FOLDERS: [&str; 2] = ["Private", "Public"];

/// Puts the scripts of each folder where the module's root file loads them, and removes the folder.
pub fn merge(module: &Path) -> Result<()> {
    let root = module.join(format!("{}.psm1", workspace::MODULE));
    let mut text = read(&root)?;
    for folder in FOLDERS {
        let line = format!(
            "foreach ($file in [IO.Directory]::GetFiles(\"$PSScriptRoot/{folder}\", '*.ps1')) {{ . $file }}"
        );
        ensure!(
            text.contains(&line),
            "{} does not load {folder} by: {line}",
            root.display()
        );
        let folder = module.join(folder);
        text = text.replacen(&line, &scripts(&folder)?, 1);
        fs::remove_dir_all(&folder)?;
    }
    fs::write(&root, text).with_context(|| format!("writing {}", root.display()))
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
