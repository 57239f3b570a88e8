//! The shared library as a file: its size, and what it shows to the outside.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use object::Object;

use super::Outcome;
use super::abi;
use super::header::Header;
use crate::platform::Platform;
use crate::{library, process, workspace};

/// The largest size the shared library may have.
const MOST_BYTES: usize = 5_000_000;

/// Checks the size, that the exported functions are those of the committed header, the ABI and the
/// SONAME.
pub fn run() -> Result<Outcome> {
    let path = library::build()?;
    let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    println!("{}: {} bytes", path.display(), bytes.len());
    ensure!(
        bytes.len() <= MOST_BYTES,
        "the library is larger than {MOST_BYTES} bytes: {}",
        bytes.len()
    );

    let exported = exported(&bytes)?;
    let header = Header::read()?;
    let declared = header.functions();
    ensure!(
        exported == declared,
        "the library exports {exported:?}, the header declares {declared:?}"
    );
    println!(
        "{} functions exported, as the header declares",
        exported.len()
    );
    abi::check(&header)?;

    if cfg!(target_os = "linux") {
        let dynamic = process::output(process::command("objdump").arg("-p").arg(&path))?;
        let soname = format!("{}.{}", Platform::host()?.shared(), workspace::MAJOR);
        ensure!(
            dynamic
                .lines()
                .any(|line| line.split_whitespace().eq(["SONAME", &soname])),
            "the library's SONAME is not {soname}"
        );
    }
    Ok(Outcome::Passed)
}

/// The names that the library exports, without the underscore that macOS puts before them.
fn exported(library: &[u8]) -> Result<BTreeSet<String>> {
    let file = object::File::parse(library).context("the library is no object file")?;
    let underscore = if cfg!(target_os = "macos") { "_" } else { "" };
    file.exports()
        .context("the library's exports cannot be read")?
        .iter()
        .map(|export| {
            let name = std::str::from_utf8(export.name())?;
            Ok(name.strip_prefix(underscore).unwrap_or(name).to_owned())
        })
        .collect()
}
