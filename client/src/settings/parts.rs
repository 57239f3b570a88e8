//! The parts of the settings that connections and tokens are made from.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::secrets::{ExposeSecret, Fingerprint, Fingerprinter, SecretString};

/// What the client needs to get a token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub client: Option<(String, SecretString)>,
    pub token: Option<SecretString>,
    pub token_expires: Option<SystemTime>,
}

/// How to connect. Clients with equal values share connections.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub connect_timeout: Duration,
    pub proxy: Proxy,
    pub certificates: Certificates,
    /// Whether any connection uses TLS.
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

/// Files of certificates to trust in addition to the operating system's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Certificates {
    pub files: Vec<PathBuf>,
    pub folders: Vec<PathBuf>,
}

impl Network {
    /// Stands for these values where clients share connections.
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
    /// Whether the connection to a proxy uses TLS.
    pub(super) fn is_https(&self) -> bool {
        [&self.for_https, &self.for_http]
            .into_iter()
            .flatten()
            .any(|url| url.expose_secret().starts_with("https://"))
    }
}
