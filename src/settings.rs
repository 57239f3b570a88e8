//! Where settings come from, and what they must look like. Nothing else knows either.
//!
//! Explicit values win over the environment, then `config.json` in the current folder, then the
//! `sail` command line's `~/.sailpoint/config.yaml`; setting by setting.

mod base_url;
#[cfg(test)]
mod documented;
pub(crate) mod sources;

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::tasks::ApiVersion;
use sources::Sources;

/// Every setting, by its documented name.
///
/// | name | type | default |
/// | --- | --- | --- |
/// | `BaseUrl` | text | none: `https://TENANT.api.identitynow.com` |
/// | `ClientId`, `ClientSecret` | text | none |
/// | `Token`, `TokenExpiration` | text, ISO 8601 date | none: a token is fetched |
/// | `TokenUrl` | text | `BaseUrl` + `/oauth/token` |
/// | `ApiVersion` | text | `v2024` |
/// | `TimeoutSeconds` | seconds, for a whole call | 100 |
/// | `ConnectTimeoutSeconds` | seconds | 15 |
/// | `MaximumRetryCount` | retries after the first request | 10 |
/// | `RetryIntervalSeconds` | seconds, the first wait | 1 |
/// | `Experimental` | Boolean: send `X-SailPoint-Experimental` | false |
/// | `Proxy` | text | `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` |
/// | `ProxyCredential` | `{"UserName":…,"Password":…}` | none |
/// | `CertificateAuthority` | path of a PEM file | none |
/// | `AllowHttp` | Boolean: plain http beyond loopback | false |
/// | `ConsumerIdentifier`, `ConsumerVersion` | text, for the User-Agent | none |
/// | `UserAgent` | text, for the User-Agent | none |
/// | `NermBaseUrl` | text, accepted and not used by this API | none |
const NAMES: &[&str] = &[
    "BaseUrl",
    "ClientId",
    "ClientSecret",
    "Token",
    "TokenExpiration",
    "TokenUrl",
    "ApiVersion",
    "TimeoutSeconds",
    "ConnectTimeoutSeconds",
    "MaximumRetryCount",
    "RetryIntervalSeconds",
    "Experimental",
    "Proxy",
    "ProxyCredential",
    "CertificateAuthority",
    "AllowHttp",
    "ConsumerIdentifier",
    "ConsumerVersion",
    "UserAgent",
    "NermBaseUrl",
];

/// The settings whose values are never shown.
const SECRETS: &[&str] = &["ClientSecret", "Token", "ProxyCredential"];

/// What stands in place of a secret.
pub(crate) const MASK: &str = "********";

/// The longest settings text that is read: 1 MiB.
const LONGEST: usize = 1 << 20;

/// How to reach a tenant: resolved, checked, ready for [`Client::new`](crate::Client::new).
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) base_url: String,
    /// The same, read: its host need not be read anew for each request.
    base: Url,
    pub(crate) token_url: Url,
    pub(crate) credentials: Credentials,
    pub(crate) api_version: ApiVersion,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) maximum_retry_count: u32,
    pub(crate) retry_interval: Duration,
    pub(crate) experimental: bool,
    pub(crate) proxy: Proxy,
    pub(crate) certificates: Certificates,
    pub(crate) user_agent: String,
    shown: Map<String, Value>,
}

/// What a token is got with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub client: Option<(String, SecretString)>,
    pub token: Option<SecretString>,
    pub token_expires: Option<std::time::SystemTime>,
}

/// Which proxy a request goes through. Loopback addresses are never proxied.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxy {
    pub for_https: Option<SecretString>,
    pub for_http: Option<SecretString>,
    pub exceptions: String,
    pub credential: Option<(String, SecretString)>,
}

/// Files of certificates that are trusted beside the operating system's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Certificates {
    pub files: Vec<std::path::PathBuf>,
    pub folders: Vec<std::path::PathBuf>,
}

impl Settings {
    /// Settings from the environment, `config.json` and `~/.sailpoint/config.yaml` alone.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings), naming what is missing and where it was looked for.
    pub fn from_environment() -> Result<Self, Error> {
        Self::from_json("{}")
    }

