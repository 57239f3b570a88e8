//! Proxies: which one a request goes through.

mod direct;
mod named;

use std::sync::Arc;

use reqwest::Url;

use crate::error::Error;
use crate::secrets::ExposeSecret;
use crate::settings::{PROXY_SCHEMES, Proxy, ProxyAddress, ProxyCredential, check_text};
use direct::{Exceptions, is_loopback};
pub(super) use named::{NamedProxy, through, with_origin};

/// Which proxy each address is reached through. The one place that decides it.
pub(super) struct Routes {
    for_https: Option<Result<Route, Error>>,
    for_http: Option<Result<Route, Error>>,
    /// By scheme, host and port.
    for_places: Vec<(String, Option<Result<Route, Error>>)>,
    exceptions: Exceptions,
}

/// A proxy that is used.
pub(super) struct Route {
    /// With the credentials.
    url: Url,
    pub named: NamedProxy,
}

impl Routes {
    pub(super) fn new(settings: &Proxy) -> Self {
        let Proxy {
            for_https,
            for_http,
            for_places,
            exceptions,
            credential,
            is_setting: _,
        } = settings;
        let route = |address: &Option<ProxyAddress>| {
            let address = address.as_ref()?;
            Some(Route::new(address, credential.as_ref()))
        };
        Self {
            for_https: route(for_https),
            for_http: route(for_http),
            for_places: for_places
                .iter()
                .filter_map(|(address, proxy)| {
                    let url = Url::parse(address).ok()?;
                    Some((place(&url), route(proxy)))
                })
                .collect(),
            exceptions: Exceptions::parse(exceptions),
        }
    }

    /// Why an address is reached directly although there is a proxy.
    pub(super) fn exemption(&self, url: &Url) -> Option<&'static str> {
        if is_loopback(url) {
            Some("addresses of this machine are reached directly")
        } else if self.exceptions.hold(url) {
            Some("NO_PROXY exempts it")
        } else {
            None
        }
    }

    /// The proxy that an address is reached through.
    ///
    /// # Errors
    /// The setting does not give a proxy that can be used.
    pub(super) fn to(&self, url: &Url) -> Result<Option<&Route>, Error> {
        let of_scheme = match url.scheme() {
            "https" => &self.for_https,
            _ => &self.for_http,
        };
        let mut for_places = self.for_places.iter();
        let of_place = for_places.find(|(at, _)| *at == place(url));
        let route = of_place.map_or(of_scheme, |(_, route)| route);
        match route {
            Some(route) if self.exemption(url).is_none() => {
                route.as_ref().map(Some).map_err(Clone::clone)
            }
            _ => Ok(None),
        }
    }

    /// The same for reqwest, where any request may go through a proxy.
    pub(super) fn proxy(self: &Arc<Self>) -> Option<reqwest::Proxy> {
        let any_place = self.for_places.iter().any(|(_, route)| route.is_some());
        if self.for_https.is_none() && self.for_http.is_none() && !any_place {
            return None;
        }
        let routes = Arc::clone(self);
        Some(reqwest::Proxy::custom(move |url| match routes.to(url) {
            Ok(route) => route.map(|route| route.url.to_string()),
            // Never reached, since every request is checked before. reqwest would send it without
            // a proxy; nothing listens on port 0.
            Err(_) => Some("http://127.0.0.1:0".to_owned()),
        }))
    }
}

impl Route {
    fn new(given: &ProxyAddress, credential: Option<&ProxyCredential>) -> Result<Self, Error> {
        let mut url = checked(given)?;
        if let Some(ProxyCredential { login, .. }) = credential {
            let (user, password) = login;
            url.set_username(user)
                .and_then(|()| url.set_password(Some(password.expose_secret())))
                .map_err(|()| not_a_proxy(&given.given_by))?;
        }
        let login_given_by = match credential {
            Some(credential) => Some(credential.given_by.clone()),
            None => has_login(&url).then(|| given.given_by.clone()),
        };
        let port = url.port_or_known_default().unwrap_or(1080);
        let is_default = matches!((url.scheme(), port), ("http", 80) | ("https", 443));
        let host = url.host_str().unwrap_or_default();
        let scheme = url.scheme();
        let place = if is_default {
            format!("{scheme}://{host}")
        } else {
            format!("{scheme}://{host}:{port}")
        };
        let named = NamedProxy {
            place,
            given_by: given.given_by.clone(),
            login_given_by,
        };
        Ok(Self { url, named })
    }

