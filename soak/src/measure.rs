//! Memory and file handles of this process.

use anyhow::{Result, ensure};

/// Growth of memory that is not a leak: fragmentation, and pages of the largest responses.
const SLACK: u64 = 6 << 20;

/// What the process uses; `None` where the system does not report it.
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

/// Prints all three and fails if there is clearly more at the end than when warm. Every worker may have
/// a connection in use and an idle one.
pub fn compare(start: Usage, warm: Usage, end: Usage, workers: u64) -> Result<()> {
    let Some((bytes, more)) = warm.bytes.zip(end.bytes) else {
        println!("memory and file handles: not reported by this system");
        return Ok(());
    };
    println!(
        "memory: {} KiB at the start, {} KiB when warm, {} KiB at the end",
        start.bytes.unwrap_or_default() >> 10,
        bytes >> 10,
        more >> 10
    );
    ensure!(
        more <= bytes + SLACK,
        "memory grew by {} KiB",
        (more - bytes) >> 10
    );
    if let Some((handles, more)) = warm.handles.zip(end.handles) {
        let at_start = start.handles.unwrap_or_default();
        println!("file handles: {at_start} at the start, {handles} when warm, {more} at the end");
        ensure!(
            more <= handles + 2 * workers,
            "{more} file handles, {handles} before"
        );
    }
    Ok(())
}
