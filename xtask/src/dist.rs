//! `cargo xtask dist`: an archive with the library for C and for other languages that can call C.

mod readme;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::platform::{Platform, System};
use crate::{folder, licences, process, workspace};

/// The arguments of `cargo xtask dist`.
#[derive(clap::Args)]
pub struct Options {
    /// A platform to build for instead of this one, in cargo's spelling. A glibc version may follow
    /// (x86_64-unknown-linux-gnu.2.28) and needs cargo-zigbuild
    #[arg(long)]
    target: Option<String>,
    /// Make the sandbox instead, as one program. For a musl target it is static and runs on every Linux
    #[arg(long)]
    sandbox: bool,
}

/// Makes the archive, or that of the sandbox, and prints its path.
pub fn run(options: &Options) -> Result<()> {
    let platform = match &options.target {
        Some(target) => Platform::of(target)?,
        None => Platform::host()?,
    };
    let made = if options.sandbox {
        sandbox(&platform)?
    } else {
        archive(&platform)?
    };
    println!("{}", made.display());
    Ok(())
}

/// Packs the sandbox's program with its README and the licence.
pub fn sandbox(platform: &Platform) -> Result<PathBuf> {
    let program = platform.build_sandbox()?;
    let name = sandbox_name(platform);
    let folder = folder_for(&name)?;
    for file in [program, workspace::root().join("LICENSE")] {
        copy(&file, &folder.join(file.file_name().unwrap_or_default()))?;
    }
    readme::copy("sandbox/README.md", &folder)?;
    pack(platform, &name)
}

/// The path of a folder in `target/dist` that is not there yet.
fn folder_for(name: &str) -> Result<PathBuf> {
    let folder = workspace::target().join("dist").join(name);
    folder::remove(&folder)?;
    Ok(folder)
}

/// The name of the folder in the archive, and of the archive itself.
pub fn name(platform: &Platform) -> String {
    named(workspace::CRATE, platform)
}

/// The same for the sandbox.
pub fn sandbox_name(platform: &Platform) -> String {
    named(workspace::SANDBOX, platform)
}

fn named(what: &str, platform: &Platform) -> String {
    format!("{what}-{}-{}", workspace::VERSION, platform.rid)
}

/// Keep who packed, when, and in which order the file system lists the files out of an archive. Only GNU tar
/// knows all of them, so archives of Windows and macOS are not the same bytes each time.
const REPRODUCIBLE: [&str; 6] = [
    "--sort=name",
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mtime=@0",
    "--mode=u+rwX,go+rX,go-w",
];

/// Packs the folder with the library.
pub fn archive(platform: &Platform) -> Result<PathBuf> {
    lay_out_for(platform)?;
    pack(platform, &name(platform))
}

/// Packs a folder in `target/dist`: as a zip file for Windows, as a compressed tar file for others.
fn pack(platform: &Platform, name: &str) -> Result<PathBuf> {
    let dist = workspace::target().join("dist");
    let suffix = if matches!(platform.system, System::WindowsMsvc) {
        "zip"
    } else {
        "tar.gz"
    };
    let archive = dist.join(format!("{name}.{suffix}"));
    tar(&dist, name, &archive)?;
    Ok(archive)
}

/// Packs a folder of this name within another folder.
fn tar(parent: &Path, folder: &str, archive: &Path) -> Result<()> {
    // -a chooses the format by the name, on Windows zip too.
    let mut tar = process::tar();
    if cfg!(target_os = "linux") {
        tar.args(REPRODUCIBLE);
    }
    process::run(
        tar.arg("-caf")
            .arg(archive)
            .arg("-C")
            .arg(parent)
            .arg(folder),
    )
}

/// Makes the folder for this machine.
pub fn lay_out() -> Result<PathBuf> {
    lay_out_for(&Platform::host()?)
}

/// The examples that need nothing but the library.
const EXAMPLES: [&str; 5] = ["c", "python", "node", "csharp", "go"];

