//! The Secret Service, which GNOME Keyring, KWallet and KeePassXC offer on the session's bus.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use percent_encoding::percent_decode;
use zbus::address::transport::{Transport, Unix, UnixSocket};
use zbus::wire::{DynamicType, ObjectPath, OwnedObjectPath, OwnedVariant, Variant};
use zbus::{Address, Connection, DBusError, Error, Message, connection};

use super::trouble::Trouble;

const NAME: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const ITEM: &str = "org.freedesktop.Secret.Item";

/// The collection in which `sail` stores its entries.
const LOGIN: &str = "/org/freedesktop/secrets/collection/login/";

pub(super) struct Keyring {
    addresses: Vec<Address>,
    /// Whether a variable says where the bus is. Otherwise it need not be there.
    is_named: bool,
    deadline: Instant,
}

/// Finds the bus of the user's session.
pub(super) fn open(
    variable: &dyn Fn(&str) -> Option<String>,
    deadline: Instant,
) -> Result<Keyring, Trouble> {
    let named = variable("DBUS_SESSION_BUS_ADDRESS");
    let is_named = named.is_some();
    let addresses = match named {
        Some(list) => local_addresses(&list),
        None => vec![usual_address(variable).ok_or_else(no_bus)?],
    };
    if addresses.is_empty() {
        return Err(Trouble::because(
            "the address of the session bus is not supported",
        ));
    }
    Ok(Keyring {
        addresses,
        is_named,
        deadline,
    })
}

fn no_bus() -> Trouble {
    Trouble::because("there is no session bus")
}

/// The Unix sockets in a list such as `unix:path=/run/user/1000/bus;unix:abstract=/tmp/dbus`. What is
/// sent over them is not encrypted, so no other kind will do.
fn local_addresses(list: &str) -> Vec<Address> {
    list.split(';')
        .filter_map(|address| local_address(&address.trim().parse().ok()?))
        .collect()
}

/// The address of a Unix socket, with its name decoded, which zbus leaves as it is.
fn local_address(address: &Address) -> Option<Address> {
    let Transport::Unix(unix) = address.transport() else {
        return None;
    };
    let socket = match unix.path() {
        UnixSocket::File(path) => UnixSocket::File(absolute(decoded(path.as_os_str()))?),
        #[cfg(target_os = "linux")]
        UnixSocket::Abstract(name) => UnixSocket::Abstract(decoded(name)),
        // Where a bus may make a socket.
        _ => return None,
    };
    Some(Address::new(Transport::Unix(Unix::new(socket))))
}

fn decoded(name: &OsStr) -> OsString {
    OsString::from_vec(percent_decode(name.as_bytes()).collect())
}

/// A path that is independent of the current folder: somebody else may have put a socket there.
fn absolute(path: OsString) -> Option<PathBuf> {
    let path = PathBuf::from(path);
    path.is_absolute().then_some(path)
}

fn usual_address(variable: &dyn Fn(&str) -> Option<String>) -> Option<Address> {
    let folder = absolute(variable("XDG_RUNTIME_DIR")?.into())?;
    let socket = Unix::new(UnixSocket::File(folder.join("bus")));
    Some(Address::new(Transport::Unix(socket)))
}

impl Keyring {
    /// On a thread of its own, because the caller's may already run a runtime.
    pub(super) fn secret(&mut self, service: &str, user: &str) -> Result<Option<Vec<u8>>, Trouble> {
        thread::scope(|scope| {
            let reading = thread::Builder::new()
                .spawn_scoped(scope, || self.read(service, user))
                .map_err(|error| Trouble::because(format!("no thread can be started: {error}")))?;
            // zbus panics at an empty line during the login.
            reading
                .join()
                .unwrap_or_else(|_| Err(Trouble::because("it cannot be read")))
        })
    }

    fn read(&self, service: &str, user: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Trouble::because(format!("it cannot be read: {error}")))?;
        runtime.block_on(async {
            let reading = async {
                let bus = self.connect().await?;
                find_secret(&bus, service, user).await
            };
            let deadline = self.deadline.into();
            tokio::time::timeout_at(deadline, reading)
                .await
                .unwrap_or(Err(Trouble::Late))
        })
    }

    /// Connects to the first bus that can be reached.
    async fn connect(&self) -> Result<Connection, Trouble> {
        let mut trouble = no_bus();
        for address in &self.addresses {
            match connection::Builder::address(address.clone()).build().await {
                Ok(bus) => return Ok(bus),
                Err(Error::Connection(..)) if !self.is_named => {}
                Err(error) => trouble = error.into(),
            }
        }
        Err(trouble)
    }
}

async fn find_secret(
    bus: &Connection,
    service: &str,
    user: &str,
) -> Result<Option<Vec<u8>>, Trouble> {
    let attributes = HashMap::from([("service", service), ("username", user)]);
    let reply = call(bus, PATH, SERVICE, "SearchItems", &(attributes,)).await?;
    let (unlocked, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
        reply.body().deserialize()?;
    let preferred = unlocked
        .iter()
        .find(|path| path.as_str().starts_with(LOGIN));
    let Some(item) = preferred.or(unlocked.first()) else {
        // Unlocking it would ask the user for a password.
        return if locked.is_empty() {
            Ok(None)
        } else {
            Err(Trouble::because("it is locked"))
        };
    };
    // The bus belongs to the user, so nobody else can read what is sent unencrypted.
    let reply = call(
        bus,
        PATH,
        SERVICE,
        "OpenSession",
        &("plain", Variant::from("")),
    )
    .await?;
    let (_, session): (OwnedVariant, OwnedObjectPath) = reply.body().deserialize()?;
    let reply = call(bus, item.as_str(), ITEM, "GetSecret", &(session,)).await?;
    let body = reply.body();
    // The session, its parameters, the secret, its type.
    let (_, _, secret, _): (ObjectPath<'_>, Vec<u8>, Vec<u8>, &str) = body.deserialize()?;
    Ok(Some(secret))
}

async fn call<B>(
    bus: &Connection,
    path: &str,
    interface: &str,
    method: &str,
    body: &B,
) -> zbus::Result<Message>
where
    B: serde::Serialize + DynamicType,
{
    bus.call_method(Some(NAME), path, Some(interface), method, body)
        .await
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        // The text of other errors may quote what was read.
        Self::because(match &error {
            Error::Connection(cause, _) | Error::InputOutput(cause) => {
                format!("the session bus failed: {cause}")
            }
            Error::MethodError(name, ..) => refusal(name.as_str()),
            Error::FDO(refused) => refusal(refused.name().as_str()),
            _ => "what it sent cannot be read".to_owned(),
        })
    }
}

/// What an error that the bus or the keyring responds with means.
fn refusal(name: &str) -> String {
    match name {
        "org.freedesktop.DBus.Error.ServiceUnknown" => "no program offers one".to_owned(),
        "org.freedesktop.Secret.Error.IsLocked" => "it is locked".to_owned(),
        _ => format!("it responded with {name}"),
    }
}
