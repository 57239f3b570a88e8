//! The library as it ships: a stripped release build.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, workspace};

/// Builds the shared and the static library and gives the path of the shared one.
pub fn build() -> Result<PathBuf> {
    process::build(workspace::CRATE)?;
    Ok(workspace::release(&workspace::library_file()))
}
