//! `cargo xtask dist`: the library for C and whatever else can call it, as an archive.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{library, licences, process, workspace};

/// Lays the folder out, packs it and prints where the archive is.
pub fn run() -> Result<()> {
    println!("{}", archive()?.display());
    Ok(())
}

/// The folder's name, which the archive carries too.
pub fn name() -> String {
    format!(
        "{}-{}-{}",
        workspace::CRATE,
        workspace::VERSION,
        workspace::rid()
    )
}

/// Packs the folder: a zip file on Windows, a compressed tar file elsewhere.
pub fn archive() -> Result<PathBuf> {
    let folder = lay_out()?;
    let suffix = if cfg!(windows) { "zip" } else { "tar.gz" };
    let archive = folder.with_file_name(format!("{}.{suffix}", name()));
    // Windows has a tar too, one that knows zip; -a takes the format from the name.
    process::run(
        process::command("tar")
            .arg("-caf")
            .arg(&archive)
            .arg("-C")
            .arg(workspace::target().join("dist"))
            .arg(name()),
    )?;
    Ok(archive)
}

/// Builds the library and lays it out with header, pkg-config files and CMake package in
/// `target/dist`; gives the folder.
pub fn lay_out() -> Result<PathBuf> {
    library::build()?;
    let folder = workspace::target().join("dist").join(name());
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    let files = Files::of_this_platform();
    for (from, to) in &files.built {
        copy(&workspace::release(from), &folder.join(to))?;
    }
    if let Some(link) = &files.link {
        symbolic_link(&files.shared, &folder.join(link))?;
    }
    let header = format!("include/{}.h", workspace::LIBRARY);
    for file in [header.as_str(), "LICENSE", "README.md"] {
        copy(&workspace::root().join(file), &folder.join(file))?;
    }
    fs::write(
        folder.join("THIRD-PARTY-LICENSES"),
        licences::third_party()?,
    )?;
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

/// What the library's files are called on this platform.
struct Files {
    /// What cargo built, and where it goes.
    built: Vec<(String, String)>,
    /// A second name of the shared library, for the linker.
    link: Option<String>,
    /// Paths in the folder: the shared library, and what the linker takes for it.
    shared: String,
    import: String,
    /// The static library's name, and what has to be linked with it.
    archive: String,
    system_libraries: &'static str,
}

impl Files {
    fn of_this_platform() -> Self {
        let built = workspace::library_file();
        let archive = format!("lib{}.a", workspace::LIBRARY);
        if cfg!(windows) {
            let import = format!("{built}.lib");
            let archive = format!("{}.lib", workspace::LIBRARY);
            return Self {
                built: vec![
                    (built.clone(), format!("bin/{built}")),
                    (import.clone(), format!("lib/{import}")),
                    (archive.clone(), format!("lib/{archive}")),
                ],
                link: None,
                shared: format!("bin/{built}"),
                import: format!("lib/{import}"),
                archive,
                system_libraries: "bcrypt.lib crypt32.lib ncrypt.lib secur32.lib advapi32.lib kernel32.lib ntdll.lib userenv.lib ws2_32.lib dbghelp.lib msvcrt.lib",
            };
        }
        // On Linux a program asks for the name that ends with the ABI's major number.
        let (shared, link, system_libraries) = if cfg!(target_os = "macos") {
            (
                format!("lib/{built}"),
                None,
                "-framework Security -framework CoreFoundation -liconv",
            )
        } else {
            (
                format!("lib/{built}.{}", workspace::MAJOR),
                Some(format!("lib/{built}")),
                "-lpthread -ldl -lm",
            )
        };
        Self {
            built: vec![
                (built, shared.clone()),
                (archive.clone(), format!("lib/{archive}")),
            ],
            link,
            import: shared.clone(),
            shared,
            archive,
            system_libraries,
        }
    }

    fn fill(&self, template: &str) -> String {
        template
            .replace("@VERSION@", workspace::VERSION)
            .replace("@MAJOR@", workspace::MAJOR)
            .replace("@SHARED@", &self.shared)
            .replace("@IMPORT@", &self.import)
            .replace("@STATIC@", &self.archive)
            .replace("@SYSTEM_LIBRARIES@", self.system_libraries)
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}

/// Makes `link` another name of the file beside it.
#[cfg(unix)]
fn symbolic_link(file: &str, link: &Path) -> Result<()> {
    let name = Path::new(file).file_name().unwrap_or_default();
    std::os::unix::fs::symlink(name, link).with_context(|| format!("linking {}", link.display()))
}

/// No platform without symbolic links needs one.
#[cfg(not(unix))]
fn symbolic_link(_: &str, _: &Path) -> Result<()> {
    Ok(())
}
