//! README's comparison with the documented SDK, which is taken from benches/RESULTS.md.

use anyhow::{Context, Result};

use super::rows::{DOCUMENTED, MODULE};
use crate::workspace;

const HEAD: &str = "\
| | PSSailpoint 1.7 | this module |
| --- | --- | --- |
";

/// When and where the documented SDK was measured (benches/FINDINGS.md).
const ONCE: &str = "once, with two cores, in a PowerShell that is not precompiled";

/// Writes the figures of these results into README.
pub fn write(results: &str) -> Result<()> {
    let path = workspace::root().join("README.md");
    let text = std::fs::read_to_string(&path)?;
    let text = with_figures(&text, results)
        .context("README has no comparison with the documented SDK, or the results no machine")?;
    std::fs::write(path, text)?;
    Ok(())
}

fn with_figures(readme: &str, results: &str) -> Option<String> {
    let (before, table) = readme.split_once(HEAD)?;
    let (_, after) = table.split_once("\n\n")?;
    Some(format!("{before}{}\n{after}", comparison(results)?))
}

/// The table, with a row for each work that both did.
fn comparison(results: &str) -> Option<String> {
    let mut table = HEAD.to_owned();
    let mut title = "";
    let mut documented = None;
    for line in results.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [_, work, contender, median, ..] = cells.as_slice() else {
            continue;
        };
        if !work.is_empty() {
            (title, documented) = (work.trim_start_matches("PowerShell: "), None);
        }
        match (*contender, documented) {
            (DOCUMENTED, _) => documented = Some(*median),
            (MODULE, Some(other)) => table += &format!("| {title} | {other} | {median} |\n"),
            _ => {}
        }
    }
    let machine = results.lines().find(|line| line.starts_with("20"))?;
    table += &format!("| measured | {ONCE} | {machine} |\n");
    Some(table)
}

#[test]
fn readme_has_the_figures_of_the_results() {
    let read = |name: &str| std::fs::read_to_string(workspace::root().join(name)).unwrap();
    let readme = read("README.md");
    let expected = with_figures(&readme, &read("benches/RESULTS.md")).unwrap();
    // `cargo xtask bench --write` writes both files.
    assert_eq!(readme, expected);
}
