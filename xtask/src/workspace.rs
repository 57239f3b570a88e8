//! Names and folders of the workspace.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The version in the root Cargo.toml, which every member inherits.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Its first number, which is also the C ABI's.
pub const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");

/// Names of packages and the library.
pub const CRATE: &str = "v2024-task-management";
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
