//! The Rust tests.

use anyhow::Result;

use super::Outcome;
use crate::process;

/// Programs that a test may need besides the compiler. The name of such a test ends with `_with_` and the
/// program's name.
const TOOLS: [&str; 3] = ["openssl", "squid", "valgrind"];

/// The workspace's tests with nextest where it is installed, then the documentation's examples. Tests
/// whose program is missing are left out and reported.
pub fn run() -> Result<Outcome> {
    let missing: Vec<&str> = TOOLS
        .into_iter()
        .filter(|tool| !process::exists(tool))
        .collect();
    let marks = missing.iter().map(|tool| format!("_with_{tool}"));
    if process::exists("cargo-nextest") {
        let kept: Vec<String> = std::iter::once("all()".into())
            .chain(marks.map(|mark| format!("not test(/{mark}$/)")))
            .collect();
        process::run(
            process::cargo()
                .args([
                    "nextest",
                    "run",
                    "--workspace",
                    "--locked",
                    "--no-fail-fast",
                ])
                .args(["--filterset", &kept.join(" and ")]),
        )?;
    } else {
        process::run(
            process::cargo()
                .args(["test", "--workspace", "--locked", "--no-fail-fast"])
                .args(["--lib", "--bins", "--tests", "--"])
                .args(marks.flat_map(|mark| ["--skip".into(), mark])),
        )?;
    }
    process::run(process::cargo().args(["test", "--workspace", "--locked", "--doc"]))?;
    if missing.is_empty() {
        return Ok(Outcome::Passed);
    }
    let lacking = format!(
        "all tests passed but those that need {}, which is not installed",
        missing.join(" or ")
    );
    if cfg!(target_os = "linux") {
        return Ok(Outcome::NotRun(lacking));
    }
    println!("{lacking}: they run on Linux");
    Ok(Outcome::Passed)
}