    /// Host, without the brackets of an address, and port.
    pub(super) fn endpoint(&self) -> (String, u16) {
        let host = self.url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (
            host.to_owned(),
            self.url.port_or_known_default().unwrap_or_default(),
        )
    }

    pub(super) fn uses_tls(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// Scheme, host and port: what messages name.
pub(super) fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The address of a proxy. One that reqwest would ignore, and so send secrets directly, is an error.
/// It may hold a password, so errors do not repeat it.
fn checked(given: &ProxyAddress) -> Result<Url, Error> {
    let ProxyAddress { address, given_by } = given;
    let address = address.expose_secret();
    check_text(given_by, address)?;
    if address.contains('\\') {
        let message =
            format!("{given_by} has a backslash, which the address of a proxy cannot have");
        return Err(Error::settings(message).with_hint(
            "write a Windows domain and user as http://DOMAIN%5CUSER:PASSWORD@HOST:PORT, or set ProxyCredential",
        ));
    }
    let Some(url) = given.url() else {
        return Err(not_a_proxy(given_by));
    };
    let scheme = url.scheme();
    if !PROXY_SCHEMES.contains(&scheme) {
        let message = format!("{given_by} has a scheme that is not supported for proxies");
        return Err(Error::settings(message)
            .with_hint("give it as http://HOST:PORT, https://HOST:PORT or socks5h://HOST:PORT"));
    }
    let host = url.host_str().unwrap_or_default();
    let is_host = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._[]:".contains(c));
    if is_host && (has_login(&url) || !address.contains('@')) {
        Ok(url)
    } else {
        Err(not_a_proxy(given_by))
    }
}

fn has_login(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn not_a_proxy(given_by: &str) -> Error {
    Error::settings(format!("{given_by} is not the address of a proxy")).with_hint(
        "give it as http://HOST:PORT; in http://USER:PASSWORD@HOST:PORT, write @ / ? # % and : of user and password \
         as %40 %2F %3F %23 %25 and %3A",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(proxy: &str, exceptions: &str) -> Routes {
        Routes::new(&Proxy {
            for_https: Some(ProxyAddress {
                address: proxy.into(),
                given_by: "HTTPS_PROXY (from the environment)".to_owned(),
            }),
            exceptions: exceptions.to_owned(),
            ..Proxy::default()
        })
    }

    #[test]
    fn no_proxy() {
        for (exceptions, direct, proxied) in [
            ("", "", "a.example 10.0.0.1 [fd00::1]"),
            ("*", "a.example 10.0.0.1 [fd00::1] a.example:8443", ""),
            ("b.example *", "a.example", ""),
            ("*:8443", "a.example:8443 10.0.0.1:8443", "a.example"),
            (
                "a.example",
                "a.example b.a.example A.EXAMPLE a.example. a.example:8443",
                "ba.example example a.example.b",
            ),
            ("example", "a.example example", "examples"),
            (".a.example", "a.example b.a.example", "ba.example"),
            (
                "*.a.example",
                "a.example b.a.example c.b.a.example",
                "ba.example",
            ),
            ("a.example.", "a.example a.example. b.a.example", "example"),
            ("A.Example", "a.example", ""),
            ("bücher.example", "xn--bcher-kva.example", "bcher.example"),
            (
                "a.example:443",
                "a.example b.a.example:443",
                "a.example:8443",
            ),
            ("a.example:8443", "a.example:8443", "a.example"),
            (
                " a.example ,, b.example\tc.example\n",
                "a.example b.example c.example",
                "d.example",
            ),
            (
                "a.example b.example:1",
                "a.example b.example:1",
                "b.example",
            ),
            (
                "10.0.0.1",
                "10.0.0.1 10.0.0.1:8443 [::ffff:10.0.0.1]",
                "10.0.0.10 110.0.0.1 a10.0.0.1.example",
            ),
            ("10.0.0.1:8443", "10.0.0.1:8443", "10.0.0.1"),
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0 [a01::]"),
            ("10.1.2.3/16", "10.1.255.255", "10.2.0.0"),
            ("0.0.0.0/0", "1.2.3.4", "[fd00::1] a.example"),
            ("10.0.0.0/33,10.0.0.0/x", "", "10.0.0.0"),
            ("fd00::1", "[fd00::1] [fd00::1]:8443", "[fd00::2]"),
            ("[fd00::1]", "[fd00::1] [fd00:0::1]:8443", "[fd00::2]"),
            ("[fd00::1]:8443", "[fd00::1]:8443", "[fd00::1]"),
            ("fd00::/8", "[fd12::1]", "[fe00::1]"),
            ("[fd00::]/8", "[fd12::1]", "[fe00::1]"),
            ("::/0", "[fd12::1]", "1.2.3.4"),
            ("host:port,a:b:c,:,[,/", "", "host a.example"),
            (
                "a.example;*.b.example; <local>",
                "a.example c.b.example intranet intranet. intranet:8443",
                "c.example 10.0.0.1 [fd00::1]",
            ),
            ("<LOCAL>", "intranet", "a.example"),
            (
                "https://a.example;http://b.example:80",
                "a.example",
                "b.example",
            ),
            (
                "10.*;192.168.1.*;172.16.*.*",
                "10.1.2.3 192.168.1.9 172.16.3.4",
                "11.1.2.3 192.168.2.9 172.17.3.4 a.example",
            ),
            ("169.254/16", "169.254.1.2", "169.253.1.2"),
            ("*.*;10.*.1;1.2.3.4.*", "", "10.2.1.1 1.2.3.4 a.example"),
            (
                "",
                "localhost a.localhost localhost. 127.0.0.1 127.9.9.9 [::1] [::ffff:127.0.0.1]",
                "local.host 128.0.0.1",
            ),
        ] {
            let routes = routes("http://proxy:3128", exceptions);
            for (hosts, is_proxied) in [(direct, false), (proxied, true)] {
                for host in hosts.split_whitespace() {
                    let url = Url::parse(&format!("https://{host}")).unwrap();
                    let route = routes.to(&url).unwrap();
                    assert_eq!(route.is_some(), is_proxied, "{exceptions:?} {host}");
                }
            }
        }
    }

    #[test]
    fn what_messages_name() {
        for (address, place) in [
            ("proxy", "http://proxy"),
            ("proxy:80/", "http://proxy"),
            ("user:pw@proxy:3128", "http://proxy:3128"),
            ("HTTPS://u@proxy", "https://proxy"),
            ("https://[::1]:3128", "https://[::1]:3128"),
            ("http://DOM%5Cu:p%40w@proxy:3128", "http://proxy:3128"),
            ("socks5://proxy", "socks5://proxy:1080"),
            ("socks5h://u:p@proxy:9050", "socks5h://proxy:9050"),
        ] {
            let routes = routes(address, "");
            let tenant = Url::parse("https://tenant.example").unwrap();
            assert_eq!(routes.to(&tenant).unwrap().unwrap().named.place, place);
        }
    }

    #[test]
    fn what_is_not_used_is_not_complained_of() {
        let invalid = routes("ftp://proxy", "a.example");
        for direct in [
            "https://a.example",
            "https://127.0.0.1",
            "http://tenant.example",
        ] {
            assert!(invalid.to(&Url::parse(direct).unwrap()).unwrap().is_none());
        }
        let tenant = Url::parse("https://tenant.example").unwrap();
        let error = invalid.to(&tenant).err().unwrap();
        assert_eq!(
            error.message(),
            "HTTPS_PROXY (from the environment) has a scheme that is not supported for proxies"
        );
    }
}
