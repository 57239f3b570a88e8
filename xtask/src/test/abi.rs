//! The ABI as C sees it, compared with the header and with Rust.

use std::collections::BTreeSet;
use std::ffi::c_void;

use anyhow::{Result, ensure};

use super::header::Header;
use crate::compiler::{self, Standard};
use crate::{dist, process};

/// Compiles `tests/c/abi.c`, which contains every constant and every function's type, as C and as C++.
/// Compares its lists with the header's declarations, and its sizes with Rust's.
pub fn check(header: &Header) -> Result<()> {
    ensure!(
        header.is_opaque(),
        "the header declares a structure or an enumeration: let tests/c/abi.c print its layout"
    );
    let folder = dist::lay_out()?;
    for (standard, name) in [(Standard::C11, "abi-c11"), (Standard::Cpp17, "abi-c++17")] {
        let program = compiler::compile(&folder, "tests/c/abi.c", name, standard, &[])?;
        let mut command = process::command(program);
        let said = process::output(compiler::with_library(&mut command, &folder))?;
        let listed = |kind: &str| -> BTreeSet<String> {
            said.lines()
                .filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' '))
                .map(str::to_owned)
                .collect()
        };
        for (kind, c, own) in [
            ("function", listed("function"), header.functions()),
            ("number", listed("number"), header.numbers()),
            ("type", listed("type"), types()),
        ] {
            ensure!(
                c == own,
                "{kind}: tests/c/abi.c has {c:?} instead of {own:?}"
            );
            println!("{name}: {} {kind}s unchanged", c.len());
        }
    }
    Ok(())
}

/// Size and alignment of the types in the ABI.
fn types() -> BTreeSet<String> {
    fn layout<T>(name: &str) -> String {
        format!("{name} {} {}", size_of::<T>(), align_of::<T>())
    }
    BTreeSet::from([
        layout::<bool>("bool"),
        layout::<i32>("i32"),
        layout::<*mut c_void>("pointer"),
    ])
}
