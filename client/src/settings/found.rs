//! The values found in the sources, each with its source, read as the kinds of the table.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use reqwest::Url;
use serde_json::{Map, Value, json};

use super::base_url;
use super::certificates;
use super::folder::{self, Withheld};
use super::note::{Note, NoteCode};
use super::parts::{
    Credentials, PROXY_SCHEMES, Proxy, ProxyAddress, ProxyCredential, UnusedClient,
};
use super::sources::{Source, Sources, Values, check_text, named};
use super::system_proxy::SystemProxy;
use super::table::{self, LINE_ENDS, SETTINGS, Setting};
use crate::error::Error;
use crate::secrets::{MASK, SecretString, sealed};
use crate::tasks::ApiVersion;
use crate::text::printable;

/// A setting as the client uses it, where that may differ from what was given.
type UsedForm<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// The settings that any source has.
pub(super) struct Found<'a> {
    values: Values<'a>,
    sources: &'a Sources,
    withheld: Option<Withheld<'a>>,
    keyring_note: Option<Note>,
    /// Where neither the settings nor the variables give a proxy.
    system_proxy: Option<SystemProxy>,
}

/// What to do if the other sources lack secrets.
enum Keyring {
    Open,
    /// Take it for one that has them.
    Expect,
    LeaveOut,
}

impl<'a> Found<'a> {
    /// Without the keyring, which is opened once for a client and not again to show an error.
    pub(super) fn in_sources(sources: &'a Sources) -> Self {
        Self::new(sources, Keyring::LeaveOut)
    }

    /// Without the secrets in the keyring, but otherwise as a client has it that gets them from there.
    pub(super) fn before_keyring(sources: &'a Sources) -> Self {
        Self::new(sources, Keyring::Expect)
    }

    pub(super) fn in_sources_and_keyring(sources: &'a Sources) -> Self {
        Self::new(sources, Keyring::Open)
    }

    fn new(sources: &'a Sources, keyring: Keyring) -> Self {
        let find = |setting: &'static Setting| Some((setting.name, sources.find(setting)?));
        let mut values = SETTINGS.iter().filter_map(find).collect();
        let has = |values: &Values<'_>, name| values.contains_key(name);
        let is_enough =
            has(&values, "Token") || (has(&values, "ClientId") && has(&values, "ClientSecret"));
        let mut keyring_note = None;
        let mut expects_more = false;
        match keyring {
            Keyring::Open if !is_enough => keyring_note = add_from_keyring(&mut values, sources),
            Keyring::Expect => expects_more = !is_enough && sources.account().is_some(),
            Keyring::Open | Keyring::LeaveOut => {}
        }
        let withheld = Withheld::take_from(&mut values, sources, expects_more);
        let has_variable = |name| sources.proxy_variable(name).is_some();
        let is_enough =
            has(&values, "Proxy") || (has_variable("HTTPS_PROXY") && has_variable("HTTP_PROXY"));
        Self {
            withheld,
            values,
            sources,
            keyring_note,
            system_proxy: (!is_enough).then(|| sources.system_proxy()),
        }
    }

