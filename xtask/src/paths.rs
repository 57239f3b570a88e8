//! Keeps the folders of this machine out of what ships. Without this, panics name Rust's sources with the user's
//! home folder, and C's sources stand in the debug information of the static library.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// Folders of this machine, and what the compilers call them instead. The last that fits counts.
fn names() -> Vec<(PathBuf, &'static str)> {
    let mut names = vec![
        (workspace::root().to_path_buf(), "/source"),
        (workspace::target().to_path_buf(), "/target"),
    ];
    names.extend(cargo_home().map(|cargo| (cargo, "/cargo")));
    names
}

/// The folder where cargo keeps what it downloads.
pub fn cargo_home() -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    cargo.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

/// Adds what hides the folders to a build of cargo, and more flags for rustc. A user's own flags are kept: those
/// of a variable, or else those that cargo's files give as `build.rustflags`.
pub fn hide(cargo: &mut Command, by_variable: bool, more: &[&str]) {
    let remap = |(folder, name): (PathBuf, &str)| {
        let folder = folder.display();
        format!("--remap-path-prefix={folder}={name}")
    };
    let more = more.iter().map(ToString::to_string);
    let flags: Vec<_> = names().into_iter().map(remap).chain(more).collect();
    match own_flags() {
        Some(own) => cargo.env("CARGO_ENCODED_RUSTFLAGS", encoded(own, flags)),
        None if by_variable => cargo.env("CARGO_ENCODED_RUSTFLAGS", encoded(Vec::new(), flags)),
        None => cargo
            .arg("--config")
            .arg(format!("build.rustflags={}", serde_json::json!(flags))),
    };
}

/// The same for C's compiler. Microsoft's has no such option.
pub fn hide_in_c(cargo: &mut Command) {
    let mut flags = std::env::var_os("CFLAGS").unwrap_or_default();
    for (folder, name) in names() {
        // Blanks separate the options.
        let folder = folder.display().to_string();
        if !folder.contains(char::is_whitespace) {
            flags.push(OsString::from(format!(
                " -ffile-prefix-map={folder}={name}"
            )));
        }
    }
    cargo.env("CFLAGS", flags);
}

/// The flags for rustc in the variables of the user.
fn own_flags() -> Option<Vec<String>> {
    let variable = |name| std::env::var(name).ok();
    let encoded = variable("CARGO_ENCODED_RUSTFLAGS")
        .map(|flags| flags.split('\x1f').map(str::to_owned).collect());
    encoded.or_else(|| {
        let flags = variable("RUSTFLAGS")?;
        Some(flags.split_whitespace().map(str::to_owned).collect())
    })
}

fn encoded(own: Vec<String>, flags: Vec<String>) -> String {
    let flags = own.into_iter().chain(flags);
    let flags: Vec<_> = flags.filter(|flag| !flag.is_empty()).collect();
    flags.join("\x1f")
}

/// Whether no file in a folder names a folder of this machine.
///
/// # Errors
/// A file does.
pub fn ensure_hidden(folder: &Path) -> Result<()> {
    let home = std::env::home_dir().filter(|home| home.parent().is_some());
    let folders: Vec<_> = names().into_iter().map(|(folder, _)| folder).collect();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            ensure_hidden(&path)?;
            continue;
        }
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        // Texts of .NET have two bytes for a character.
        let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        for text in [
            String::from_utf8_lossy(&bytes),
            String::from_utf8_lossy(&narrow),
        ] {
            for folder in folders.iter().chain(&home) {
                let name = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
                ensure!(
                    !text.contains(&name),
                    "{} names {name}, a folder of this machine",
                    path.display()
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_this_machine_is_found_in_a_file() {
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("lib").join("a");
        std::fs::create_dir(file.parent().unwrap()).unwrap();
        let name = format!(
            "{}{}x.rs",
            workspace::root().display(),
            std::path::MAIN_SEPARATOR
        );
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (content, is_hidden) in [
            (b"\xff\0/source/x.rs".to_vec(), true),
            ([b"\xff\0", name.as_bytes()].concat(), false),
            ([b"\xff\0\xff", wide.as_slice()].concat(), false),
        ] {
            std::fs::write(&file, content).unwrap();
            assert_eq!(ensure_hidden(scratch.path()).is_ok(), is_hidden);
        }
    }

    #[test]
    fn own_flags_stay_first() {
        let flags = |flags: &[&str]| flags.iter().map(ToString::to_string).collect();
        let all = encoded(flags(&["-C", "debuginfo=1", ""]), flags(&["-a"]));
        assert_eq!(all, "-C\x1fdebuginfo=1\x1f-a");
    }
}
