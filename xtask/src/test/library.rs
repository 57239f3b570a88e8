//! The shared library's file: its size and its exports.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use object::elf::{DT_SONAME, PT_INTERP};
use object::read::elf::{Dyn, ElfFile64, ProgramHeader};
use object::{Endianness, Object};

use super::header::Header;
use super::{Outcome, abi};
use crate::platform::{Platform, System};
use crate::workspace;

/// The largest allowed size of the shared library.
const MAX_BYTES: usize = 5_200_000;

/// Checks this machine's library, and the ABI.
pub fn run() -> Result<Outcome> {
    let platform = Platform::host()?;
    platform.build()?;
    check(&platform)?;
    abi::check(&Header::read()?)?;
    Ok(Outcome::Passed)
}

/// Checks the size and the SONAME, that the exported functions are those of the committed header, and
/// that the library for Windows needs no library of the compiler.
pub fn check(platform: &Platform) -> Result<()> {
    let path = platform.built(&platform.shared());
    let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    println!("{}: {} bytes", path.display(), bytes.len());
    ensure!(
        bytes.len() <= MAX_BYTES,
        "the library is larger than {MAX_BYTES} bytes: {}",
        bytes.len()
    );

    let file = object::File::parse(&*bytes).context("the library is not an object file")?;
    let exported = exported(&file, platform.system)?;
    let declared = Header::read()?.functions();
    ensure!(
        exported == declared,
        "the library exports {exported:?}, the header declares {declared:?}"
    );
    println!(
        "{} functions exported, as the header declares",
        exported.len()
    );

    if platform.system == System::WindowsGnu {
        for import in file
            .imports()
            .context("the library's imports cannot be read")?
        {
            // The names of the compiler's own libraries start like this.
            let needed = String::from_utf8_lossy(import.library());
            ensure!(
                !needed.starts_with("lib"),
                "the library needs {needed}, which Windows does not have"
            );
        }
    }
    if platform.system == System::Linux {
        let expected = format!("{}.{}", platform.shared(), *workspace::ABI);
        let soname = soname(&bytes)?;
        ensure!(
            soname == expected,
            "the library's SONAME is {soname:?}, not {expected}"
        );
    }
    Ok(())
}

/// Whether a program for Linux needs no loader, and so no file of the system.
///
/// # Errors
/// It needs one.
pub fn ensure_static(program: &Path) -> Result<()> {
    let bytes = fs::read(program).with_context(|| format!("reading {}", program.display()))?;
    let file = ElfFile64::<Endianness>::parse(&*bytes).context("the program is not an ELF file")?;
    let endian = file.endian();
    let mut segments = file.elf_program_headers().iter();
    ensure!(
        !segments.any(|segment| segment.p_type(endian) == PT_INTERP),
        "{} is not static",
        program.display()
    );
    Ok(())
}

/// The name that programs ask for on Linux.
fn soname(bytes: &[u8]) -> Result<String> {
    let file = ElfFile64::<Endianness>::parse(bytes).context("the library is not an ELF file")?;
    let (sections, endian) = (file.elf_section_table(), file.endian());
    let (entries, link) = sections
        .dynamic(endian, bytes)?
        .context("the library has no dynamic section")?;
    let names = sections.strings(endian, bytes, link)?;
    let entry = entries
        .iter()
        .find(|entry| entry.d_tag(endian) == u64::from(DT_SONAME))
        .context("the library has no SONAME")?;
    let name = entry
        .string(endian, names)
        .context("the SONAME cannot be read")?;
    Ok(String::from_utf8_lossy(name).into_owned())
}

/// The names that the library exports, without the underscore that macOS puts before them.
fn exported(file: &object::File, system: System) -> Result<BTreeSet<String>> {
    let underscore = if system == System::Macos { "_" } else { "" };
    file.exports()
        .context("the library's exports cannot be read")?
        .iter()
        .map(|export| {
            let name = std::str::from_utf8(export.name())?;
            Ok(name.strip_prefix(underscore).unwrap_or(name).to_owned())
        })
        .collect()
}