    /// What was skipped or decided while the settings were found.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = self.sources.notes();
        notes.extend(self.keyring_note.clone());
        notes.extend(self.first_system_proxy().map(|proxy| {
            let proxy = without_secrets("Proxy", &proxy.into());
            let proxy = proxy.as_str().unwrap_or_default();
            let message = format!("the proxy {proxy} comes from the settings of the system");
            Note::new(NoteCode::SystemProxy, message)
        }));
        notes.extend(self.withheld.as_ref().map(Withheld::note));
        notes
    }

    /// The error that the address of the tenant is missing, and what else is.
    pub(super) fn missing_address(&self) -> Option<Error> {
        match self.values.contains_key("BaseUrl") {
            true => None,
            false => self.missing(),
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
        if missing.is_empty() {
            return None;
        }
        let withheld = self.withheld.as_ref();
        let withheld = withheld.filter(|withheld| withheld.names(&missing));
        let found: Vec<_> = ["BaseUrl", "Token", "ClientId", "ClientSecret"]
            .iter()
            .filter_map(|name| Some((*name, self.values.get(name)?.1)))
            .collect();
        Some(
            self.sources
                .missing(&missing, &found, withheld.map(Withheld::state)),
        )
    }

    /// A setting's value, or its default; checked to be of its kind.
    fn value(&self, name: &str) -> Result<Option<Value>, Error> {
        let Some(setting) = table::find(name) else {
            return Ok(None);
        };
        let Some((value, source)) = self.values.get(name) else {
            return Ok(setting.default());
        };
        if let (Source::Environment, Some(variable), Value::String(text)) =
            (source, setting.variable, value)
        {
            check_text(&named(variable, source.words()), text)?;
        }
        if holds_mask(value) {
            return Err(masked(&self.named(name)));
        }
        if setting.kind.accepts(value) {
            Ok(Some(value.clone()))
        } else {
            let wanted = setting.kind.expected(value);
            let given = match value {
                _ if setting.is_secret => String::new(),
                Value::Number(_) | Value::Bool(_) => format!(", not {value}"),
                Value::String(text) => not(text),
                _ => String::new(),
            };
            let name = self.named(name);
            Err(Error::settings(format!("{name} must be {wanted}{given}")))
        }
    }

    /// Whether each given value is of its setting's kind, also of those that are not used.
    pub(super) fn check_kinds(&self) -> Result<(), Error> {
        let mut names = self.values.keys();
        names.try_for_each(|name| self.value(name).map(drop))
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
                let (name, given) = (self.named(name), not(&text));
                Error::settings(format!(
                    "{name} must be an ISO 8601 date with its offset{given}"
                ))
            })
    }

    /// A setting's name with its source, for a message.
    pub(super) fn named(&self, name: &str) -> String {
        match self.values.get(name) {
            Some((_, source)) => named(name, source.words()),
            None => name.to_owned(),
        }
    }

    pub(super) fn api_version(&self) -> Result<ApiVersion, Error> {
        let text = self.text("ApiVersion")?.unwrap_or_default();
        ApiVersion::parse(&text).map_err(|_| {
            let (name, given) = (self.named("ApiVersion"), not(&text));
            let names = ApiVersion::names();
            Error::settings(format!("{name} must be one of {names}{given}"))
        })
    }

    pub(super) fn credentials(&self) -> Result<Credentials, Error> {
        let client = self.text("ClientId")?.zip(self.secret("ClientSecret")?);
        let token = self.text("Token")?;
        let is_of_token = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>".contains(&byte);
        if token
            .as_ref()
            .is_some_and(|token| !token.bytes().all(is_of_token))
        {
            let message = format!("{} has characters that no token has", self.named("Token"));
            return Err(Error::settings(message).with_hint(
                "copy the token again, without blanks, quotation marks and the word Bearer",
            ));
        }
        let unused_client = client
            .as_ref()
            .and_then(|_| UnusedClient::among(&self.values));
        Ok(Credentials {
            client: client.filter(|_| unused_client.is_none()),
            unused_client,
            token: token.map(SecretString::from),
            token_expires: self.date("TokenExpiration")?,
        })
    }

    pub(super) fn proxy(&self) -> Result<Proxy, Error> {
        let explicit = self.text("Proxy")?;
        let is_off = explicit.as_deref().is_some_and(is_none);
        let system = self.system_proxy.as_ref();
        let by_system = |address: &String| ProxyAddress {
            address: SecretString::from(address.as_str()),
            given_by: "the system's proxy setting".to_owned(),
        };
        let for_scheme = |name, of_system: Option<&String>| {
            if is_off {
                return None;
            }
            let explicit = explicit.clone();
            let given = explicit
                .map(|address| (self.named("Proxy"), address))
                .or_else(|| {
                    let (name, address) = self.sources.proxy_variable(name)?;
                    Some((named(&name, Source::Environment.words()), address))
                });
            match given {
                Some((given_by, address)) => Some(ProxyAddress {
                    address: SecretString::from(address.trim()),
                    given_by,
                }),
                None => of_system.map(by_system),
            }
        };
        let member = |login: &Value, name| {
            let text = login.get(name).and_then(Value::as_str);
            text.map(|text| text.trim_matches(LINE_ENDS).to_owned())
                .unwrap_or_default()
        };
        let for_https = for_scheme("HTTPS_PROXY", system.and_then(|proxy| proxy.https.as_ref()));
        let for_http = for_scheme("HTTP_PROXY", system.and_then(|proxy| proxy.http.as_ref()));
        let for_places = system.map_or(Vec::new(), |system| {
            let has_variable = |place: &str| {
                let is_https = place.starts_with("https:");
                let name = if is_https {
                    "HTTPS_PROXY"
                } else {
                    "HTTP_PROXY"
                };
                self.sources.proxy_variable(name).is_some()
            };
            let places = system.places.iter();
            places
                .filter(|(place, _)| !has_variable(place))
                .map(|(place, proxy)| (place.clone(), proxy.as_ref().map(by_system)))
                .collect()
        });
        let mut exceptions = self.sources.variable("NO_PROXY").unwrap_or_default();
        if for_https.is_some() || for_http.is_some() || !for_places.is_empty() {
            let name = named("NO_PROXY", Source::Environment.words());
            check_text(&name, &exceptions)?;
        }
        if let Some(system) = system {
            exceptions = format!("{exceptions},{}", system.exceptions);
        }
        Ok(Proxy {
            is_setting: explicit.is_some() && !is_off,
            for_https,
            for_http,
            for_places,
            exceptions,
            credential: self.value("ProxyCredential")?.map(|login| ProxyCredential {
                login: (
                    member(&login, "UserName"),
                    SecretString::from(member(&login, "Password")),
                ),
                given_by: self.named("ProxyCredential"),
            }),
        })
    }

    /// Where certificates are, and notes about what of the environment is not used.
    pub(super) fn certificates(&self) -> Result<(certificates::Places, Vec<Note>), Error> {
        let explicit = self.text("CertificateAuthority")?;
        let file = self.sources.path_variable("SSL_CERT_FILE").transpose();
        let (folders, of_folders) = self.sources.paths_variable("SSL_CERT_DIR");
        let (file, of_file) = match file {
            Ok(file) => (file, None),
            Err(note) => (None, Some(note)),
        };
        let places = certificates::Places {
            explicit: explicit
                .map(|path| (self.named("CertificateAuthority"), self.sources.path(path))),
            file,
            folders,
        };
        Ok((places, of_file.into_iter().chain(of_folders).collect()))
    }

    /// `ConsumerIdentifier/ConsumerVersion`, `UserAgent`, and this library.
    pub(super) fn user_agent(&self) -> Result<String, Error> {
        let mut products = Vec::new();
        let version = self.ascii("ConsumerVersion")?;
        if let Some(consumer) = self.ascii("ConsumerIdentifier")? {
            products.push(match version {
                Some(version) => format!("{consumer}/{version}"),
                None => consumer,
            });
        }
        products.extend(self.ascii("UserAgent")?);
        products.push(format!("v2024-task-management/{}", crate::VERSION));
        Ok(products.join(" "))
    }

    /// A text that a header can hold.
    fn ascii(&self, name: &str) -> Result<Option<String>, Error> {
        let text = self.text(name)?;
        if text.as_ref().is_none_or(|text| text.is_ascii()) {
            return Ok(text);
        }
        let name = self.named(name);
        Err(Error::settings(format!("{name} must be ASCII text"))
            .with_hint("it is sent in a header: write letters without accents, digits and signs"))
    }

    /// Refuses to send the folder's token to an address that is not the folder's.
    pub(super) fn check_token(&self, base: &Url) -> Result<(), Error> {
        folder::check_token(&self.values, base).map_err(|error| match &self.withheld {
            Some(withheld) if withheld.names(&["BaseUrl"]) => {
                error.amend(&format!("; BaseUrl in {}", withheld.reason()))
            }
            _ => error,
        })
    }

    /// Says that `AllowHttp` in the folder's file does not count, where plain http is refused.
    pub(super) fn explain(&self, refused: Error) -> Error {
        let allows = self
            .withheld
            .as_ref()
            .filter(|withheld| withheld.names(&["AllowHttp"]));
        match allows {
            Some(withheld) if refused.message().contains(" plain http") => {
                refused.amend(&format!("; AllowHttp in {}", withheld.reason()))
            }
            _ => refused,
        }
    }

    fn first_system_proxy(&self) -> Option<&str> {
        self.system_proxy.as_ref().and_then(SystemProxy::first)
    }

    /// The warning that secrets are sent unencrypted, if a file alone decided so.
    pub(super) fn plain_http(&self, addresses: &[&Url]) -> Option<Note> {
        let (_, source) = self.values.get("AllowHttp")?;
        let is_exposed = addresses
            .iter()
            .any(|url| url.scheme() == "http" && !base_url::is_loopback(url));
        let is_explicit = matches!(source, Source::Explicit(_));
        (!is_explicit && is_exposed).then(|| {
            let source = source.words();
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
        let has_unused_client =
            self.values.contains_key("ClientSecret") && UnusedClient::among(&self.values).is_some();
        for setting in SETTINGS {
            let found = self.values.get(setting.name);
            let used = used_form.and_then(|used_form| used_form(setting.name));
            let (value, source) = match found {
                // What is of the wrong type may be a secret that was put in the wrong place.
                Some((value, source)) if setting.is_secret || !setting.kind.accepts(value) => {
                    (Value::from(MASK), source.name())
                }
                Some((value, source)) => {
                    let value = used.unwrap_or_else(|| without_secrets(setting.name, value));
                    (value, source.name())
                }
                None if self.sources.seals && setting.is_secret => {
                    let unset = json!({ "value": null, "source": "none", "sealed": sealed::NONE });
                    shown.insert(setting.name.to_owned(), unset);
                    continue;
                }
                None if used_form.is_none() => continue,
                None => match used.or_else(|| setting.default()) {
                    Some(value) => (value, "default"),
                    None => continue,
                },
            };
            let original = found.map(|(value, _)| value);
            let mut entry = self.entry(setting.name, &value, source, original);
            // Given back, all settings have one source, and this client would take a rejected token's place.
            if setting.name == "ClientSecret" && self.sources.seals && has_unused_client {
                entry["sealed"] = sealed::NONE.into();
            }
            shown.insert(setting.name.to_owned(), entry);
        }
        if let Some(proxy) = self.first_system_proxy() {
            let proxy = Value::from(proxy);
            let value = without_secrets("Proxy", &proxy);
            // An automatic script may come from anybody on the network.
            let value = Value::from(printable(value.as_str().unwrap_or_default()));
            let entry = self.entry("Proxy", &value, "system", Some(&proxy));
            shown.insert("Proxy".to_owned(), entry);
        }
        shown
    }

    /// A shown setting. If it is masked, what it stands for is sealed where the host asked for that.
    fn entry(&self, name: &str, value: &Value, source: &str, original: Option<&Value>) -> Value {
        let mut entry = json!({ "value": value, "source": source });
        let sealed = original
            .filter(|_| self.sources.seals && holds_mask(value))
            .and_then(|original| sealed::seal(name, original));
        if let Some(sealed) = sealed {
            entry["sealed"] = sealed.into();
        }
        entry
    }
}

/// Adds what the keyring has. A client and its secret belong together, as a token and its end do: one of
/// them from elsewhere is not used.
fn add_from_keyring(values: &mut Values<'_>, sources: &Sources) -> Option<Note> {
    let (account, entries) = sources.keyring()?;
    let entries = entries.as_ref().ok()?;
    let names: Vec<_> = entries.iter().map(|(name, _)| *name).collect();
    let mut message = format!(
        "{} come from the keyring: those of the environment {:?} of the sail command line",
        names.join(" and "),
        account.environment
    );
    for (name, text) in entries {
        let found = (Value::from(text.as_str()), Source::Keyring);
        if let Some((_, source)) = values.insert(name, found) {
            let source = source.words();
            _ = write!(
                message,
                "; the {name} from {source} is not used, since these belong together"
            );
        }
    }
    Some(Note::new(NoteCode::Keyring, message))
}

/// The text that was given, for the end of a message. A long one may be a secret in the wrong place.
fn not(text: &str) -> String {
    const LONGEST: usize = 12;
    if text.chars().count() <= LONGEST {
        format!(", not {text:?}")
    } else {
        String::new()
    }
}

/// Whether the value of `Proxy` stands for no proxy at all.
fn is_none(proxy: &str) -> bool {
    proxy.eq_ignore_ascii_case("none")
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
fn masked(name: &str) -> Error {
    Error::settings(format!(
        "{name} is {MASK}, which only stands for a hidden secret"
    ))
    .with_hint("put the secret itself there, or leave the setting out and give it elsewhere")
}

/// The value without what may be secret in an address: its user name and password, and its query. One that
/// is no address may be a secret as a whole.
fn without_secrets(name: &str, value: &Value) -> Value {
    let (Some(text), "BaseUrl" | "TokenUrl" | "Proxy") = (value.as_str(), name) else {
        return value.clone();
    };
    let is_address = match name {
        "Proxy" => base_url::is_proxy(text),
        _ => base_url::is_address(text),
    };
    // A password may hold any character, so the last `@` ends it.
    let scheme = text.find("://").map_or(0, |end| end + 3);
    let has_known_scheme = scheme == 0
        || PROXY_SCHEMES.contains(&text[..scheme - 3].trim().to_ascii_lowercase().as_str());
    let (credentials, address) = match text[scheme..].rfind('@') {
        _ if !has_known_scheme => return MASK.into(),
        Some(at) => (format!("{MASK}@"), &text[scheme + at + 1..]),
        None if !is_address => return MASK.into(),
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
        for (name, address, shown) in [
            (
                "Proxy",
                "http://user:pa#ss@proxy:8080",
                "http://********@proxy:8080",
            ),
            (
                "BaseUrl",
                "https://user:se?cret@t.test/a",
                "https://********@t.test/a",
            ),
            ("Proxy", "user:p@ss@proxy", "********@proxy"),
            ("Proxy", "DOMAIN\\user:p@ss@proxy", "********@proxy"),
            ("Proxy", "http://user:secret", MASK),
            ("Proxy", "user:secret", MASK),
            ("Proxy", "a secret", MASK),
            ("Proxy", "proxy:3128", "proxy:3128"),
            ("Proxy", "none", "none"),
            (
                "TokenUrl",
                "https://t.test/?client_secret=x",
                "https://t.test/?********",
            ),
            ("BaseUrl", "https://t.test", "https://t.test"),
            ("BaseUrl", "9f8e7d6c5b4a", MASK),
            ("TokenUrl", "https:/secret", MASK),
            ("UserAgent", "a@b?c", "a@b?c"),
        ] {
            assert_eq!(without_secrets(name, &address.into()), shown, "{address}");
        }
    }
}
