//! Names and folders of the workspace.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The version in the root Cargo.toml, which every member inherits.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The part of it that changes when the C ABI breaks: before 1.0 any minor version may break it.
pub static ABI: LazyLock<String> = LazyLock::new(|| {
    match (
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
    ) {
        ("0", minor) => format!("0.{minor}"),
        (major, _) => major.to_owned(),
    }
});

/// The product, and the crate that Rust programs depend on.
pub const CRATE: &str = "v2024-task-management";
/// The package of the C library.
pub const C_PACKAGE: &str = "v2024-task-management-c";
pub const SANDBOX: &str = "v2024-sandbox";
pub const LIBRARY: &str = "v2024_task_management";
pub const MODULE: &str = "V2024TaskManagement";

/// The top of the source tree.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the workspace")
}

/// Cargo's target folder, which the user's configuration may have moved.
pub fn target() -> &'static Path {
    static TARGET: LazyLock<PathBuf> = LazyLock::new(|| {
        let program = std::env::current_exe().expect("a running program has a path");
        // <target>/<profile>/xtask
        program
            .ancestors()
            .nth(2)
            .expect("cargo runs xtask from its target folder")
            .to_path_buf()
    });
    &TARGET
}

/// A file that `cargo build --release` made.
pub fn release(file: &str) -> PathBuf {
    target().join("release").join(file)
}
