//! The proxy in the operating system's settings, which is used where neither `Proxy` nor a variable
//! gives one. Windows and macOS have one; elsewhere it is what the variables say.

/// Which proxy the system uses.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SystemProxy {
    pub https: Option<String>,
    pub http: Option<String>,
    /// The hosts that are reached directly, in the forms of `NO_PROXY`.
    pub exceptions: String,
    /// What a host found out for certain addresses, `None` for a direct connection. Only this counts
    /// then.
    pub places: Vec<(String, Option<String>)>,
}

impl SystemProxy {
    /// The first proxy, for messages.
    pub(super) fn first(&self) -> Option<&str> {
        self.addresses().next()
    }

    /// All proxies.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        let places = self.places.iter().filter_map(|(_, proxy)| proxy.as_ref());
        places
            .chain(&self.https)
            .chain(&self.http)
            .map(String::as_str)
    }
}

/// What the settings of the current user say. Automatic scripts are not run.
#[cfg(windows)]
pub(super) fn read() -> SystemProxy {
    const KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
    let Ok(key) = windows_registry::CURRENT_USER.open(KEY) else {
        return SystemProxy::default();
    };
    if key.get_u32("ProxyEnable").unwrap_or(0) == 0 {
        return SystemProxy::default();
    }
    let server = key.get_string("ProxyServer").unwrap_or_default();
    let exceptions = key.get_string("ProxyOverride").unwrap_or_default();
    of_windows(&server, exceptions)
}

/// What the settings of the current network say. Automatic scripts are not run.
#[cfg(target_os = "macos")]
pub(super) fn read() -> SystemProxy {
    let output = std::process::Command::new("/usr/sbin/scutil")
        .arg("--proxy")
        .stdin(std::process::Stdio::null())
        .output();
    output
        .map(|output| of_macos(&String::from_utf8_lossy(&output.stdout)))
        .unwrap_or_default()
}

#[cfg(not(any(windows, target_os = "macos")))]
pub(super) fn read() -> SystemProxy {
    SystemProxy::default()
}

/// `host:port` for everything, or `http=host:port;https=host:port;socks=host:port`.
#[cfg(any(windows, test))]
fn of_windows(server: &str, exceptions: String) -> SystemProxy {
    let of_scheme = |wanted: &str| {
        server.split([';', ' ']).find_map(|entry| {
            let (scheme, address) = entry.trim().split_once('=')?;
            (scheme.eq_ignore_ascii_case(wanted) && !address.is_empty()).then_some(address)
        })
    };
    let all = (!server.contains('=') && !server.trim().is_empty()).then(|| server.trim());
    let socks = of_scheme("socks").map(|address| match address.contains("://") {
        true => address.to_owned(),
        false => format!("socks4://{address}"),
    });
    let proxy = |scheme| {
        let address = all.or_else(|| of_scheme(scheme)).map(str::to_owned);
        address.or_else(|| socks.clone())
    };
    SystemProxy {
        https: proxy("https"),
        http: proxy("http"),
        exceptions,
        places: Vec::new(),
    }
}

/// Reads what `scutil --proxy` prints.
#[cfg(any(target_os = "macos", test))]
fn of_macos(text: &str) -> SystemProxy {
    let entries: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.split_once(" : "))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let value = |wanted: &str| {
        let found = entries.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| *value)
    };
    let proxy = |kind: &str, scheme: &str| {
        let is_on = value(&format!("{kind}Enable")) == Some("1");
        let host = value(&format!("{kind}Proxy")).filter(|host| is_on && !host.is_empty())?;
        let port = value(&format!("{kind}Port")).map_or(String::new(), |port| format!(":{port}"));
        Some(format!("{scheme}{host}{port}"))
    };
    let socks = proxy("SOCKS", "socks5h://");
    let mut exceptions: Vec<_> = entries
        .iter()
        .filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|(_, value)| *value)
        .collect();
    if value("ExcludeSimpleHostnames") == Some("1") {
        exceptions.push("<local>");
    }
    SystemProxy {
        https: proxy("HTTPS", "http://").or_else(|| socks.clone()),
        http: proxy("HTTP", "http://").or(socks),
        exceptions: exceptions.join(","),
        places: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(found: &SystemProxy) -> (Option<&str>, Option<&str>) {
        (found.https.as_deref(), found.http.as_deref())
    }

    #[test]
    fn c68_the_forms_of_windows() {
        for (server, https, http) in [
            ("proxy:8080", Some("proxy:8080"), Some("proxy:8080")),
            (" http://proxy ", Some("http://proxy"), Some("http://proxy")),
            ("https=a:1;http=b:2", Some("a:1"), Some("b:2")),
            ("HTTP=b:2", None, Some("b:2")),
            (
                "ftp=c:3;socks=s:1080;http=b:2",
                Some("socks4://s:1080"),
                Some("b:2"),
            ),
            ("socks=socks5://s", Some("socks5://s"), Some("socks5://s")),
            ("https=;", None, None),
            ("", None, None),
        ] {
            let found = of_windows(server, "<local>;10.*".to_owned());
            assert_eq!(proxies(&found), (https, http), "{server}");
            assert_eq!(found.exceptions, "<local>;10.*");
        }
    }

    #[test]
    fn c68_what_macos_prints() {
        let text = "<dictionary> {\n  ExceptionsList : <array> {\n    0 : *.local\n    1 : 169.254/16\n  }\n  \
                    ExcludeSimpleHostnames : 1\n  FTPPassive : 1\n  HTTPEnable : 0\n  HTTPProxy : b.example\n  \
                    HTTPSEnable : 1\n  HTTPSPort : 3128\n  HTTPSProxy : a.example\n}\n";
        let found = of_macos(text);
        assert_eq!(proxies(&found), (Some("http://a.example:3128"), None));
        assert_eq!(found.exceptions, "*.local,169.254/16,<local>");
        let text = "<dictionary> {\n  SOCKSEnable : 1\n  SOCKSProxy : s.example\n}\n";
        assert_eq!(
            proxies(&of_macos(text)),
            (Some("socks5h://s.example"), Some("socks5h://s.example"))
        );
        assert_eq!(of_macos("<dictionary> {\n}\n"), SystemProxy::default());
        assert_eq!(of_macos(""), SystemProxy::default());
    }
}
