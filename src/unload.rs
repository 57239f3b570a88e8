//! Prevents unloading of the library: its threads run on after the last call, and unloading it would take
//! the code from under them. On Linux the linker is told so, in `build.rs`; macOS never unloads a
//! library with thread-local variables.

/// From now on Windows does not unload the library; what is asked of it more than once is done once.
#[cfg(windows)]
pub(crate) fn prevent() {
    use windows_sys::Win32::System::LibraryLoader::{
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
    };

    let within: fn() = prevent;
    let mut module = std::ptr::null_mut();
    // SAFETY: with this flag an address in the module takes the place of its name, and is not read;
    // `module` may be written. Should it fail, the library can be unloaded, as any other.
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
