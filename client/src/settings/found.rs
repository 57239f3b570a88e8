//! The values found in the sources, each with its source, read as the kinds of the table.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use reqwest::Url;
use serde_json::{Map, Value, json};

use super::base_url;
use super::certificates;
use super::note::{Note, NoteCode};
use super::parts::{Credentials, Proxy, ProxyAddress};
use super::sources::{EXPLICIT, Sources};
use super::table::{self, SETTINGS, Setting};
use crate::error::Error;
use crate::secrets::{MASK, SecretString};

/// A setting as the client uses it, where that may differ from what was given.
type UsedForm<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// The settings that any source has.
pub(super) struct Found<'a> {
    values: BTreeMap<&'static str, (Value, &'a str)>,
    sources: &'a Sources,
}

impl<'a> Found<'a> {
    pub(super) fn in_sources(sources: &'a Sources) -> Self {
        let find = |setting: &'static Setting| Some((setting.name, sources.find(setting)?));
        Self {
            values: SETTINGS.iter().filter_map(find).collect(),
            sources,
        }
    }

    /// The error that a setting every client needs is missing.
    pub(super) fn missing(&self) -> Option<Error> {
        let has = |name: &str| self.values.contains_key(name);
        let mut missing = Vec::new();
        if !has("BaseUrl") {
            missing.push("BaseUrl");
        }
        if !has("Token") {
            missing.extend(
                ["ClientId", "ClientSecret"]
                    .iter()
                    .filter(|name| !has(name)),
            );
        }
        (!missing.is_empty()).then(|| self.sources.missing(&missing))
    }

    /// A setting's value, or its default; checked to be of its kind.
    fn value(&self, name: &str) -> Result<Option<Value>, Error> {
        let Some(setting) = table::find(name) else {
            return Ok(None);
        };
        let Some((value, source)) = self.values.get(name) else {
            return Ok(setting.default());
        };
        if holds_mask(value) {
            return Err(masked(name, source));
        }
        if setting.kind.accepts(value) {
            Ok(Some(value.clone()))
        } else {
            let wanted = setting.kind.expected();
            Err(Error::settings(format!(
                "{name} (from {source}) must be {wanted}"
            )))
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let value = self.value(name)?;
        Ok(value
            .as_ref()
            .and_then(Value::as_str)
            .map(|text| text.trim().to_owned()))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Error> {
        Ok(self.value(name)?.is_some_and(|value| value == true))
    }

    pub(super) fn count(&self, name: &str) -> Result<u32, Error> {
        let count = self.value(name)?.as_ref().and_then(Value::as_u64);
        Ok(count
            .and_then(|count| u32::try_from(count).ok())
            .unwrap_or_default())
    }

    pub(super) fn at_once(&self, name: &str) -> Result<usize, Error> {
        let count = self.value(name)?.as_ref().and_then(Value::as_u64);
        Ok(count
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(1))
    }

    pub(super) fn seconds(&self, name: &str) -> Result<Duration, Error> {
        let seconds = self.value(name)?.as_ref().and_then(Value::as_f64);
        Ok(Duration::from_secs_f64(seconds.unwrap_or_default()))
    }

    fn secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        Ok(self.text(name)?.map(SecretString::from))
    }

    fn date(&self, name: &str) -> Result<Option<SystemTime>, Error> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        text.parse::<jiff::Timestamp>()
            .and_then(SystemTime::try_from)
            .map(Some)
            .map_err(|_| {
                Error::settings(format!("{name} must be an ISO 8601 date with its offset"))
            })
    }

    pub(super) fn credentials(&self) -> Result<Credentials, Error> {
        Ok(Credentials {
            client: self.text("ClientId")?.zip(self.secret("ClientSecret")?),
            token: self.secret("Token")?,
            token_expires: self.date("TokenExpiration")?,
        })
    }

    pub(super) fn proxy(&self) -> Result<Proxy, Error> {
        let explicit = self.text("Proxy")?;
        let variable = |name| self.sources.named_variable(name);
        let for_scheme = |name| {
            let explicit = explicit.clone();
            let (given_by, address) = explicit
                .map(|address| ("Proxy".to_owned(), address))
                .or_else(|| variable(name))
                .or_else(|| variable("ALL_PROXY"))?;
            let address = SecretString::from(address.trim());
            Some(ProxyAddress { address, given_by })
        };
        let member = |login: &Value, name| {
            let text = login.get(name).and_then(Value::as_str);
            // A blank may belong to a password, a line end was copied with it.
            text.map(|text| text.trim_matches(['\r', '\n']).to_owned())
                .unwrap_or_default()
        };
        Ok(Proxy {
            for_https: for_scheme("HTTPS_PROXY"),
            for_http: for_scheme("HTTP_PROXY"),
            exceptions: self.sources.variable("NO_PROXY").unwrap_or_default(),
            credential: self.value("ProxyCredential")?.map(|login| {
                let password = SecretString::from(member(&login, "Password"));
                (member(&login, "UserName"), password)
            }),
        })
    }

