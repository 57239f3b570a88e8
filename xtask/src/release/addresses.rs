//! The addresses of this project that its module shows to people: each leads to something that exists.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// The project's page.
const PROJECT: &str = env!("CARGO_PKG_REPOSITORY");

/// How an address of a file in the tree goes on after that of the project.
const FILES: [&str; 2] = ["/blob/main/", "/raw/main/"];

/// Checks the addresses in the manifest and in the functions: the files that they name exist, and so do the
/// headings of the README, which the project's page shows.
pub fn check() -> Result<()> {
    let module = workspace::root().join("powershell").join(workspace::MODULE);
    let mut sources = vec![module.join(format!("{}.psd1", workspace::MODULE))];
    for entry in fs::read_dir(module.join("Public"))? {
        sources.push(entry?.path());
    }
    let mut found = 0;
    for source in sources {
        let text =
            fs::read_to_string(&source).with_context(|| format!("reading {}", source.display()))?;
        for rest in rests(&text) {
            check_rest(rest).with_context(|| format!("{}: {PROJECT}{rest}", source.display()))?;
            found += 1;
        }
    }
    // The project, the icon and the release notes in the manifest, and help of at least the five operations.
    ensure!(
        found >= 8,
        "the module has only {found} addresses that begin with {PROJECT}"
    );
    Ok(())
}

/// What comes after the project's address, each time that a text has it.
fn rests(text: &str) -> impl Iterator<Item = &str> {
    text.split(PROJECT).skip(1).map(|rest| {
        rest.split(|c: char| c.is_whitespace() || "'\"<>)".contains(c))
            .next()
            .unwrap_or_default()
    })
}

fn check_rest(rest: &str) -> Result<()> {
    if let Some(file) = FILES.iter().find_map(|start| rest.strip_prefix(start)) {
        ensure!(
            workspace::root().join(file).is_file(),
            "there is no file {file}"
        );
    } else if let Some(anchor) = rest.strip_prefix('#') {
        let readme = fs::read_to_string(workspace::root().join("README.md"))?;
        ensure!(
            readme.lines().filter_map(heading).any(|it| it == anchor),
            "README.md has no heading for it"
        );
    } else {
        ensure!(
            rest.is_empty(),
            "neither a file, nor a heading of the README"
        );
    }
    Ok(())
}

/// The anchor that a line gets if it is a heading.
fn heading(line: &str) -> Option<String> {
    let title = line.trim_start_matches('#').strip_prefix(' ')?;
    (title.len() + 1 < line.len()).then(|| {
        title
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || " -".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{PROJECT, check, check_rest, heading, rests};

    #[test]
    fn the_module_leads_to_what_exists() {
        check().unwrap();
    }

    #[test]
    fn what_does_not_exist_is_an_error() {
        for (rest, error) in [
            ("/raw/main/logo.png", "there is no file logo.png"),
            ("#bash", "README.md has no heading for it"),
            ("/wiki", "neither a file, nor a heading of the README"),
        ] {
            assert_eq!(check_rest(rest).unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn an_address_ends_where_the_text_goes_on() {
        let text = format!("A = '{PROJECT}#a'\n# {PROJECT}/blob/main/b\n{PROJECT}\n");
        assert_eq!(rests(&text).collect::<Vec<_>>(), ["#a", "/blob/main/b", ""]);
    }

    #[test]
    fn an_anchor_is_made_as_on_the_project_page() {
        assert_eq!(
            heading("## Python, Node, C#, Go").unwrap(),
            "python-node-c-go"
        );
        assert_eq!(heading("text"), None);
        assert_eq!(heading(" text"), None);
    }
}
