//! The README tells of every setting, and of no other.

use super::NAMES;

/// The names in the first column of the table under "Settings"; variables are in parentheses there.
fn in_readme() -> Vec<&'static str> {
    let readme = include_str!("../../README.md");
    let (_, settings) = readme.split_once("\n## Settings\n").unwrap();
    let (settings, _) = settings.split_once("\n## ").unwrap();
    settings
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|row| row.split(" | ").next())
        .flat_map(|cell| cell.split(['`', ',', ' ', '(', ')']))
        .filter(|word| !word.is_empty() && !word.starts_with("SAIL_"))
        .collect()
}

#[test]
fn the_readme_tells_of_every_setting() {
    let mut told = in_readme();
    let mut known = NAMES.to_vec();
    told.sort_unstable();
    known.sort_unstable();
    assert_eq!(told, known, "the README's settings, and those there are");
}
