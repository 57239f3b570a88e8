//! Tests that need a process to themselves: it has a client of a sandbox, and no other thread of the
//! sandbox's or of another test.

use std::process::Command;

use serde_json::{Value, json};
use v2024_sandbox::Sandbox;

use super::{Client, settings};

/// Where that process finds the settings of its client.
const SETTINGS: &str = "V2024_TEST_ALONE_SETTINGS";

/// Runs the test of this name again, in a new process.
pub fn run(test: &str, sandbox: &Sandbox) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "--test-threads=1", test])
        .env(SETTINGS, settings(sandbox, json!({})).to_string())
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

/// In that process: the settings.
pub fn settings_if_alone() -> Option<Value> {
    let settings = std::env::var(SETTINGS).ok()?;
    Some(serde_json::from_str(&settings).unwrap())
}

/// In that process: a client.
pub fn client_if_alone() -> Option<Client> {
    let (client, (status, shown)) = Client::new(settings_if_alone()?.to_string());
    assert_eq!(status, 0, "{shown}");
    Some(client)
}
