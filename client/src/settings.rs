//! Where settings come from and what they must look like. No other module knows either.
//!
//! Each setting is taken from the first source that has it: explicit values, the environment,
//! `config.json` in the current folder, `~/.sailpoint/config.yaml` of the `sail` command line and its
//! keyring. The folder may be anybody's, so its file does not lead secrets of the other sources (`folder.rs`). The
//! files may belong to other programs, so what is unusable in them is skipped with a note.

mod account;
mod base_url;
pub(crate) mod certificates;
pub(crate) mod file;
mod folder;
mod found;
mod keyring;
mod note;
mod parts;
mod sources;
mod system_proxy;
#[macro_use]
mod table;
pub(crate) mod yaml;

use std::time::Duration;

use reqwest::Url;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::secrets::{Fingerprint, Fingerprinter, SecretString};
use crate::tasks::ApiVersion;
use certificates::Certificates;
use file::{LONGEST, Members};
use found::Found;
pub use note::{Note, NoteCode};
pub(crate) use parts::{Credentials, Network, PROXY_SCHEMES, Proxy, ProxyAddress, ProxyCredential};
use sources::Sources;
pub(crate) use sources::check_text;
pub(crate) use table::MOST_AT_ONCE;

/// How to reach a tenant: resolved, checked, ready for [`Client::new`](crate::Client::new).
///
/// Each setting is taken from the first of these that has it: the JSON given to
/// [`Settings::from_json`], the environment, `config.json` in the current folder,
/// `~/.sailpoint/config.yaml` of SailPoint's command line `sail`, and with the feature `keyring` the
/// system's keyring, in which `sail` keeps its secrets. The keyring is looked in only if there is
/// neither a `Token` nor a `ClientId` with its `ClientSecret`; it may take two seconds.
///
/// A `Token` that has expired or is rejected is replaced by one fetched with `ClientId` and
/// `ClientSecret` if these come from the same source or an earlier one. Those of a later source are not
/// used, and the error says so.
///
/// The current folder may be anybody's. So `BaseUrl`, `TokenUrl`, `Proxy`, `CertificateAuthority` and
/// `AllowHttp` in its `config.json` count only if all secrets that are used are in that file too: `Token`,
/// `ClientId` and `ClientSecret`; for `Proxy` and `CertificateAuthority` also the user name and password
/// of the proxy. Otherwise there is a warning among the [notes](Settings::notes). A `Token` in a
/// `config.json` with a `BaseUrl` is for that address: another `BaseUrl` with it is an error.
///
#[doc = settings_table!()]
#[derive(Debug, Clone)]
pub struct Settings {
    addresses: Addresses,
    pub(crate) credentials: Credentials,
    pub(crate) api_version: ApiVersion,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) maximum_retry_count: u32,
    pub(crate) retry_interval: Duration,
    pub(crate) pages_ahead: usize,
    pub(crate) experimental: bool,
    pub(crate) network: Network,
    pub(crate) user_agent: String,
    shown: Map<String, Value>,
    pub(crate) notes: Vec<Note>,
}

impl Settings {
    /// Settings without explicit values.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings), naming what is missing and which sources were
    /// searched.
    pub fn from_environment() -> Result<Self, Error> {
        Self::from_json("{}")
    }

