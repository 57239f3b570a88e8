//! The keyring of the operating system, in which the `sail` command line keeps its secrets.
//!
//! Each is an entry of a service, such as `environments.pat.clientid`, and a user, which is the name
//! of an environment.

#[cfg(all(feature = "keyring", any(target_vendor = "apple", test)))]
mod encoded;
#[cfg(all(feature = "keyring", any(target_vendor = "apple", all(test, unix))))]
mod macos;
#[cfg(all(feature = "keyring", unix, not(target_vendor = "apple")))]
mod secret_service;
#[cfg(feature = "keyring")]
mod trouble;
#[cfg(all(feature = "keyring", windows))]
mod windows;

#[cfg(feature = "keyring")]
use std::time::{Duration, Instant};

use super::account::Account;
#[cfg(feature = "keyring")]
use crate::text::is_printable;
#[cfg(all(feature = "keyring", target_vendor = "apple"))]
use macos as system;
#[cfg(all(feature = "keyring", unix, not(target_vendor = "apple")))]
use secret_service as system;
#[cfg(feature = "keyring")]
use trouble::Trouble;
#[cfg(all(feature = "keyring", windows))]
use windows as system;

/// The longest time that the keyring may take. Without a desktop, nobody responds.
#[cfg(feature = "keyring")]
const LONGEST: Duration = Duration::from_secs(2);

/// Why the keyring gives nothing.
#[allow(dead_code, reason = "which ones occur depends on the feature")]
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Nothing {
    /// This crate was built without its feature `keyring`.
    NotRead,
    /// The access token in it expired, at this time.
    Expired(String),
    /// It is open, but an entry is missing or damaged.
    Entry(String),
    /// It cannot be read.
    Because(String),
}

impl Nothing {
    /// Where the keyring was looked in, and what there was, for the message that settings are missing.
    pub(super) fn state(&self, account: &Account) -> Option<String> {
        let reason = match self {
            Self::NotRead => return None,
            Self::Expired(end) => &format!("its access token expired at {end}"),
            Self::Entry(reason) | Self::Because(reason) => reason,
        };
        let environment = &account.environment;
        Some(format!(
            "the keyring for its environment {environment:?} ({reason})"
        ))
    }

    /// What to do about it, where `set` names the variables that would do without it.
    pub(super) fn hint(&self, set: &str) -> String {
        match self {
            Self::NotRead => format!(
                "the sail command line may keep its secrets in the system's keyring, which this client does not \
                 read: {set}"
            ),
            Self::Expired(_) => {
                format!("run a command of sail, which logs in again, or {set}")
            }
            Self::Entry(_) => {
                format!("store them again with the sail command line, or {set}")
            }
            Self::Because(_) => format!(
                "{set}; the keyring of the sail command line can be read only in the session of the user who has \
                 unlocked it"
            ),
        }
    }
}

/// A secret and its setting.
pub(super) type Entries = Vec<(&'static str, String)>;

/// What the keyring has for an account: `ClientId` and `ClientSecret`, or `Token` and
/// `TokenExpiration`. Takes two seconds at most and never asks the user. `variable` looks up an
/// environment variable.
#[cfg(feature = "keyring")]
pub(super) fn look(
    account: &Account,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Entries, Nothing> {
    let services: &[(&str, &str)] = if account.uses_oauth {
        &[
            ("Token", "environments.oauth.accesstoken"),
            ("TokenExpiration", "environments.oauth.expiry"),
        ]
    } else {
        &[
            ("ClientId", "environments.pat.clientid"),
            ("ClientSecret", "environments.pat.clientsecret"),
        ]
    };
    let mut keyring = system::open(variable, Instant::now() + LONGEST)?;
    let mut entries = Vec::new();
    for (setting, service) in services {
        let missing = || {
            let name = &account.environment;
            Nothing::Entry(format!("it has no {service} for {name:?}"))
        };
        let bytes = keyring
            .secret(service, &account.environment)?
            .ok_or_else(missing)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Nothing::Entry(format!("its {service} is not UTF-8 text")))?;
        if text.trim().is_empty() {
            return Err(missing());
        }
        if !is_printable(text.trim()) {
            let reason = format!("its {service} has control characters");
            return Err(Nothing::Entry(reason));
        }
        entries.push((*setting, text));
    }
    for (setting, text) in &entries {
        if *setting == "TokenExpiration" {
            check_expiry(text.trim())?;
        }
    }
    Ok(entries)
}

#[cfg(not(feature = "keyring"))]
pub(super) fn look(_: &Account, _: &dyn Fn(&str) -> Option<String>) -> Result<Entries, Nothing> {
    Err(Nothing::NotRead)
}

/// Whether the access token can still be used.
#[cfg(feature = "keyring")]
fn check_expiry(text: &str) -> Result<(), Nothing> {
    let end: jiff::Timestamp = text.parse().map_err(|_| {
        Nothing::Entry("its environments.oauth.expiry is not an ISO 8601 date".to_owned())
    })?;
    if end <= jiff::Timestamp::now() {
        return Err(Nothing::Expired(end.to_string()));
    }
    Ok(())
}

#[cfg(feature = "keyring")]
impl From<Trouble> for Nothing {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Late => {
                Self::Because(format!("it did not respond within {} s", LONGEST.as_secs()))
            }
            Trouble::Entry(reason) => Self::Entry(reason),
            Trouble::Because(reason) => Self::Because(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry() {
        assert_eq!(check_expiry("2199-01-01T00:00:00+02:00"), Ok(()));
        assert_eq!(
            check_expiry("2026-01-01T00:00:00+02:00"),
            Err(Nothing::Expired("2025-12-31T22:00:00Z".to_owned()))
        );
        assert_eq!(
            check_expiry("soon"),
            Err(Nothing::Entry(
                "its environments.oauth.expiry is not an ISO 8601 date".to_owned()
            ))
        );
    }
}
