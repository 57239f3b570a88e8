//! The library for this machine as it ships: a stripped release build.

use std::path::PathBuf;

use anyhow::Result;

use crate::platform::Platform;

/// Builds the shared and the static library and returns the path of the shared one.
pub fn build() -> Result<PathBuf> {
    let platform = Platform::host()?;
    platform.build()?;
    Ok(platform.built(&platform.shared()))
}