    /// Settings from a JSON object of explicit values, the other sources filling what it leaves out.
    ///
    /// Beside the settings the object may hold `Environment` (an object that stands for the
    /// process's environment variables) and `Folder` (where `config.json` is looked for), for
    /// hosts that keep their own of either. Names are compared without regard to case; a null or
    /// an empty text counts as left out.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings) for an unknown name, a value of the wrong type
    /// or form, and for what is missing.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        if json.len() > LONGEST {
            return Err(Error::settings(format!(
                "the settings are {} bytes long; at most {LONGEST} are read",
                json.len()
            )));
        }
        // The parser's own words may quote a value, and values may be secret: only the place is told.
        let value: Value = serde_json::from_str(json).map_err(|error| {
            Error::settings(format!(
                "the settings are not JSON: line {}, column {}",
                error.line(),
                error.column()
            ))
        })?;
        let Value::Object(explicit) = value else {
            return Err(Error::settings("the settings must be a JSON object"));
        };
        Self::resolve(&Sources::gather(explicit)?)
    }

    /// The settings found, whether or not they suffice: like [`Settings::shown`], for a message.
    pub fn preview(json: &str) -> Map<String, Value> {
        let explicit = match serde_json::from_str(json) {
            Ok(Value::Object(explicit)) => explicit,
            _ => return Map::new(),
        };
        Sources::gather(explicit)
            .map(|sources| Found::in_sources(&sources).shown(None))
            .unwrap_or_default()
    }

    /// The resolved settings as `{"BaseUrl":{"value":…,"source":…},…}`, secrets masked.
    pub fn shown(&self) -> &Map<String, Value> {
        &self.shown
    }

    /// The address of a path and query beneath the base URL.
    pub(crate) fn address(&self, target: &str) -> Result<Url, Error> {
        let prefix = self.base.path().trim_end_matches('/');
        // The dot goes; without it a path that begins with two slashes would name another host.
        self.base
            .join(&format!("/.{prefix}{target}"))
            .map_err(|error| Error::settings(format!("BaseUrl cannot be extended: {error}")))
    }

    fn resolve(sources: &Sources) -> Result<Self, Error> {
        let found = Found::in_sources(sources);
        let mut missing = Vec::new();
        if !found.has("BaseUrl") {
            missing.push("BaseUrl");
        }
        if !found.has("Token") {
            missing.extend(
                ["ClientId", "ClientSecret"]
                    .iter()
                    .filter(|name| !found.has(name)),
            );
        }
        if !missing.is_empty() {
            return Err(sources.missing(&missing));
        }

        let allow_http = found.boolean("AllowHttp")?;
        let base_url = found.text("BaseUrl")?.unwrap_or_default();
        let base_url = base_url::normalize(&base_url, allow_http)?;
        let base = base_url::check("BaseUrl", &base_url, allow_http)?;
        let token_url = match found.text("TokenUrl")? {
            Some(url) => base_url::check("TokenUrl", &url, allow_http)?,
            None => base_url::check("BaseUrl", &format!("{base_url}/oauth/token"), allow_http)?,
        };
        let api_version = match found.text("ApiVersion")? {
            Some(version) => ApiVersion::parse(&version)?,
            None => ApiVersion::default(),
        };
        let client = match (found.text("ClientId")?, found.text("ClientSecret")?) {
            (Some(id), Some(secret)) => Some((id, SecretString::from(secret))),
            _ => None,
        };
        let credentials = Credentials {
            client,
            token: found.text("Token")?.map(SecretString::from),
            token_expires: found
                .text("TokenExpiration")?
                .map(|text| parse_date("TokenExpiration", &text))
                .transpose()?,
        };

        let mut settings = Self {
            base_url,
            base,
            token_url,
            credentials,
            api_version,
            timeout: found.seconds("TimeoutSeconds", 100.0, Zero::Refused)?,
            connect_timeout: found.seconds("ConnectTimeoutSeconds", 15.0, Zero::Refused)?,
            maximum_retry_count: found.count("MaximumRetryCount", 10)?,
            retry_interval: found.seconds("RetryIntervalSeconds", 1.0, Zero::Allowed)?,
            experimental: found.boolean("Experimental")?,
            proxy: found.proxy(sources)?,
            certificates: found.certificates(sources)?,
            user_agent: found.user_agent()?,
            shown: Map::new(),
        };
        settings.shown = found.shown(Some(&settings));
        Ok(settings)
    }
}

