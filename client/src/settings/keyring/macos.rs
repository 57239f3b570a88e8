//! The keychain of macOS, read with the program that `sail` uses: the entries allow only that one.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::encoded::decode;
use super::trouble::Trouble;

const PROGRAM: &str = "/usr/bin/security";

/// What the program exits with if there is no such entry.
const NOT_FOUND: i32 = 44;

pub(super) struct Keyring {
    program: PathBuf,
    deadline: Instant,
}

pub(super) fn open(
    _: &dyn Fn(&str) -> Option<String>,
    deadline: Instant,
) -> Result<Keyring, Trouble> {
    Ok(Keyring {
        program: PROGRAM.into(),
        deadline,
    })
}

impl Keyring {
    pub(super) fn secret(&mut self, service: &str, user: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let unreadable =
            |error: std::io::Error| Trouble::because(format!("{PROGRAM} cannot be run: {error}"));
        let mut child = Command::new(&self.program)
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
                return Err(Trouble::because(format!(
                    "{PROGRAM} failed ({status}); the keychain may be locked"
                )));
            }
        }
        let mut text = String::new();
        if let Some(mut output) = child.stdout.take() {
            output
                .read_to_string(&mut text)
                .map_err(|_| Trouble::because(format!("its {service} is not UTF-8 text")))?;
        }
        let secret = decode(text.trim());
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// What is read from a program that does this instead of the keychain's.
    fn read(script: &str) -> Result<Option<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("security");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let deadline = Instant::now() + Duration::from_secs(2);
        let mut keyring = Keyring { program, deadline };
        let secret = keyring.secret("environments.pat.clientsecret", "acme");
        secret
            .map(|bytes| bytes.map(|bytes| String::from_utf8(bytes).unwrap()))
            .map_err(|trouble| match trouble {
                Trouble::Late => "late".to_owned(),
                Trouble::Because(reason) => reason,
            })
    }

    #[test]
    fn it_is_read_as_sail_does() {
        assert_eq!(
            read(r#"echo "$*""#).unwrap().unwrap(),
            "find-generic-password -s environments.pat.clientsecret -a acme -w"
        );
        for (output, secret) in [
            ("plain", "plain"),
            ("go-keyring-base64:c2VjcmV0w7w=", "secretü"),
            ("go-keyring-encoded:736563726574c3BC", "secretü"),
        ] {
            assert_eq!(
                read(&format!("echo ' {output}'")),
                Ok(Some(secret.to_owned()))
            );
        }
        let keyring = open(&|_| None, Instant::now()).unwrap();
        assert_eq!(keyring.program, PathBuf::from("/usr/bin/security"));
    }

    #[test]
    fn it_gives_nothing() {
        let message = "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.";
        assert_eq!(read(&format!("echo '{message}' >&2; exit 44")), Ok(None));
        assert_eq!(
            read("exit 36"),
            Err(
                "/usr/bin/security failed (exit status: 36); the keychain may be locked".to_owned()
            )
        );
        assert_eq!(
            read("printf 'go-keyring-base64:!'"),
            Err("its environments.pat.clientsecret is damaged".to_owned())
        );
        assert_eq!(
            read(r"printf '\377'"),
            Err("its environments.pat.clientsecret is not UTF-8 text".to_owned())
        );
        let start = Instant::now();
        assert_eq!(read("exec sleep 30"), Err("late".to_owned()));
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
