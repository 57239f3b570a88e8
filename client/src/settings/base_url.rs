//! The addresses in the settings: the forms that are accepted, brought to one.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::Error;

/// The domains under which the vendor gives each tenant a name. The API of `acme.DOMAIN` is `acme.api.DOMAIN`.
const DOMAINS: [&str; 3] = [
    "identitynow.com",
    "identitynow-demo.com",
    "saas.sailpointfedramp.com",
];

/// What instructions write in the place of a tenant's name, in small letters and without hyphens.
const PLACEHOLDERS: [&str; 8] = [
    "tenant",
    "tenantname",
    "yourtenant",
    "yourtenantname",
    "example",
    "exampletenant",
    "orgname",
    "yourorg",
];

/// `https://host[/prefix]` without a trailing slash or a version suffix.
pub(super) fn normalize(name: &str, text: &str, allow_http: bool) -> Result<Url, Error> {
    let mut url = check(name, text, allow_http)?;
    let path = url.path().trim_end_matches('/');
    let path = match path.rsplit_once('/') {
        Some((before, last)) if is_version(last) => before.trim_end_matches('/'),
        _ => path,
    };
    let path = path.to_owned();
    url.set_path(&path);
    match api_of_web_address(&url) {
        Some(api) => Err(Error::settings(format!(
            "{name} is the tenant's address for browsers, not that of its API"
        ))
        .with_hint(format!("write it as {api}"))),
        None => Ok(url),
    }
}

/// The address of the API, if this is the tenant's address for browsers.
fn api_of_web_address(url: &Url) -> Option<String> {
    let (tenant, domain) = tenant_and_domain(url)?;
    // Other paths are of interfaces that may be what is meant.
    let is_page = url.path() == "/" || url.path().split('/').nth(1) == Some("ui");
    let is_tenant = !tenant.contains('.') && tenant != "api";
    (is_page && is_tenant).then(|| format!("https://{tenant}.api.{domain}"))
}

/// What stands before the vendor's domain in a host, and the domain.
fn tenant_and_domain(url: &Url) -> Option<(&str, &'static str)> {
    let host = url.host_str()?;
    DOMAINS.iter().find_map(|domain| {
        let tenant = host.strip_suffix(domain)?.strip_suffix('.')?;
        Some((tenant, *domain))
    })
}

/// Whether an address holds what instructions write in the place of the tenant's name, in brackets or as a word.
fn has_placeholder(text: &str) -> bool {
    let (_, rest) = text.split_once("://").unwrap_or(("", text));
    let authority = rest.split('/').next().unwrap_or_default();
    let is_in = |(open, close)| {
        let inner = authority
            .split_once(open)
            .and_then(|(_, rest)| rest.split_once(close));
        inner.is_some_and(|(inner, _)| !inner.is_empty())
    };
    if [('{', '}'), ('<', '>')].into_iter().any(is_in) {
        return true;
    }
    let Some(url) = absolute(text) else {
        return false;
    };
    tenant_and_domain(&url).is_some_and(|(tenant, _)| {
        let tenant = tenant.strip_suffix(".api").unwrap_or(tenant);
        PLACEHOLDERS.contains(&tenant.replace(['-', '_'], "").as_str())
    })
}

/// An absolute URL that a secret may be sent to.
///
/// The name may be followed by the source. No error repeats the address: it may contain the secret.
pub(super) fn check(name: &str, text: &str, allow_http: bool) -> Result<Url, Error> {
    let path = if name.starts_with("TokenUrl") {
        "/oauth/token"
    } else {
        ""
    };
    let form = format!("https://TENANT.api.identitynow.com{path}");
    let refused = |reason: &str, hint: String| {
        Err(Error::settings(format!("{name} {reason}")).with_hint(hint))
    };
    if has_placeholder(text.trim()) {
        return refused(
            "has a placeholder instead of the tenant's name",
            format!(
                "put your tenant's name there, as acme in https://acme.api.identitynow.com{path}"
            ),
        );
    }
    let Some(url) = absolute(text.trim()) else {
        return refused(
            "is not an http or https address",
            format!("write it as {form}"),
        );
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused(
            "must not hold a user name or password",
            format!("write it as {form}, and set ClientId and ClientSecret"),
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused(
            "must not have a query or a fragment",
            format!("write it as {form}"),
        );
    }
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        return refused(
            "is plain http, which would send the client secret unencrypted",
            format!("write it as {form}, or set AllowHttp if you are sure"),
        );
    }
    Ok(url)
}

/// Whether a text is an address at all. One that is not may be a secret in the wrong place.
pub(super) fn is_address(text: &str) -> bool {
    absolute(text.trim()).is_some()
}

/// Whether a text may be the address of a proxy: what follows the host's colon is a port and no password.
pub(super) fn is_proxy(text: &str) -> bool {
    let (_, rest) = text.split_once("://").unwrap_or(("", text));
    Url::parse(&format!("http://{}", rest.trim())).is_ok()
}

/// The address, if its text can mean only that one. A bare host is reached by https.
///
/// The parser alone forgives too much: for it, `https:/host` has a host, `https//host` after a
/// scheme is the host `https`, line ends vanish, and `1` is 0.0.0.1.
fn absolute(text: &str) -> Option<Url> {
    if text.contains(|c: char| c == '\\' || c.is_whitespace() || c.is_control()) {
        return None;
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let is_bare = scheme.is_empty();
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" => "http",
        "https" => "https",
        "" if !text.contains("://") => "https",
        _ => return None,
    };
    if rest.starts_with('/') {
        return None;
    }
    let url = Url::parse(&format!("{scheme}://{rest}")).ok()?;
    let host = url.host_str()?;
    let is_host = match url.domain() {
        Some(name) => is_host_name(name),
        None => host.starts_with('[') || host == written_host(rest),
    };
    // One word may be anything: a misspelt scheme, the first folder of a path.
    let is_word = url
        .domain()
        .is_some_and(|name| name != "localhost" && !name.contains('.'));
    let has_two_slashes = url.path().starts_with("//");
    let is_doubtful = (is_bare && (is_word || has_two_slashes)) || (is_word && has_two_slashes);
    (is_host && !is_doubtful).then_some(url)
}

/// Whether a name can be a host's, and is not a scheme in its place.
fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        !label.is_empty() && label.chars().all(is_allowed)
    };
    let relative = name.strip_suffix('.').unwrap_or(name);
    relative.split('.').all(is_label) && !matches!(relative, "http" | "https")
}

/// The host as it is written in what follows the scheme.
fn written_host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (_, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    host.split(':').next().unwrap_or_default()
}

fn is_version(segment: &str) -> bool {
    let numbered = segment
        .strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    numbered || matches!(segment, "beta" | "latest")
}

/// Whether plain http stays on this machine. Names under `localhost` may be looked up elsewhere.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
