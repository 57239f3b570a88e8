//! `cargo xtask header`.

use anyhow::Result;

use crate::{process, workspace};

/// Builds the crate and has its build script write the header to `include/`.
pub fn run() -> Result<()> {
    process::run(
        process::cargo()
            .args(["build", "--quiet", "--package", workspace::C_PACKAGE])
            .env("V2024_WRITE_HEADER", "1"),
    )
}
