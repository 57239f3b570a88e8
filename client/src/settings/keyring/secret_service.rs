//! The Secret Service, which GNOME Keyring, KWallet and KeePassXC offer on the session's bus.

use std::time::Instant;

use super::bus::{Body, Bus, Fault};
use super::trouble::Trouble;

const SERVICE: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";

/// The collection in which `sail` stores its entries.
const LOGIN: &str = "/org/freedesktop/secrets/collection/login/";

pub(super) struct Keyring {
    bus: Bus,
    session: String,
}

/// Connects to the keyring. It ends its part when the connection closes.
pub(super) fn open(
    variable: &dyn Fn(&str) -> Option<String>,
    deadline: Instant,
) -> Result<Keyring, Trouble> {
    let mut bus = Bus::of_session(variable, deadline).map_err(reason)?;
    // The bus belongs to the user, so nobody else can read what is sent unencrypted.
    let body = Body::new("sv").text("plain").text_variant("");
    let session = bus
        .call(
            SERVICE,
            PATH,
            "org.freedesktop.Secret.Service.OpenSession",
            &body,
        )
        .and_then(|reply| {
            let mut reader = reply.body("vo")?;
            reader.text_variant()?;
            Ok(reader.text()?.to_owned())
        })
        .map_err(reason)?;
    Ok(Keyring { bus, session })
}

impl Keyring {
    pub(super) fn secret(&mut self, service: &str, user: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let found = self.find(service, user).map_err(reason)?;
        let (unlocked, locked) = found;
        let preferred = unlocked.iter().find(|path| path.starts_with(LOGIN));
        let Some(path) = preferred.or(unlocked.first()) else {
            // Unlocking it would ask the user for a password.
            return if locked.is_empty() {
                Ok(None)
            } else {
                Err(Trouble::because("it is locked"))
            };
        };
        let body = Body::new("o").text(&self.session);
        let secret = self
            .bus
            .call(
                SERVICE,
                path,
                "org.freedesktop.Secret.Item.GetSecret",
                &body,
            )
            .and_then(|reply| {
                // The session, its parameters, the secret.
                let mut reader = reply.body("(oayays)")?;
                reader.structure()?;
                reader.text()?;
                reader.bytes()?;
                Ok(reader.bytes()?.to_vec())
            });
        secret.map(Some).map_err(reason)
    }

    /// The entries of a service and user: those that can be read, and the locked ones.
    fn find(&mut self, service: &str, user: &str) -> Result<(Vec<String>, Vec<String>), Fault> {
        let attributes = [("service", service), ("username", user)];
        let body = Body::new("a{ss}").texts_by_name(&attributes);
        let name = "org.freedesktop.Secret.Service.SearchItems";
        let reply = self.bus.call(SERVICE, PATH, name, &body)?;
        let mut reader = reply.body("aoao")?;
        Ok((reader.texts()?, reader.texts()?))
    }
}

fn reason(fault: Fault) -> Trouble {
    Trouble::because(match fault {
        Fault::NoBus => "there is no session bus".to_owned(),
        Fault::Address => "the address of the session bus is not supported".to_owned(),
        Fault::Late => return Trouble::Late,
        Fault::Broken(error) => format!("the session bus failed: {error}"),
        Fault::Malformed => "what it sent cannot be read".to_owned(),
        Fault::Refused(name) => match name.as_str() {
            "org.freedesktop.DBus.Error.ServiceUnknown" => "no program offers one".to_owned(),
            "org.freedesktop.Secret.Error.IsLocked" => "it is locked".to_owned(),
            _ => format!("it responded with {name}"),
        },
    })
}
