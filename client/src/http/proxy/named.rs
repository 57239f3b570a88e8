//! Proxies in messages: which one, and what gives it.

/// A proxy as messages name it.
pub(in crate::http) struct NamedProxy {
    /// Scheme, host and port.
    pub place: String,
    /// The setting or variable that gives it, with its source.
    pub given_by: String,
    /// What gives the user name and password, if there are any.
    pub login_given_by: Option<String>,
}

/// A place and the proxy on the way to it.
pub(in crate::http) fn through(place: &str, proxy: Option<&NamedProxy>) -> String {
    match proxy {
        Some(proxy) => format!("{place} through the proxy {}", proxy.place),
        None => place.to_owned(),
    }
}

/// A hint that ends with where to change the proxy.
pub(in crate::http) fn with_origin(hint: &str, proxy: Option<&NamedProxy>) -> String {
    match proxy {
        Some(NamedProxy {
            place, given_by, ..
        }) => {
            format!("{hint}; the proxy {place} is given by {given_by}")
        }
        None => hint.to_owned(),
    }
}