    pub(super) fn certificates(&self) -> Result<certificates::Places, Error> {
        let path = |path: String| self.sources.path(path);
        let folders = self.sources.variable("SSL_CERT_DIR").unwrap_or_default();
        Ok(certificates::Places {
            explicit: self.text("CertificateAuthority")?.map(path),
            file: self.sources.variable("SSL_CERT_FILE").map(path),
            folders: std::env::split_paths(&folders)
                .filter(|folder| !folder.as_os_str().is_empty())
                .map(|folder| self.sources.path(folder))
                .collect(),
        })
    }

    /// `ConsumerIdentifier/ConsumerVersion`, `UserAgent`, and this library.
    pub(super) fn user_agent(&self) -> Result<String, Error> {
        let mut products = Vec::new();
        if let Some(consumer) = self.text("ConsumerIdentifier")? {
            products.push(match self.text("ConsumerVersion")? {
                Some(version) => format!("{consumer}/{version}"),
                None => consumer,
            });
        }
        products.extend(self.text("UserAgent")?);
        products.push(format!("v2024-task-management/{}", crate::VERSION));
        let text = products.join(" ");
        if text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
            Ok(text)
        } else {
            Err(Error::settings(
                "ConsumerIdentifier, ConsumerVersion and UserAgent must be printable ASCII",
            ))
        }
    }

    /// The warning that secrets are sent unencrypted, if a file alone decided so.
    pub(super) fn plain_http(&self, addresses: &[&Url]) -> Option<Note> {
        let (_, source) = self.values.get("AllowHttp")?;
        let is_exposed = addresses
            .iter()
            .any(|url| url.scheme() == "http" && !base_url::is_loopback(url));
        (*source != EXPLICIT && is_exposed).then(|| {
            let message = format!(
                "secrets and tokens are sent unencrypted to a plain http address, \
                 because AllowHttp is set in {source}"
            );
            Note::warning(NoteCode::PlainHttp, message)
        })
    }

    /// Values and sources, secrets masked. Given the form in which each setting is used, also with
    /// defaults.
    pub(super) fn shown(&self, used_form: Option<UsedForm<'_>>) -> Map<String, Value> {
        let mut shown = Map::new();
        for setting in SETTINGS {
            let found = self.values.get(setting.name);
            let used = used_form.and_then(|used_form| used_form(setting.name));
            let (value, source) = match found {
                // What is of the wrong type may be a secret that was put in the wrong place.
                Some((value, source)) if setting.is_secret || !setting.kind.accepts(value) => {
                    (Value::from(MASK), *source)
                }
                Some((value, source)) => (used.unwrap_or_else(|| without_password(value)), *source),
                None if used_form.is_none() => continue,
                None => match used.or_else(|| setting.default()) {
                    Some(value) => (value, "default"),
                    None => continue,
                },
            };
            shown.insert(
                setting.name.to_owned(),
                json!({ "value": value, "source": source }),
            );
        }
        shown
    }
}

/// Whether a value contains the mask that is shown instead of a secret.
fn holds_mask(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(MASK),
        Value::Object(members) => members
            .get("Password")
            .is_some_and(|password| password == MASK),
        _ => false,
    }
}

/// The error for a masked secret: somebody saved settings as they were shown.
fn masked(name: &str, source: &str) -> Error {
    Error::settings(format!(
        "{name} (from {source}) is {MASK}, which only stands for a hidden secret"
    ))
    .with_hint("put the secret itself there, or leave the setting out and give it elsewhere")
}

/// The value with the user name and password of an address, and its query, masked.
fn without_password(value: &Value) -> Value {
    let Some(text) = value.as_str() else {
        return value.clone();
    };
    // A password may hold any character, so the last `@` ends it.
    let scheme = text.find("://").map_or(0, |end| end + 3);
    let (credentials, address) = match text[scheme..].rfind('@') {
        Some(at) => (format!("{MASK}@"), &text[scheme + at + 1..]),
        None => (String::new(), &text[scheme..]),
    };
    let (address, query) = match address.find(['?', '#']) {
        Some(end) => (&address[..end], format!("{}{MASK}", &address[end..=end])),
        None => (address, String::new()),
    };
    let scheme = &text[..scheme];
    Value::from(format!("{scheme}{credentials}{address}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_password_is_shown() {
        for (address, shown) in [
            ("http://user:pa#ss@proxy:8080", "http://********@proxy:8080"),
            ("https://user:se?cret@t.test/a", "https://********@t.test/a"),
            ("user:p@ss@proxy", "********@proxy"),
            (
                "https://t.test/?client_secret=x",
                "https://t.test/?********",
            ),
            ("https://t.test", "https://t.test"),
        ] {
            assert_eq!(without_password(&address.into()), shown);
        }
    }
}
