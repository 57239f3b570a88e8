//! The declarations in the committed C header.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

/// The header's code, without comments.
pub struct Header(String);

impl Header {
    pub fn read() -> Result<Self> {
        let path = workspace::root().join(format!("include/{}.h", workspace::LIBRARY));
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(Self(without_comments(&text)))
    }

    /// The functions: each `v2024_` word before a parenthesis.
    pub fn functions(&self) -> BTreeSet<String> {
        self.0
            .split('(')
            .filter_map(|before| {
                before
                    .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .next()
            })
            .filter(|name| name.starts_with("v2024_"))
            .map(str::to_owned)
            .collect()
    }

    /// The names of numeric constants.
    pub fn numbers(&self) -> BTreeSet<String> {
        self.0
            .lines()
            .filter_map(|line| line.strip_prefix("#define ")?.split_once(' '))
            .filter(|(_, value)| value.trim().parse::<i64>().is_ok())
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// Whether all types are opaque. Then the only opening brace is that of `extern "C"`.
    pub fn is_opaque(&self) -> bool {
        self.0.matches('{').count() == 1
    }
}

fn without_comments(header: &str) -> String {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code + rest
}