/// The values found, each with where it came from.
struct Found<'a>(BTreeMap<&'static str, (Value, &'a str)>);

enum Zero {
    Allowed,
    Refused,
}

impl<'a> Found<'a> {
    fn in_sources(sources: &'a Sources) -> Self {
        let find = |name: &&'static str| sources.find(name).map(|found| (*name, found));
        Self(NAMES.iter().filter_map(find).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.0.get(name) {
            None => Ok(None),
            Some((Value::String(text), source)) if text.contains(MASK) => Err(masked(name, source)),
            Some((Value::String(text), _)) => Ok(Some(text.trim().to_owned())),
            Some((_, source)) => Err(wrong_type(name, source, "text")),
        }
    }

    fn boolean(&self, name: &str) -> Result<bool, Error> {
        match self.0.get(name) {
            None => Ok(false),
            Some((Value::Bool(value), _)) => Ok(*value),
            Some((_, source)) => Err(wrong_type(name, source, "true or false")),
        }
    }

    fn count(&self, name: &str, default: u32) -> Result<u32, Error> {
        match self.0.get(name) {
            None => Ok(default),
            Some((value, source)) => value
                .as_u64()
                .and_then(|count| u32::try_from(count).ok())
                .ok_or_else(|| wrong_type(name, source, "a whole number from 0")),
        }
    }

    fn seconds(&self, name: &str, default: f64, zero: Zero) -> Result<Duration, Error> {
        const LONGEST: f64 = 86_400.0;
        let Some((value, source)) = self.0.get(name) else {
            return Ok(Duration::from_secs_f64(default));
        };
        let (least, wanted) = match zero {
            Zero::Allowed => (0.0, "a number of seconds from 0 to 86400"),
            Zero::Refused => (0.001, "a number of seconds from 0.001 to 86400"),
        };
        match value.as_f64() {
            Some(seconds) if (least..=LONGEST).contains(&seconds) => {
                Ok(Duration::from_secs_f64(seconds))
            }
            _ => Err(wrong_type(name, source, wanted)),
        }
    }

    fn proxy(&self, sources: &Sources) -> Result<Proxy, Error> {
        let secret = |text: Option<String>| text.map(SecretString::from);
        let explicit = self.text("Proxy")?;
        let all = sources.variable("ALL_PROXY");
        let for_https = explicit
            .clone()
            .or_else(|| sources.variable("HTTPS_PROXY"))
            .or_else(|| all.clone());
        let for_http = explicit.or_else(|| sources.variable("HTTP_PROXY")).or(all);
        Ok(Proxy {
            for_https: secret(for_https),
            for_http: secret(for_http),
            exceptions: sources.variable("NO_PROXY").unwrap_or_default(),
            credential: self.proxy_credential()?,
        })
    }

    fn proxy_credential(&self) -> Result<Option<(String, SecretString)>, Error> {
        let Some((value, source)) = self.0.get("ProxyCredential") else {
            return Ok(None);
        };
        let member = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
        match (member("UserName"), member("Password")) {
            (Some(_), Some(password)) if password == MASK => Err(masked("ProxyCredential", source)),
            (Some(user), Some(password)) => Ok(Some((user, SecretString::from(password)))),
            _ => Err(wrong_type(
                "ProxyCredential",
                source,
                "an object with UserName and Password",
            )),
        }
    }

    fn certificates(&self, sources: &Sources) -> Result<Certificates, Error> {
        let mut certificates = Certificates::default();
        certificates.files.extend(
            self.text("CertificateAuthority")?
                .map(|path| sources.path(&path)),
        );
        certificates.files.extend(
            sources
                .variable("SSL_CERT_FILE")
                .map(|path| sources.path(&path)),
        );
        if let Some(folders) = sources.variable("SSL_CERT_DIR") {
            certificates
                .folders
                .extend(std::env::split_paths(&folders).map(|path| sources.path(&path)));
        }
        Ok(certificates)
    }

    /// `ConsumerIdentifier/ConsumerVersion`, what the face adds, and this library.
    fn user_agent(&self) -> Result<String, Error> {
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

    /// Values and sources, secrets masked, with what stands for what is absent once it is resolved.
    fn shown(&self, settings: Option<&Settings>) -> Map<String, Value> {
        let mut shown = Map::new();
        for name in NAMES {
            let (value, source) = match self.0.get(name) {
                Some((_, source)) if SECRETS.contains(name) => (Value::from(MASK), *source),
                Some((value, source)) => {
                    let used = settings.and_then(|settings| settings.used_form(name));
                    (used.unwrap_or_else(|| without_passwords(value)), *source)
                }
                None => match settings.and_then(|settings| settings.default_of(name)) {
                    Some(value) => (value, "default"),
                    None => continue,
                },
            };
            let entry = serde_json::json!({ "value": value, "source": source });
            shown.insert((*name).to_owned(), entry);
        }
        shown
    }
}

impl Settings {
    /// A given value in the form it is used in, where that differs.
    fn used_form(&self, name: &str) -> Option<Value> {
        match name {
            "BaseUrl" => Some(Value::from(self.base_url.as_str())),
            "ApiVersion" => Some(Value::from(self.api_version.as_str())),
            _ => None,
        }
    }

    fn default_of(&self, name: &str) -> Option<Value> {
        Some(match name {
            "TokenUrl" => Value::from(self.token_url.as_str()),
            "ApiVersion" => Value::from(self.api_version.as_str()),
            "TimeoutSeconds" => Value::from(self.timeout.as_secs()),
            "ConnectTimeoutSeconds" => Value::from(self.connect_timeout.as_secs()),
            "MaximumRetryCount" => Value::from(self.maximum_retry_count),
            "RetryIntervalSeconds" => Value::from(self.retry_interval.as_secs()),
            "Experimental" | "AllowHttp" => Value::from(false),
            _ => return None,
        })
    }

    /// What makes two clients share tokens: the same place, asked with the same credentials.
    pub(crate) fn token_key(&self) -> [String; 6] {
        let client = self.credentials.client.as_ref();
        let token = self.credentials.token.as_ref();
        [
            self.base_url.clone(),
            self.token_url.to_string(),
            client.map(|(id, _)| id.clone()).unwrap_or_default(),
            client
                .map(|(_, secret)| secret.expose_secret().to_owned())
                .unwrap_or_default(),
            token
                .map(|token| token.expose_secret().to_owned())
                .unwrap_or_default(),
            format!("{:?}", self.credentials.token_expires),
        ]
    }
}

fn wrong_type(name: &str, source: &str, wanted: &str) -> Error {
    Error::settings(format!("{name} (from {source}) must be {wanted}"))
}

/// Settings that were shown, saved and read again.
fn masked(name: &str, source: &str) -> Error {
    Error::settings(format!(
        "{name} (from {source}) is {MASK}, which only shows that there is a secret"
    ))
    .with_hint("put the secret itself there, or leave the setting out and give it in another place")
}

fn parse_date(name: &str, text: &str) -> Result<std::time::SystemTime, Error> {
    text.parse::<jiff::Timestamp>()
        .and_then(std::time::SystemTime::try_from)
        .map_err(|_| Error::settings(format!("{name} must be an ISO 8601 date with its offset")))
}

/// The value, but for what stands before the `@` of an address, and for its query.
fn without_passwords(value: &Value) -> Value {
    let Some(text) = value.as_str() else {
        return value.clone();
    };
    let (address, query) = match text.find(['?', '#']) {
        Some(end) => (&text[..end], format!("{}{MASK}", &text[end..=end])),
        None => (text, String::new()),
    };
    let Some((credentials, host)) = address.rsplit_once('@') else {
        return Value::from(format!("{address}{query}"));
    };
    let scheme = credentials
        .find("://")
        .map_or("", |end| &credentials[..end + 3]);
    Value::from(format!("{scheme}{MASK}@{host}{query}"))
}
