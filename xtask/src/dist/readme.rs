//! A README in an archive, whose links have to lead somewhere there, too.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::workspace;

/// Copies a README of the project to the top of an archive's folder. Its links to files that are not in that folder
/// lead to the repository.
pub fn copy(readme: &str, folder: &Path) -> Result<()> {
    let from = workspace::root().join(readme);
    let text = fs::read_to_string(&from).with_context(|| format!("reading {}", from.display()))?;
    let name = from.file_name().unwrap_or_default();
    let parent = Path::new(readme).parent().unwrap_or(Path::new(""));
    fs::write(folder.join(name), linked(&text, parent, folder))?;
    Ok(())
}

/// `parent`: the folder of the README in the project.
fn linked(text: &str, parent: &Path, folder: &Path) -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let mut parts = text.split("](");
    let mut linked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        linked += "](";
        let (link, _) = part.split_once(')').unwrap_or((part, ""));
        let (file, _) = link.split_once('#').unwrap_or((link, ""));
        if !file.is_empty() && !file.contains("://") && !folder.join(file).exists() {
            linked += &format!("{repository}/blob/v{}/", workspace::VERSION);
            for part in parent {
                linked += &format!("{}/", part.display());
            }
        }
        linked += part;
    }
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_files_that_are_missing_are_changed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("examples/c")).unwrap();
        let text = "[a](b.md#c), [d](examples/c) [e](https://f.g/h) [i](#j)";
        let repository = env!("CARGO_PKG_REPOSITORY");
        let version = workspace::VERSION;
        assert_eq!(
            linked(text, Path::new("s"), folder.path()),
            format!(
                "[a]({repository}/blob/v{version}/s/b.md#c), [d](examples/c) [e](https://f.g/h) [i](#j)"
            )
        );
    }
}
