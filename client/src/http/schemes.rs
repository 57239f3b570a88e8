//! The schemes of authentication that a proxy offers, for the error that it asks for one.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, PROXY_AUTHENTICATE};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::proxy::Route;

/// How long asking may take: the call has failed already.
const LONGEST: Duration = Duration::from_secs(3);

/// The longest response head that is read.
const LARGEST_HEAD: u64 = 64 << 10;

/// The schemes that are named. Any other word may be the password that the proxy was sent.
const SCHEMES: [&str; 8] = [
    "Basic",
    "Bearer",
    "Digest",
    "Kerberos",
    "Negotiate",
    "NTLM",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
];

/// The schemes in the head of a response.
pub(super) fn in_headers(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(PROXY_AUTHENTICATE);
    named(values.iter().filter_map(|value| value.to_str().ok()))
}

/// Asks a proxy for a tunnel without credentials, since the response to the request that failed cannot
/// be had. Nothing but the tenant's host and port is sent. Empty if the proxy does not tell.
pub(super) async fn ask(proxy: &Route, target: &Url, tls: &ClientConfig) -> Vec<String> {
    let head = timeout(LONGEST, head(proxy, target, tls)).await;
    let Ok(Some(head)) = head else {
        return Vec::new();
    };
    let mut lines = head.split("\r\n");
    let is_407 = lines
        .next()
        .is_some_and(|line| line.split(' ').nth(1) == Some("407"));
    if !is_407 {
        return Vec::new();
    }
    named(lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case(PROXY_AUTHENTICATE.as_str())
            .then_some(value)
    }))
}

async fn head(proxy: &Route, target: &Url, tls: &ClientConfig) -> Option<String> {
    let (host, port) = proxy.endpoint();
    let connection = TcpStream::connect((host.as_str(), port)).await.ok()?;
    if !proxy.uses_tls() {
        return exchange(connection, target).await;
    }
    let name = ServerName::try_from(host).ok()?;
    let connector = TlsConnector::from(Arc::new(tls.clone()));
    let connection = connector.connect(name, connection).await.ok()?;
    exchange(connection, target).await
}

async fn exchange<S>(mut connection: S, target: &Url) -> Option<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let host = target.host_str()?;
    let port = target.port_or_known_default()?;
    let request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    connection.write_all(request.as_bytes()).await.ok()?;
    let mut connection = connection.take(LARGEST_HEAD);
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if connection.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let text = String::from_utf8_lossy(&head);
    Some(text.split("\r\n\r\n").next()?.to_owned())
}

/// The names of the schemes, each once: `Negotiate, Basic realm="a, b"` has two.
fn named<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for value in values {
        let mut is_quoted = false;
        let parts = value.split(|c: char| {
            is_quoted ^= c == '"';
            c == ',' && !is_quoted
        });
        for part in parts {
            let (name, rest) = part.trim().split_once(' ').unwrap_or((part.trim(), ""));
            let is_parameter = rest.trim_start().starts_with('=');
            let known = SCHEMES.iter().find(|it| it.eq_ignore_ascii_case(name));
            let Some(known) = known.filter(|_| !is_parameter) else {
                continue;
            };
            if !names.iter().any(|name| name == known) {
                names.push((*known).to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_names_in_headers() {
        for (values, names) in [
            (&["Negotiate", "NTLM"][..], "Negotiate NTLM"),
            (
                &["Negotiate, NTLM ,  Basic realm=\"a, Digest b\""],
                "Negotiate NTLM Basic",
            ),
            (
                &["Digest realm=\"x\", nonce=\"y\", qop = \"auth\", algorithm=MD5, Basic realm=z"],
                "Digest Basic",
            ),
            (&["NTLM TlRMTVNTUAAC==", "ntlm"], "NTLM"),
            (&["", ",", " , ,", "=", "a=b", "\u{7f}", "x\u{1b}[2J"], ""),
            (&["Unknown Basic", "password-1", "digest"], "Digest"),
        ] {
            assert_eq!(named(values.iter().copied()).join(" "), names, "{values:?}");
        }
    }
}
