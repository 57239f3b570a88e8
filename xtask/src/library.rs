//! The library as it ships: a stripped release build.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::{process, workspace};

/// The largest size the shared library may have.
const MOST_BYTES: u64 = 5_000_000;

/// Builds the shared and the static library and gives the path of the shared one.
pub fn build() -> Result<PathBuf> {
    process::run(process::cargo().args([
        "build",
        "--release",
        "--quiet",
        "--package",
        workspace::CRATE,
    ]))?;
    Ok(workspace::release(&workspace::library_file()))
}

/// Fails when the library has grown past its limit.
pub fn check_size() -> Result<()> {
    let library = build()?;
    let bytes = std::fs::metadata(&library)
        .with_context(|| format!("reading {}", library.display()))?
        .len();
    println!("{}: {bytes} bytes", library.display());
    ensure!(
        bytes <= MOST_BYTES,
        "the library has {bytes} bytes, {} more than allowed",
        bytes - MOST_BYTES
    );
    Ok(())
}
