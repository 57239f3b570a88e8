//! Clients: made from settings, freed by the caller.

use std::ffi::c_char;
use std::sync::Arc;

use v2024_task_management::host::json;
use v2024_task_management::{Client, Error, Settings};

use crate::handles::Handles;
use crate::{blocking, boundary, process, status, unload};

/// A client of one tenant: its settings, token and connections. Thread safe: share one.
pub struct v2024_client(());

static CLIENTS: Handles<Client> = Handles::starting_at(0x1000);

/// The client behind a handle.
pub(crate) fn get(handle: *const v2024_client) -> Result<Arc<Client>, Error> {
    CLIENTS
        .get(handle)
        .ok_or_else(|| Error::invalid_argument("the client is NULL or was freed"))
}

/// Whether every client was freed.
pub(crate) fn none_left() -> bool {
    CLIENTS.is_empty()
}

/// Makes a client from settings. Sends no request yet.
///
/// `settings_json` is a JSON object of settings by their documented names (BaseUrl, ClientId,
/// ClientSecret, TimeoutSeconds, ...); settings that it leaves out come from the
/// environment (SAIL_BASE_URL, SAIL_CLIENT_ID, SAIL_CLIENT_SECRET), ./config.json,
/// ~/.sailpoint/config.yaml and, if they have no token and no client with its secret, the keyring of
/// the sail command line, which may take two seconds. NULL means an empty object.
///
/// On success `*client` is the client, which the caller frees with v2024_client_free, `*status`
/// is 0, and the result is {"settings":{"BaseUrl":{"value":...,"source":...},...},"notes":[...]}
/// with secrets masked. Each note is {"code":...,"message":...,"warning":...}: something that was
/// skipped or decided for the user; "warning" is true if it is about safety. On an error `*client`
/// becomes NULL, `*status` is V2024_ERR_SETTINGS, V2024_ERR_TLS, V2024_ERR_INVALID_ARGUMENT or
/// V2024_ERR_RESOURCES, and the result is {"error":{"code":...,"message":...,"hint":...},
/// "settings":{...},"notes":[...]} with the settings that were found. `status` may be NULL, `client`
/// may not.
///
/// With "SealSecrets":true in `settings_json`, each masked value has a member "sealed" beside it. Later
/// it can be given instead of the value, and stands for the value of then, wherever that came from.
/// Only this process can use it. A secret without a value is shown too, as null, and its "sealed"
/// stands for no value.
///
/// Never returns NULL. The caller frees the result with v2024_string_free.
///
/// # Safety
/// `settings_json` must be NULL or a NUL-terminated string; `client` and `status` must be NULL
/// or point to memory that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_client_new(
    settings_json: *const c_char,
    client: *mut *mut v2024_client,
    status: *mut i32,
) -> *mut c_char {
    // SAFETY: `client` is NULL or writable, as the contract says.
    let place = unsafe { client.as_mut() };
    let made = boundary::caught(|| {
        let place = place.ok_or_else(|| Error::invalid_argument("client is NULL"))?;
        *place = std::ptr::null_mut();
        process::begin_use()?;
        // SAFETY: `settings_json` is NULL or a string, as the contract says.
        let text =
            unsafe { boundary::optional_text("settings_json", settings_json) }?.unwrap_or("{}");
        Ok(match Settings::from_json(text).and_then(Client::new) {
            Ok(client) => {
                unload::prevent();
                let shown = json::settings(client.settings());
                *place = CLIENTS.add(client);
                (0, shown)
            }
            Err(error) => {
                let shown = json::settings_error(text, &error);
                (status::of(&error), shown)
            }
        })
    });
    let (number, result) =
        made.unwrap_or_else(|error| (status::of(&error), json::result(Err(error))));
    // SAFETY: `status` is NULL or writable, as the contract says.
    unsafe { boundary::write(status, number) };
    boundary::string(result)
}

/// Shows the settings that a client would have, without one, and without the secrets that only the keyring
/// of the sail command line has: it is not opened.
///
/// `settings_json` is as in v2024_client_new. The result is {"settings":{...}} as there, and `*status` 0. A
/// program that knows the proxies of the operating system better than this library, since those come from an
/// automatic script, learns here for which addresses it needs them: the values of BaseUrl and TokenUrl. It
/// gives v2024_client_new the additional member "SystemProxy" then, an object with the proxy of each address,
/// null for none. On an error, such as a BaseUrl that is missing, `*status` and the result are those of
/// v2024_client_new. `status` may be NULL.
///
/// Never returns NULL. The caller frees the result with v2024_string_free.
///
/// # Safety
/// `settings_json` must be NULL or a NUL-terminated string; `status` must be NULL or point to memory that
/// may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v2024_settings_outline(
    settings_json: *const c_char,
    status: *mut i32,
) -> *mut c_char {
    let shown = boundary::caught(|| {
        process::begin_use()?;
        // SAFETY: `settings_json` is NULL or a string, as the contract says.
        let text =
            unsafe { boundary::optional_text("settings_json", settings_json) }?.unwrap_or("{}");
        Ok(match Settings::outline(text) {
            Ok(shown) => (0, json::outline(&shown)),
            Err(error) => (status::of(&error), json::settings_error(text, &error)),
        })
    });
    let (number, result) =
        shown.unwrap_or_else(|error| (status::of(&error), json::result(Err(error))));
    // SAFETY: `status` is NULL or writable, as the contract says.
    unsafe { boundary::write(status, number) };
    boundary::string(result)
}

/// Frees a client. NULL or a freed client is fine. Calls that still run on it, in any thread, go on to
/// their end. Connections that stay idle are closed.
#[unsafe(no_mangle)]
pub extern "C" fn v2024_client_free(client: *mut v2024_client) {
    boundary::caught_or((), || {
        if CLIENTS.remove(client).is_some() {
            blocking::look_after_idle();
        }
    });
}