    /// Settings from a JSON object of explicit values; the other sources fill in what it leaves out.
    ///
    /// In addition to settings, the object may have `Environment` (an object used instead of the
    /// process's environment variables) and `Folder` (the folder of `config.json`), for hosts with
    /// an environment or a current folder of their own, and `SystemProxy` (an object with the
    /// proxy of `BaseUrl`, `TokenUrl` and further addresses, null for none), for hosts that can run
    /// the system's automatic scripts; it is used instead of the manual proxy in the system's
    /// settings. `ExplicitName` (a text) is what messages call the explicit values. Names are the same
    /// in any case. A null or blank text counts as left out, and blanks around a text are removed. The
    /// JSON may begin with a byte order mark.
    ///
    /// With `SealSecrets` (true), [`Settings::shown`] has the member `sealed` beside each masked value,
    /// for hosts that save settings and give them back later. It can be given as an explicit value of
    /// the same setting, and stands for the value of then. Only this process can use it. A secret
    /// without a value is shown too, as null, and its `sealed` stands for no value.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings) for an unknown name, a name given twice, a
    /// value of the wrong type or form, and for a missing setting.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Self::resolve(&sources(json)?)
    }

    /// The settings that a client would have, like [`Settings::shown`], but for secrets that only the
    /// keyring has: it is not opened. For hosts that need `BaseUrl` and `TokenUrl` to find the
    /// `SystemProxy`, or want to show them only.
    ///
    /// # Errors
    /// Those of [`Settings::from_json`] about `BaseUrl`, `TokenUrl` and the JSON itself. Whether a client can be
    /// made of the other settings is not checked.
    pub fn outline(json: &str) -> Result<Map<String, Value>, Error> {
        let sources = sources(json)?;
        let found = Found::before_keyring(&sources);
        if let Some(error) = found.missing_address() {
            return Err(error);
        }
        let addresses = Addresses::of(&found)?;
        Ok(found.shown(Some(&|name| addresses.used_form(name))))
    }

    /// The settings found, complete or not: like [`Settings::shown`], for a message.
    pub fn preview(json: &str) -> Map<String, Value> {
        Self::preview_with_notes(json).0
    }

    pub(crate) fn preview_with_notes(json: &str) -> (Map<String, Value>, Vec<Note>) {
        sources(json)
            .map(|sources| {
                let found = Found::in_sources(&sources);
                (found.shown(None), found.notes())
            })
            .unwrap_or_default()
    }

    /// The resolved settings as `{"BaseUrl":{"value":…,"source":…},…}`, secrets masked.
    pub fn shown(&self) -> &Map<String, Value> {
        &self.shown
    }

    /// What was skipped or decided for the user while the settings were read.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn resolve(sources: &Sources) -> Result<Self, Error> {
        let found = Found::in_sources_and_keyring(sources);
        if let Some(error) = found.missing() {
            return Err(error);
        }
        found.check_kinds()?;
        let addresses = Addresses::of(&found)?;
        found.check_token(&addresses.base)?;
        let proxy = found.proxy()?;
        let both = [&addresses.base, &addresses.token_url];
        let uses_tls = both.iter().any(|url| url.scheme() == "https") || proxy.is_https();
        let mut notes = found.notes();
        notes.extend(found.plain_http(&both));
        let mut settings = Self {
            credentials: found.credentials()?,
            api_version: found.api_version()?,
            timeout: found.seconds("TimeoutSeconds")?,
            attempt_timeout: found.seconds("AttemptTimeoutSeconds")?,
            maximum_retry_count: found.count("MaximumRetryCount")?,
            retry_interval: found.seconds("RetryIntervalSeconds")?,
            pages_ahead: found.at_once("PagesAhead")?,
            experimental: found.flag("Experimental")?,
            network: Network {
                connect_timeout: found.seconds("ConnectTimeoutSeconds")?,
                // What is not used is not read.
                certificates: if uses_tls {
                    let (places, of_places) = found.certificates()?;
                    notes.extend(of_places);
                    Certificates::read(&places, &mut notes)?
                } else {
                    Certificates::default()
                },
                uses_tls,
                proxy,
            },
            user_agent: found.user_agent()?,
            addresses,
            shown: Map::new(),
            notes,
        };
        settings.shown = found.shown(Some(&|name| settings.used_form(name)));
        Ok(settings)
    }

    /// A setting as the client uses it, where that may differ from what was given.
    fn used_form(&self, name: &str) -> Option<Value> {
        match name {
            "ApiVersion" => Some(self.api_version.as_str().into()),
            name => self.addresses.used_form(name),
        }
    }

    /// The base URL without a trailing slash.
    pub(crate) fn base_url(&self) -> &str {
        self.addresses.base_url()
    }

    pub(crate) fn token_url(&self) -> &Url {
        &self.addresses.token_url
    }

    /// What requests are sent to: the tenant, and where tokens are fetched if any are.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &Url> {
        let token_url = self.credentials.client.as_ref().map(|_| self.token_url());
        std::iter::once(&self.addresses.base).chain(token_url)
    }

    /// Notes for which address the proxy of the settings is not used, and why.
    pub(crate) fn note_unused_proxy(&mut self, exemption: impl Fn(&Url) -> Option<&'static str>) {
        // A proxy of the environment is for every program, so what it exempts is no surprise.
        if !self.network.proxy.is_setting {
            return;
        }
        let mut notes: Vec<_> = self
            .addresses()
            .filter_map(|url| {
                let place = url.origin().ascii_serialization();
                let message = format!("Proxy is not used for {place}: {}", exemption(url)?);
                Some(Note::new(NoteCode::ProxyUnused, message))
            })
            .collect();
        notes.dedup();
        self.notes.extend(notes);
    }

    /// The address of a path and query beneath the base URL.
    pub(crate) fn address(&self, target: &str) -> Result<Url, Error> {
        extended(&self.addresses.base, target)
    }

    /// The secrets that are sent, which a response may repeat.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        let Credentials { client, token, .. } = &self.credentials;
        let client = client.as_ref().map(|(_, secret)| secret);
        let given = client.into_iter().chain(token).cloned();
        given.chain(self.network.proxy.secrets()).collect()
    }

    /// The key by which clients share a token and a rate limit: the same tenant with the same
    /// credentials.
    pub(crate) fn tenant_fingerprint(&self) -> Fingerprint {
        let Credentials {
            client,
            token,
            token_expires,
            ..
        } = &self.credentials;
        Fingerprinter::new()
            .add(self.base_url())
            .add(self.token_url().as_str())
            .add_login(client.as_ref())
            .add_secret(token.as_ref())
            .add(format!("{token_expires:?}"))
            .finish()
    }
}

