//! The parts of the settings that connections and tokens are made from.

use std::time::{Duration, SystemTime};

use percent_encoding::percent_decode_str;
use reqwest::Url;

use super::certificates::Certificates;
use super::sources::Values;
use crate::error::{Error, messages};
use crate::secrets::{ExposeSecret, Fingerprint, Fingerprinter, SecretString, basic};

/// What the client needs to get a token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub client: Option<(String, SecretString)>,
    /// The client that is not used, since its source is asked after that of `token`.
    pub(super) unused_client: Option<UnusedClient>,
    pub token: Option<SecretString>,
    pub token_expires: Option<SystemTime>,
}

impl Credentials {
    /// Says in the error about a rejected token which client was not used instead, if there is one.
    pub(crate) fn not_replaced(&self, error: Error) -> Error {
        match &self.unused_client {
            Some(unused) => messages::not_replaced(error, &unused.from, &unused.token_from),
            None => error,
        }
    }
}

/// Where a client that is not used and the token before it come from, for messages.
#[derive(Debug, Clone)]
pub(super) struct UnusedClient {
    pub from: String,
    pub token_from: String,
}

impl UnusedClient {
    /// The client among these values that must not take the place of a rejected token: whoever gives a
    /// token means to act as its user, and not as that of a source which is asked after the token's.
    pub(super) fn among(values: &Values<'_>) -> Option<Self> {
        let (_, of_token) = values.get("Token")?;
        let sources = ["ClientId", "ClientSecret"]
            .iter()
            .filter_map(|name| values.get(name))
            .map(|(_, source)| *source);
        let weakest = sources.max_by_key(|source| source.rank())?;
        (weakest.rank() > of_token.rank()).then(|| Self {
            from: weakest.words().to_owned(),
            token_from: of_token.words().to_owned(),
        })
    }
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

/// The schemes of proxies.
pub(crate) const PROXY_SCHEMES: [&str; 6] =
    ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Which proxy a request goes through. Loopback addresses are never proxied.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxy {
    pub for_https: Option<ProxyAddress>,
    pub for_http: Option<ProxyAddress>,
    /// The proxies of certain addresses, before the two above; `None` for a direct connection.
    pub for_places: Vec<(String, Option<ProxyAddress>)>,
    pub exceptions: String,
    pub credential: Option<ProxyCredential>,
    /// Whether the setting gives the address, not a variable or the system.
    pub is_setting: bool,
}

/// The address of a proxy, and what gives it: a setting or variable with its source.
#[derive(Debug, Clone)]
pub(crate) struct ProxyAddress {
    pub address: SecretString,
    pub given_by: String,
}

/// The user name and password for every proxy, and the setting with its source that gives them.
#[derive(Debug, Clone)]
pub(crate) struct ProxyCredential {
    pub login: (String, SecretString),
    pub given_by: String,
}

impl ProxyAddress {
    /// The address; `None` if it is none. One without a scheme is of http.
    pub(crate) fn url(&self) -> Option<Url> {
        let address = self.address.expose_secret();
        if address.contains("://") {
            return Url::parse(address).ok();
        }
        // "htp:/proxy" would be a host named htp with an empty port.
        let is_scheme = address.contains(":/");
        let address = SecretString::from(format!("http://{address}"));
        (!is_scheme).then(|| Url::parse(address.expose_secret()).ok())?
    }

    /// The user name and password in the address. The password may be empty.
    fn login(&self) -> Option<(String, SecretString)> {
        let url = self.url()?;
        let plain = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let password = url.password().map(plain);
        (password.is_some() || !url.username().is_empty())
            .then(|| (plain(url.username()), password.unwrap_or_default().into()))
    }
}

impl Network {
    /// Stands for these values where clients share connections.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let Self {
            connect_timeout,
            proxy,
            certificates: Certificates(certificates),
            uses_tls,
        } = self;
        let Proxy {
            for_https,
            for_http,
            for_places,
            exceptions,
            credential,
            is_setting: _,
        } = proxy;
        // The certificates themselves, so that a corrected file of the same name makes new connections.
        let fingerprinter = certificates
            .iter()
            .fold(Fingerprinter::new(), Fingerprinter::add);
        for_places
            .iter()
            .fold(fingerprinter, |fingerprinter, (place, proxy)| {
                fingerprinter.add(place).add_proxy(proxy.as_ref())
            })
            .add(format!("{connect_timeout:?} {uses_tls}"))
            .add_proxy(for_https.as_ref())
            .add_proxy(for_http.as_ref())
            .add(exceptions)
            .add_login(credential.as_ref().map(|credential| &credential.login))
            .add(
                credential
                    .as_ref()
                    .map_or("", |credential| &credential.given_by),
            )
            .finish()
    }
}

impl Fingerprinter {
    /// Errors name what gives the address, so that counts too.
    fn add_proxy(self, proxy: Option<&ProxyAddress>) -> Self {
        match proxy {
            Some(ProxyAddress { address, given_by }) => {
                self.add(given_by).add_secret(Some(address))
            }
            None => self.add_secret(None),
        }
    }
}

impl Proxy {
    /// The passwords, and what a proxy is sent of them.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let for_places = self.for_places.iter().map(|(_, proxy)| proxy);
        let addresses = [&self.for_https, &self.for_http]
            .into_iter()
            .chain(for_places)
            .flatten();
        let logins = addresses.filter_map(|proxy| proxy.login());
        logins
            .chain(
                self.credential
                    .iter()
                    .map(|credential| credential.login.clone()),
            )
            .flat_map(|(user, password)| [basic(&user, &password), password])
            .collect()
    }

    /// Whether the connection to a proxy uses TLS.
    pub(super) fn is_https(&self) -> bool {
        let for_places = self.for_places.iter().map(|(_, proxy)| proxy);
        [&self.for_https, &self.for_http]
            .into_iter()
            .chain(for_places)
            .flatten()
            .filter_map(ProxyAddress::url)
            .any(|url| url.scheme() == "https")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_of_an_address_is_sent_to_the_proxy_is_a_secret() {
        for (address, user, password) in [
            ("http://user:pw@host/a@b", "user", "pw"),
            ("http://user:pw@host?a@b", "user", "pw"),
            ("user:pw@host:3128", "user", "pw"),
            ("http://user@host", "user", ""),
            ("http://user:@host", "user", ""),
            ("http://:pw@host", "", "pw"),
            ("http://us%40er:p%3Aw%C3%A9@host", "us@er", "p:w\u{e9}"),
            ("http://user:p@w@host", "user", "p@w"),
            ("http://user:p\u{e9}w@host", "user", "p\u{e9}w"),
            ("http://DOM%5Cuser:p%25w@host", r"DOM\user", "p%w"),
            ("socks5h://user:pw@host:9050", "user", "pw"),
        ] {
            let proxy = Proxy {
                for_http: Some(ProxyAddress {
                    address: address.into(),
                    given_by: "Proxy".to_owned(),
                }),
                ..Proxy::default()
            };
            let secrets = proxy.secrets();
            let secrets: Vec<_> = secrets.iter().map(ExposeSecret::expose_secret).collect();
            let sent = basic(user, &password.into());
            assert_eq!(secrets, [sent.expose_secret(), password], "{address}");
        }
        for address in ["http://host/a@b", "host", "htp:/u:p@host", "http://"] {
            let given = ProxyAddress {
                address: address.into(),
                given_by: "Proxy".to_owned(),
            };
            assert!(given.login().is_none(), "{address}");
        }
    }
}
