//! Generates the C header: always beside the build's output, and into `include/` when asked to.

use std::path::{Path, PathBuf};
use std::{env, fs};

const HEADER: &str = "v2024_task_management.h";

fn main() {
    for path in [
        "src/ffi",
        "src/ffi.rs",
        "cbindgen.toml",
        "Cargo.toml",
        "build.rs",
    ] {
        println!("cargo:rerun-if-changed={path}");
    }
    println!("cargo:rerun-if-env-changed=V2024_WRITE_HEADER");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join(HEADER);
    generate(&root, &out);
    if env::var_os("V2024_WRITE_HEADER").is_some() {
        fs::copy(&out, root.join("include").join(HEADER)).expect("include/ is writable");
    }
    link_library();
    // Where the test that compares the two finds the generated one.
    println!("cargo:rustc-env=V2024_GENERATED_HEADER={}", out.display());
}

fn generate(root: &Path, out: &Path) {
    let mut config =
        cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    let version = env::var("CARGO_PKG_VERSION").expect("cargo sets it");
    config.after_includes = Some(format!(
        "\n/* The version of this header; compare with v2024_version(). */\n#define V2024_VERSION \"{version}\""
    ));
    cbindgen::Builder::new()
        .with_crate(root)
        .with_config(config)
        .generate()
        .expect("src/ffi is what cbindgen reads")
        .write_to_file(out);
}

fn link_library() {
    // Programs linked against the library ask for this name: it changes when the ABI breaks.
    let major = env::var("CARGO_PKG_VERSION_MAJOR").expect("cargo sets it");
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libv2024_task_management.so.{major}");
            // Its threads outlive the last call: unloading it would take their code away.
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        Ok("macos") => println!(
            "cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libv2024_task_management.dylib"
        ),
        _ => {}
    }
}
