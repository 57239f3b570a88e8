//! Which addresses are reached directly although there is a proxy: those of this machine, and those of
//! `NO_PROXY`.

use std::net::IpAddr;

use reqwest::Url;

/// Whether it is an address of this machine, or a name under `localhost`, which no proxy could find.
pub(super) fn is_loopback(url: &Url) -> bool {
    match ip(url) {
        Some(address) => address.is_loopback(),
        None => Exception::named("localhost").hold(url),
    }
}

/// The address where the host is one; a name is never looked up for this.
fn ip(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().map(|ip: IpAddr| ip.to_canonical())
}

/// The hosts of `NO_PROXY`, which are reached directly.
pub(super) struct Exceptions(Vec<Exception>);

struct Exception {
    hosts: Hosts,
    port: Option<u16>,
}

enum Hosts {
    All,
    /// `<local>`, as Windows calls names without a dot.
    Local,
    /// An address and how many of its leading bits count.
    Network(IpAddr, u32),
    /// A name, in lower case and without a dot at either end. Its subdomains count too.
    Domain(String),
}

impl Exceptions {
    pub(super) fn parse(list: &str) -> Self {
        // Windows separates them by semicolons.
        let entries = list.split(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
        Self(
            entries
                .filter(|entry| !entry.is_empty())
                .map(Exception::parse)
                .collect(),
        )
    }

    pub(super) fn hold(&self, url: &Url) -> bool {
        self.0.iter().any(|exception| exception.hold(url))
    }
}

impl Exception {
    fn parse(entry: &str) -> Self {
        // Windows allows a scheme.
        let entry = entry.split_once("://").map_or(entry, |(_, host)| host);
        if let Some(hosts) = Hosts::network(entry) {
            return Self { hosts, port: None };
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => match port.parse() {
                Ok(port) => (host, Some(port)),
                Err(_) => (entry, None),
            },
            None => (entry, None),
        };
        let hosts = match host {
            "*" => Hosts::All,
            _ if host.eq_ignore_ascii_case("<local>") => Hosts::Local,
            _ => Hosts::network(host).unwrap_or_else(|| Hosts::domain(host)),
        };
        Self { hosts, port }
    }

    fn named(name: &str) -> Self {
        Self {
            hosts: Hosts::domain(name),
            port: None,
        }
    }

    fn hold(&self, url: &Url) -> bool {
        (self.port.is_none() || self.port == url.port_or_known_default()) && self.hosts.hold(url)
    }
}

impl Hosts {
    /// `10.0.0.1`, `10.0.0.0/8`, `::1`, `[::1]`, `fd00::/8`; `10.*` as Windows writes it, and `10/8` as
    /// macOS does.
    fn network(text: &str) -> Option<Self> {
        let whole = whole_network(text);
        let text = whole.as_deref().unwrap_or(text);
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let bare = address
            .strip_prefix('[')
            .and_then(|address| address.strip_suffix(']'))
            .unwrap_or(address);
        let address: IpAddr = bare.parse().ok()?;
        let most = width(address);
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self::Network(address, bits))
    }

    /// `host.example`, `.host.example`, `*.host.example`.
    fn domain(text: &str) -> Self {
        let name = text
            .trim_start_matches("*.")
            .trim_matches('.')
            .to_lowercase();
        // A name beyond ASCII as addresses have it.
        let ascii = (!name.is_ascii())
            .then(|| Url::parse(&format!("http://{name}")).ok())
            .flatten()
            .and_then(|url| url.host_str().map(str::to_owned));
        Self::Domain(ascii.unwrap_or(name))
    }

    fn hold(&self, url: &Url) -> bool {
        match (self, ip(url)) {
            (Self::All, _) => true,
            (Self::Local, None) => {
                let host = url.host_str().unwrap_or_default();
                !host.trim_end_matches('.').contains('.')
            }
            (Self::Network(network, bits), Some(address)) => {
                let ignored = width(*network) - bits;
                width(*network) == width(address)
                    && number(*network).checked_shr(ignored).unwrap_or(0)
                        == number(address).checked_shr(ignored).unwrap_or(0)
            }
            (Self::Domain(name), None) => {
                let host = url.host_str().unwrap_or_default();
                let host = host.strip_suffix('.').unwrap_or(host);
                let prefix = host.strip_suffix(name.as_str());
                prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.'))
            }
            _ => false,
        }
    }
}

/// The network of `10.1.*` or `10.1/16`, with all four numbers.
fn whole_network(text: &str) -> Option<String> {
    let (numbers, bits) = match text.split_once('/') {
        Some((numbers, bits)) => (numbers, Some(bits)),
        None => (text.trim_end_matches(".*"), None),
    };
    let known: Vec<_> = numbers.split('.').collect();
    let are_numbers = known.iter().all(|number| number.parse::<u8>().is_ok());
    if !are_numbers || known.len() > 3 || numbers == text {
        return None;
    }
    let rest = ".0".repeat(4 - known.len());
    let bits = bits.map_or_else(|| (8 * known.len()).to_string(), str::to_owned);
    Some(format!("{numbers}{rest}/{bits}"))
}

/// How many bits an address has.
fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}
