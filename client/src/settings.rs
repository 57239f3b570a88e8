//! Where settings come from, and what they must look like. Nothing else knows either.
//!
//! Explicit values win over the environment, then `config.json` in the current folder, then the
//! `sail` command line's `~/.sailpoint/config.yaml`; setting by setting.

mod base_url;
mod found;
pub(crate) mod sources;
#[macro_use]
mod table;

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use reqwest::Url;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::secrets::{ExposeSecret, Fingerprint, Fingerprinter, SecretString};
use crate::tasks::ApiVersion;
use found::Found;
use sources::Sources;

/// The longest settings text that is read: 1 MiB.
const LONGEST: usize = 1 << 20;

/// How to reach a tenant: resolved, checked, ready for [`Client::new`](crate::Client::new).
///
/// Each setting is taken from the first of these that has it: the JSON given to
/// [`Settings::from_json`], the environment, `config.json` in the current folder,
/// `~/.sailpoint/config.yaml` of SailPoint's command line.
///
#[doc = settings_table!()]
#[derive(Debug, Clone)]
pub struct Settings {
    /// Without a trailing slash, but for a host without a path.
    base: Url,
    pub(crate) token_url: Url,
    pub(crate) credentials: Credentials,
    pub(crate) api_version: ApiVersion,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) maximum_retry_count: u32,
    pub(crate) retry_interval: Duration,
    pub(crate) experimental: bool,
    pub(crate) network: Network,
    pub(crate) user_agent: String,
    shown: Map<String, Value>,
}

/// What a token is got with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub client: Option<(String, SecretString)>,
    pub token: Option<SecretString>,
    pub token_expires: Option<SystemTime>,
}

/// How connections are made. Clients with the same share them.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub connect_timeout: Duration,
    pub proxy: Proxy,
    pub certificates: Certificates,
    /// Whether anything is reached by TLS.
    pub uses_tls: bool,
}

/// Which proxy a request goes through. Loopback addresses are never proxied.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxy {
    pub for_https: Option<SecretString>,
    pub for_http: Option<SecretString>,
    pub exceptions: String,
    pub credential: Option<(String, SecretString)>,
}

/// Files of certificates that are trusted besides the operating system's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Certificates {
    pub files: Vec<PathBuf>,
    pub folders: Vec<PathBuf>,
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

    fn resolve(sources: &Sources) -> Result<Self, Error> {
        let found = Found::in_sources(sources);
        if let Some(error) = found.missing() {
            return Err(error);
        }
        let allow_http = found.flag("AllowHttp")?;
        let base = found.text("BaseUrl")?.unwrap_or_default();
        let base = base_url::normalize(&base, allow_http)?;
        let token_url = match found.text("TokenUrl")? {
            Some(url) => base_url::check("TokenUrl", &url, allow_http)?,
            None => extended(&base, "/oauth/token")?,
        };
        let api_version = found.text("ApiVersion")?.unwrap_or_default();
        let proxy = found.proxy()?;
        let mut settings = Self {
            credentials: found.credentials()?,
            api_version: ApiVersion::parse(&api_version)?,
            timeout: found.seconds("TimeoutSeconds")?,
            attempt_timeout: found.seconds("AttemptTimeoutSeconds")?,
            maximum_retry_count: found.count("MaximumRetryCount")?,
            retry_interval: found.seconds("RetryIntervalSeconds")?,
            experimental: found.flag("Experimental")?,
            network: Network {
                connect_timeout: found.seconds("ConnectTimeoutSeconds")?,
                certificates: found.certificates()?,
                uses_tls: [&base, &token_url]
                    .iter()
                    .any(|url| url.scheme() == "https")
                    || proxy.is_https(),
                proxy,
            },
            user_agent: found.user_agent()?,
            base,
            token_url,
            shown: Map::new(),
        };
        settings.shown = found.shown(Some(&settings));
        Ok(settings)
    }

    /// The base URL without a trailing slash.
    pub(crate) fn base_url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// The address of a path and query beneath the base URL.
    pub(crate) fn address(&self, target: &str) -> Result<Url, Error> {
        extended(&self.base, target)
    }

    /// What clients share a token and a rate limit by: the same tenant, asked with the same
    /// credentials.
    pub(crate) fn tenant_fingerprint(&self) -> Fingerprint {
        let Credentials {
            client,
            token,
            token_expires,
        } = &self.credentials;
        Fingerprinter::new()
            .add(self.base_url())
            .add(self.token_url.as_str())
            .add_login(client.as_ref())
            .add_secret(token.as_ref())
            .add(format!("{token_expires:?}"))
            .finish()
    }
}

impl Network {
    /// What clients share connections by.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let Self {
            connect_timeout,
            proxy,
            certificates: Certificates { files, folders },
            uses_tls,
        } = self;
        let Proxy {
            for_https,
            for_http,
            exceptions,
            credential,
        } = proxy;
        Fingerprinter::new()
            .add(format!(
                "{connect_timeout:?} {uses_tls} {files:?} {folders:?}"
            ))
            .add_secret(for_https.as_ref())
            .add_secret(for_http.as_ref())
            .add(exceptions)
            .add_login(credential.as_ref())
            .finish()
    }
}

impl Proxy {
    /// Whether a proxy itself is reached by TLS.
    fn is_https(&self) -> bool {
        [&self.for_https, &self.for_http]
            .into_iter()
            .flatten()
            .any(|url| url.expose_secret().starts_with("https://"))
    }
}

/// The address of a path and query beneath another address.
fn extended(base: &Url, target: &str) -> Result<Url, Error> {
    let prefix = base.path().trim_end_matches('/');
    // The dot goes; without it a path that begins with two slashes would name another host.
    base.join(&format!("/.{prefix}{target}"))
        .map_err(|error| Error::settings(format!("BaseUrl cannot be extended: {error}")))
}
