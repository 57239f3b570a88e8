//! The Rust tests.

use anyhow::Result;

use super::Outcome;
use crate::process;

/// Tools that a test may need besides the compiler, each with its programs. The name of such a test ends with
/// `_with_` and the tool's name.
const TOOLS: [(&str, &[&str]); 4] = [
    (
        "keyring",
        &[
            "dbus-daemon",
            "dbus-send",
            "gnome-keyring-daemon",
            "secret-tool",
        ],
    ),
    ("openssl", &["openssl"]),
    ("squid", &["squid"]),
    ("valgrind", &["valgrind"]),
];

/// The workspace's tests with nextest where it is installed, then the documentation's examples. Tests
/// whose program is missing are left out and reported.
pub fn run() -> Result<Outcome> {
    let missing: Vec<(&str, &str)> = TOOLS
        .into_iter()
        .filter_map(|(tool, programs)| Some((tool, process::missing(programs)?)))
        .collect();
    let marks = missing.iter().map(|(tool, _)| format!("_with_{tool}"));
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
    let programs: Vec<&str> = missing.iter().map(|(_, program)| *program).collect();
    let lacking = format!(
        "all tests passed but those that need {}, which is not installed",
        programs.join(" or ")
    );
    Ok(if cfg!(target_os = "linux") {
        Outcome::NotRun(lacking)
    } else {
        Outcome::PassedWithout(format!("{lacking}: they run on Linux"))
    })
}