/// Where requests go.
#[derive(Debug, Clone)]
struct Addresses {
    /// Without a trailing slash, but for a host without a path.
    base: Url,
    token_url: Url,
}

impl Addresses {
    fn of(found: &Found<'_>) -> Result<Self, Error> {
        let allow_http = found.flag("AllowHttp")?;
        let base = found.text("BaseUrl")?.unwrap_or_default();
        let base = base_url::normalize(&found.named("BaseUrl"), &base, allow_http)
            .map_err(|error| found.explain(error))?;
        let token_url = match found.text("TokenUrl")? {
            Some(url) => base_url::check(&found.named("TokenUrl"), &url, allow_http)
                .map_err(|error| found.explain(error))?,
            None => extended(&base, "/oauth/token")?,
        };
        Ok(Self { base, token_url })
    }

    fn base_url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    fn used_form(&self, name: &str) -> Option<Value> {
        match name {
            "BaseUrl" => Some(self.base_url().into()),
            "TokenUrl" => Some(self.token_url.as_str().into()),
            _ => None,
        }
    }
}

/// The sources, from the JSON of the explicit settings. It may begin with a byte order mark.
fn sources(json: &str) -> Result<Sources, Error> {
    if json.len() > LONGEST {
        return Err(Error::settings(format!(
            "the settings are {} bytes long; at most {LONGEST} are read",
            json.len()
        )));
    }
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    // The parser's own words may quote a value, and values may be secret, so only the place is given.
    let Members(explicit) = serde_json::from_str(json).map_err(|error| {
        if error.is_data() {
            return Error::settings("the settings must be a JSON object");
        }
        let (line, column) = (error.line(), error.column());
        Error::settings(format!(
            "the settings are not JSON: line {line}, column {column}"
        ))
    })?;
    Sources::gather(explicit)
}

