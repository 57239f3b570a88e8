//! The length of lines in all tracked text files.

use std::path::Path;

use crate::{process, workspace};

/// The most columns of a line, in characters.
const MAX_COLUMNS: usize = 120;

/// Files that others wrote or that programs write.
const EXCEPTIONS: [&str; 3] = [
    "Cargo.lock",
    "fuzz/seeds/",
    "tests/powershell/compatibility/vendor/",
];

#[test]
fn no_line_is_too_long() {
    // An unpacked archive of the source does not know which files are tracked.
    if !workspace::root().join(".git").exists() {
        return;
    }
    let files = process::output(process::command("git").args(["ls-files", "-z"])).unwrap();
    let mut long = Vec::new();
    for name in files.split('\0').filter(|name| is_checked(name)) {
        // What was deleted but not committed is listed too, and what is not text has no lines.
        let Ok(text) = std::fs::read_to_string(workspace::root().join(name)) else {
            continue;
        };
        let is_markdown = has_extension(name, "md");
        for (index, line) in text.lines().enumerate() {
            let columns = line.chars().count();
            if columns > MAX_COLUMNS && !(is_markdown && line.trim_start().starts_with('|')) {
                long.push(format!("{name}:{}: {columns}", index + 1));
            }
        }
    }
    assert!(
        long.is_empty(),
        "lines of more than {MAX_COLUMNS} columns: {long:#?}"
    );
}

fn is_checked(name: &str) -> bool {
    !name.is_empty()
        && !has_extension(name, "json")
        && !EXCEPTIONS.iter().any(|start| name.starts_with(start))
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension() == Some(extension.as_ref())
}
