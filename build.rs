//! Generates the C header: always into the build's output folder, and into `include/` if
//! `V2024_WRITE_HEADER` is set.

use std::path::{Path, PathBuf};
use std::{env, fs};

const HEADER: &str = "v2024_task_management.h";

fn main() {
    for path in ["src", "cbindgen.toml", "Cargo.toml", "build.rs"] {
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
    link_tests(&out);
    // For the test that compares it with the committed header.
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
        .expect("src is what cbindgen reads")
        .write_to_file(out);
}

/// The tests call the exports in the static library, which cargo has made before it links them.
fn link_tests(out: &Path) {
    let library = match env::var("CARGO_CFG_TARGET_ENV").as_deref() {
        Ok("msvc") => "v2024_task_management.lib",
        _ => "libv2024_task_management.a",
    };
    // <profile>/build/<package>/out/<header>
    let profile = out
        .ancestors()
        .nth(4)
        .expect("cargo's folders are this deep");
    let library = profile.join("deps").join(library);
    println!("cargo:rustc-link-arg-tests={}", library.display());
}

fn link_library() {
    // Programs linked against the library ask for this name: it changes when the ABI breaks, which
    // before 1.0 any new minor version may do.
    let [major, minor] = ["MAJOR", "MINOR"]
        .map(|part| env::var(format!("CARGO_PKG_VERSION_{part}")).expect("cargo sets it"));
    let abi = if major == "0" {
        format!("0.{minor}")
    } else {
        major
    };
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => {
            let name = format!("libv2024_task_management.so.{abi}");
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,{name}");
            // For the test that runs a C program with the library.
            println!("cargo:rustc-env=V2024_SONAME={name}");
            // Its threads outlive the last call: unloading it would take their code away.
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        Ok("macos") => println!(
            "cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libv2024_task_management.dylib"
        ),
        _ => {}
    }
}