/// Builds the library, copies it with the header, the pkg-config files, the CMake package and the examples to a
/// folder in `target/dist`, and returns that folder.
fn lay_out_for(platform: &Platform) -> Result<PathBuf> {
    platform.build()?;
    let folder = folder_for(&name(platform))?;
    let files = Files::of(platform);
    copy(
        &platform.built(&platform.shared()),
        &folder.join(&files.shared),
    )?;
    copy(
        &platform.built(&platform.archive()),
        &folder.join("lib").join(platform.archive()),
    )?;
    match platform.import() {
        Some(import) => copy(&platform.built(&import), &folder.join(&files.import))?,
        None if files.import != files.shared => {
            symbolic_link(&files.shared, &folder.join(&files.import))?;
        }
        None => {}
    }
    let header = format!("include/{}.h", workspace::LIBRARY);
    for file in [header.as_str(), "LICENSE"] {
        copy(&workspace::root().join(file), &folder.join(file))?;
    }
    for example in EXAMPLES {
        copy_files(&format!("examples/{example}"), &folder)?;
    }
    readme::copy("README.md", &folder)?;
    fs::write(folder.join(licences::FILE), licences::third_party()?)?;
    for (template, to) in [
        ("v2024-task-management.pc", "lib/pkgconfig"),
        ("v2024-task-management-static.pc", "lib/pkgconfig"),
        (
            "V2024TaskManagementConfig.cmake",
            "lib/cmake/V2024TaskManagement",
        ),
        (
            "V2024TaskManagementConfigVersion.cmake",
            "lib/cmake/V2024TaskManagement",
        ),
    ] {
        let text = fs::read_to_string(workspace::root().join(format!("xtask/dist/{template}.in")))?;
        fs::create_dir_all(folder.join(to))?;
        fs::write(folder.join(to).join(template), files.fill(&text))?;
    }
    Ok(folder)
}

/// Where the library's files are in the folder, and which system libraries the static one needs.
struct Files {
    shared: String,
    /// The file that the linker uses for the shared library: on Linux a link to it without the number.
    import: String,
    archive: String,
    system_libraries: &'static [&'static str],
}

impl Files {
    fn of(platform: &Platform) -> Self {
        let shared = platform.shared();
        let import = format!(
            "lib/{}",
            platform.import().unwrap_or_else(|| shared.clone())
        );
        Self {
            shared: match platform.system {
                // A program asks for the name that ends with the ABI's version.
                System::Linux => format!("lib/{shared}.{}", *workspace::ABI),
                System::Macos => format!("lib/{shared}"),
                System::WindowsMsvc | System::WindowsGnu => format!("bin/{shared}"),
            },
            import,
            archive: platform.archive(),
            system_libraries: match platform.system {
                System::Linux => &["-lpthread", "-ldl", "-lm"],
                System::Macos => &[
                    "-framework Security",
                    "-framework CoreFoundation",
                    "-liconv",
                ],
                System::WindowsMsvc => &[
                    "bcrypt.lib",
                    "crypt32.lib",
                    "dbghelp.lib",
                    "ntdll.lib",
                    "secur32.lib",
                    "userenv.lib",
                    "ws2_32.lib",
                ],
                System::WindowsGnu => &[
                    "-lbcrypt",
                    "-lcrypt32",
                    "-ldbghelp",
                    "-lntdll",
                    "-lsecur32",
                    "-luserenv",
                    "-lws2_32",
                ],
            },
        }
    }

    fn fill(&self, template: &str) -> String {
        template
            .replace("@VERSION@", workspace::VERSION)
            .replace("@ABI@", &workspace::ABI)
            .replace("@SHARED@", &self.shared)
            .replace("@IMPORT@", &self.import)
            .replace("@STATIC@", &self.archive)
            .replace("@SYSTEM_LIBRARIES@", &self.system_libraries.join(" "))
            .replace("@SYSTEM_LIBRARY_LIST@", &self.system_libraries.join(";"))
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}

/// Copies the files of a folder of the project into the same folder of another one, without what builds made in
/// folders of their own.
fn copy_files(of: &str, folder: &Path) -> Result<()> {
    let from = workspace::root().join(of);
    for entry in fs::read_dir(&from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            copy(&entry.path(), &folder.join(of).join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Makes `link` another name of a file in the same folder.
fn symbolic_link(file: &str, link: &Path) -> Result<()> {
    let name = Path::new(file).file_name().unwrap_or_default();
    #[cfg(unix)]
    let linked = std::os::unix::fs::symlink(name, link);
    #[cfg(windows)]
    let linked = std::os::windows::fs::symlink_file(name, link);
    linked.with_context(|| format!("linking {}", link.display()))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn an_archive_depends_on_nothing_but_its_content() {
        let scratch = tempfile::tempdir().unwrap();
        let made = [("a", 0o644, 10), ("b", 0o600, 1_000_000)].map(|(place, mode, age)| {
            let folder = scratch.path().join(place).join("x");
            fs::create_dir_all(folder.join("lib")).unwrap();
            let mut names = ["lib/one", "two", "lib/three", "four"];
            if place == "b" {
                names.reverse();
            }
            for name in names {
                let path = folder.join(name);
                fs::write(&path, name).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
                let file = fs::File::options().append(true).open(&path).unwrap();
                file.set_modified(SystemTime::now() - Duration::from_secs(age))
                    .unwrap();
            }
            let archive = scratch.path().join(format!("{place}.tar.gz"));
            tar(&scratch.path().join(place), "x", &archive).unwrap();
            fs::read(archive).unwrap()
        });
        assert!(made[0] == made[1]);
        // The header of gzip has no time and no name.
        assert_eq!(made[0][3..8], [0; 5]);
    }
}
