//! The keychain of macOS, read with the program that `sail` uses: the entries allow only that one.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::encoded::decode;
use super::trouble::Trouble;

const PROGRAM: &str = "/usr/bin/security";

/// What the program exits with if there is no such entry.
const NOT_FOUND: i32 = 44;

pub(super) struct Keyring {
    deadline: Instant,
}

pub(super) fn open(
    _: &dyn Fn(&str) -> Option<String>,
    deadline: Instant,
) -> Result<Keyring, Trouble> {
    Ok(Keyring { deadline })
}

impl Keyring {
    pub(super) fn secret(&mut self, service: &str, user: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let unreadable =
            |error: std::io::Error| Trouble::because(format!("{PROGRAM} cannot be run: {error}"));
        let mut child = Command::new(PROGRAM)
            .args(["find-generic-password", "-s", service, "-a", user, "-w"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(unreadable)?;
        let ended = self.wait(&mut child);
        let Some(status) = ended.map_err(unreadable)? else {
            // It may be asking the user for a password: with it, its question goes.
            _ = child.kill();
            _ = child.wait();
            return Err(Trouble::Late);
        };
        match status.code() {
            Some(0) => {}
            Some(NOT_FOUND) => return Ok(None),
            _ => {
                return Err(format!(
                    "{PROGRAM} failed ({status}); the keychain may be locked"
                ));
            }
        }
        let mut text = String::new();
        if let Some(mut output) = child.stdout.take() {
            output
                .read_to_string(&mut text)
                .map_err(|_| Trouble::because(format!("its {service} is not UTF-8 text")))?;
        }
        let secret = decode(text.trim_end_matches('\n'));
        secret
            .map(Some)
            .ok_or_else(|| Trouble::because(format!("its {service} is damaged")))
    }

    /// A secret is shorter than what a pipe holds, so the program ends before it is read.
    fn wait(&self, child: &mut Child) -> std::io::Result<Option<std::process::ExitStatus>> {
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if Instant::now() >= self.deadline {
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}