/// The address of a path and query beneath another address.
fn extended(base: &Url, target: &str) -> Result<Url, Error> {
    let prefix = base.path().trim_end_matches('/');
    // Joining removes the dot. Without it, a path that begins with two slashes would name another host.
    base.join(&format!("/.{prefix}{target}"))
        .map_err(|error| Error::settings(format!("BaseUrl cannot be extended: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::secrets::{ExposeSecret, SecretString};

    #[test]
    fn c62_line_ends_around_secrets_are_removed() {
        let json = json!({
            "BaseUrl": "https://t.test\r\n", "ClientId": " i\n", "ClientSecret": "s \r\n",
            "Token": "t\r\n", "Environment": {},
            "ProxyCredential": { "UserName": "u\n", "Password": " p \r\n" },
        });
        let settings = Settings::from_json(&json.to_string()).unwrap();
        let login = |(name, secret): &(String, SecretString)| {
            (name.clone(), secret.expose_secret().to_owned())
        };
        let Credentials { client, token, .. } = &settings.credentials;
        assert_eq!(settings.base_url(), "https://t.test");
        assert_eq!(client.as_ref().map(login), Some(("i".into(), "s".into())));
        assert_eq!(token.as_ref().map(ExposeSecret::expose_secret), Some("t"));
        assert_eq!(
            settings
                .network
                .proxy
                .credential
                .as_ref()
                .map(|it| login(&it.login)),
            Some(("u".into(), " p ".into()))
        );
    }

    #[test]
    fn the_password_of_the_systems_proxy_is_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        let authority = json!({ "CertificateAuthority": "ca.pem" });
        std::fs::write(folder.path().join("config.json"), authority.to_string()).unwrap();
        let settings = json!({
            "BaseUrl": "http://t.test", "AllowHttp": true, "Token": "t", "SealSecrets": true,
            "Folder": folder.path(), "Environment": {},
            "SystemProxy": { "http://t.test": "http://user:s3cr3t-word@proxy.test:3128" },
        });
        let settings = Settings::from_json(&settings.to_string()).unwrap();
        let secrets = settings.secrets();
        let is_secret = |text: &str| secrets.iter().any(|it| it.expose_secret() == text);
        assert!(is_secret("s3cr3t-word"));
        assert!(is_secret("dXNlcjpzM2NyM3Qtd29yZA=="));
        // Whoever wrote the folder's file could otherwise pose as the proxy.
        assert_eq!(settings.shown().get("CertificateAuthority"), None);
        assert!(settings.shown()["Proxy"]["sealed"].is_string());
    }

    /// The values of a setting that are of its kind and refused even so, one for each reason.
    fn refused_values(name: &str) -> &'static [&'static str] {
        match name {
            "BaseUrl" => &[
                "ftp://t.test",
                "http://t.test",
                "https://u:p@t.test",
                "https://t.test?x",
                "https://TENANT.api.identitynow.com",
                "https://acme.identitynow.com",
            ],
            "TokenUrl" => &[
                "ftp://t.test",
                "http://t.test",
                "https://u:p@t.test",
                "https://t.test?x",
                "https://TENANT.api.identitynow.com/oauth/token",
            ],
            "Token" => &["\u{e9}", "Bearer abc", "\"abc\"", "<abc>"],
            "ConsumerIdentifier" | "ConsumerVersion" | "UserAgent" => &["\u{e9}"],
            "TokenExpiration" => &["tomorrow"],
            "ApiVersion" => &["v7"],
            "Proxy" => &["ftp://p.test", "d\\u:p@p.test", "http://u:p@p@:1/"],
            "CertificateAuthority" => &["/no/such"],
            "ClientId"
            | "ClientSecret"
            | "TimeoutSeconds"
            | "ConnectTimeoutSeconds"
            | "AttemptTimeoutSeconds"
            | "MaximumRetryCount"
            | "RetryIntervalSeconds"
            | "PagesAhead"
            | "Experimental"
            | "ProxyCredential"
            | "AllowHttp"
            | "NermBaseUrl" => &[],
            _ => panic!("which values of {name} are refused?"),
        }
    }

    #[test]
    fn every_refusal_of_a_setting_names_it_and_its_source() {
        let refusal = |json: &Value| {
            let client = Settings::from_json(&json.to_string()).and_then(crate::Client::new);
            client.unwrap_err().message().to_owned()
        };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        let all = || json!({ "BaseUrl": "https://t.test", "Token": "t" });
        for setting in table::SETTINGS {
            let name = setting.name;
            let is_named = |source: &str, json: &Value| {
                let message = refusal(json);
                let start = format!("{name} (from {source}) ");
                assert!(message.starts_with(&start), "{json}: {message}");
            };
            let explicit = |value: Value| {
                let mut json = all();
                json["Environment"] = json!({});
                json["ExplicitName"] = "Set-It".into();
                json[name] = value;
                is_named("Set-It", &json);
            };
            explicit(json!([]));
            if matches!(setting.kind, table::Kind::Text) {
                explicit("a\u{1b}b".into());
                explicit("********".into());
            }
            for value in refused_values(name) {
                explicit((*value).into());
                let mut json = all();
                json[name] = (*value).into();
                std::fs::write(&file, json.to_string()).unwrap();
                let json = json!({ "Folder": folder.path(), "Environment": {} });
                is_named(&file.display().to_string(), &json);
                if let Some(variable) = setting.variable {
                    let environment = json!({ variable: value });
                    let json = json!({ "Token": "t", "Environment": environment });
                    is_named("the environment", &json);
                }
            }
            if let Some(variable) = setting.variable {
                let mut json = all();
                json["Environment"] = json!({ variable: "a\u{fffd}b" });
                json.as_object_mut().unwrap().remove(name);
                let message = refusal(&json);
                let start = format!("{variable} (from the environment) ");
                assert!(message.starts_with(&start), "{message}");
            }
        }
    }

    #[test]
    fn sealed_secrets_stand_for_the_values_of_then() {
        let secret = "s3cr3t";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        let in_file = json!({
            "ProxyCredential": { "UserName": "u", "Password": secret },
        });
        std::fs::write(&file, in_file.to_string()).unwrap();
        let with = |more: Value| {
            let mut all = json!({
                "BaseUrl": "https://t.test", "ClientId": "i", "Folder": folder.path(), "SealSecrets": true,
                "Environment": { "SAIL_CLIENT_SECRET": secret },
            });
            all.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            Settings::from_json(&all.to_string())
        };
        let proxy = format!("http://user:{secret}@proxy.test:3128");
        let before = with(json!({ "Proxy": proxy })).unwrap();
        let mut sealed = json!({});
        for name in ["ClientSecret", "ProxyCredential", "Proxy"] {
            sealed[name] = before.shown()[name]["sealed"].clone();
            assert!(sealed[name].is_string(), "{name}");
        }
        assert_eq!(before.shown()["ClientId"].get("sealed"), None);
        assert!(!format!("{:?} {sealed}", before.shown()).contains(secret));

        let others = r#"{"ProxyCredential":{"UserName":"b","Password":"b"}}"#;
        std::fs::write(&file, others).unwrap();
        sealed["Environment"] = json!({ "SAIL_CLIENT_SECRET": "b" });
        let after = with(sealed.clone()).unwrap();
        assert!(before.tenant_fingerprint() == after.tenant_fingerprint());
        // Their sources are others.
        let proxy = |settings: &Settings| {
            let proxy = &settings.network.proxy;
            let mut secrets = proxy.secrets();
            secrets.extend(proxy.for_https.as_ref().map(|proxy| proxy.address.clone()));
            let texts = secrets.iter().map(ExposeSecret::expose_secret);
            texts.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(proxy(&before).len(), 7);
        assert!(proxy(&before) == proxy(&after));
        assert_eq!(after.shown()["ClientSecret"]["source"], "explicit");
        assert_eq!(
            after.shown()["Proxy"]["value"],
            "http://********@proxy.test:3128"
        );

        sealed["Token"] = before.shown()["Token"]["sealed"].clone();
        std::fs::write(&file, r#"{"Token":"b"}"#).unwrap();
        let after = with(sealed.clone()).unwrap();
        assert!(before.tenant_fingerprint() == after.tenant_fingerprint());
        let error =
            with(json!({ "ClientSecret": sealed["Token"], "Token": sealed["Token"] })).unwrap_err();
        assert!(error.hint().unwrap().contains("had no ClientSecret when"));

        let error = with(json!({ "BaseUrl": sealed["ClientSecret"] })).unwrap_err();
        assert_eq!(
            error.message(),
            "BaseUrl (from the explicit settings) is sealed, and not by this process"
        );
    }
}
