//! A soak that is short enough for every test run.

use std::process::Command;

#[test]
fn a_short_soak() {
    let output = Command::new(env!("CARGO_BIN_EXE_v2024-soak"))
        .args(["--calls", "1500", "--seed", "1"])
        .output()
        .expect("the soak starts");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}", output.status);
    assert!(said.starts_with("1500 calls, seed 1, "));
    for fault in [
        "reset",
        "dead connection",
        "not HTTP",
        "folded header",
        "blank before colon",
        "control character",
    ] {
        assert!(said.contains(&format!(" {fault},")), "no {fault}");
    }
}
