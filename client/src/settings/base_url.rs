//! The forms in which people give a base URL, brought to one.

use reqwest::Url;

use crate::error::Error;

/// `https://host[/prefix]` without a trailing slash or a version suffix.
pub(super) fn normalize(text: &str, allow_http: bool) -> Result<Url, Error> {
    let mut url = check("BaseUrl", text, allow_http)?;
    let path = url.path().trim_end_matches('/');
    let path = match path.rsplit_once('/') {
        Some((before, last)) if is_version(last) => before.trim_end_matches('/'),
        _ => path,
    };
    let path = path.to_owned();
    url.set_path(&path);
    Ok(url)
}

/// An absolute URL that a secret may be sent to.
pub(super) fn check(name: &str, text: &str, allow_http: bool) -> Result<Url, Error> {
    let text = text.trim();
    let absolute = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&absolute)
        .ok()
        .filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| {
            Error::settings(format!("{name} is not an http or https address"))
                .with_hint("give it as https://TENANT.api.identitynow.com")
        })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            Error::settings(format!("{name} must not hold a user name or password"))
                .with_hint("set ClientId and ClientSecret instead"),
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        // It may hold the secret, so it is not repeated.
        return Err(Error::settings(format!(
            "{name} must not have a query or a fragment"
        )));
    }
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        return Err(Error::settings(format!(
            "{name} is plain http, which would send the client secret unencrypted: {text}"
        ))
        .with_hint("use https, or set AllowHttp if you are sure"));
    }
    Ok(url)
}

fn is_version(segment: &str) -> bool {
    let numbered = segment
        .strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    numbered || matches!(segment, "beta" | "latest")
}

pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
