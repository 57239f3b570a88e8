//! Prevents unloading of the library: its threads run on after the last call, and need its code. On
//! Linux a linker option in `build.rs` does this; macOS never unloads a library that has thread-local
//! variables.

/// From now on Windows does not unload the library. Calling it again changes nothing.
#[cfg(windows)]
pub(crate) fn prevent() {
    use windows_sys::Win32::System::LibraryLoader::{
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
    };

    let within: fn() = prevent;
    let mut module = std::ptr::null_mut();
    // SAFETY: with this flag the name is an address in the module, which is not read; `module` may be
    // written. If it fails, the library can be unloaded, as any other.
    unsafe {
        GetModuleHandleExW(
            GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
            within as *const u16,
            &raw mut module,
        );
    }
}

#[cfg(not(windows))]
pub(crate) fn prevent() {}
