//! The ABI as C compiles it, beside the header and Rust's own.

use std::collections::BTreeSet;
use std::ffi::c_void;

use anyhow::{Result, ensure};

use super::header::Header;
use crate::compiler::{self, Standard};
use crate::{dist, process};

/// Compiles `tests/c/abi.c`, which knows every number and every function's type, as C and as C++,
/// and compares what it lists with what the header declares, its sizes with Rust's.
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
            ensure!(c == own, "{kind}: tests/c/abi.c has {c:?}, not {own:?}");
            println!("{name}: {} {kind}s as they were", c.len());
        }
    }
    Ok(())
}

/// The types that cross the border: size and alignment.
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
