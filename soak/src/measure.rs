//! Memory and file handles of this process.

use anyhow::{Result, ensure};

/// Memory that may come on top without being a leak: fragments, and pages of the largest answers.
const SLACK: u64 = 6 << 20;

/// What the process uses; nothing where the system does not tell.
#[derive(Clone, Copy)]
pub struct Usage {
    bytes: Option<u64>,
    handles: Option<u64>,
}

impl Usage {
    pub fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
        Self {
            bytes: kilobytes.map(|kilobytes| kilobytes << 10),
            handles: std::fs::read_dir("/proc/self/fd")
                .ok()
                .map(|entries| entries.count() as u64),
        }
    }
}

/// Prints both, and fails if the second is more than the first by what is not noise. Every worker
/// may hold a connection and another that is kept for later.
pub fn compare(warm: Usage, end: Usage, workers: u64) -> Result<()> {
    let Some((bytes, more)) = warm.bytes.zip(end.bytes) else {
        println!("memory and file handles: this system does not tell");
        return Ok(());
    };
    println!(
        "memory: {} KiB when warm, {} KiB at the end",
        bytes >> 10,
        more >> 10
    );
    ensure!(
        more <= bytes + SLACK,
        "memory grew by {} KiB",
        (more - bytes) >> 10
    );
    if let Some((handles, more)) = warm.handles.zip(end.handles) {
        println!("file handles: {handles} when warm, {more} at the end");
        ensure!(
            more <= handles + 2 * workers,
            "{more} file handles, {handles} before"
        );
    }
    Ok(())
}
