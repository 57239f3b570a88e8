//! Why a try got no response, and whether it may be repeated.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::proxy::{NamedProxy, place, through, with_origin};
use super::tls;
use crate::error::{Error, ErrorKind};
use crate::secrets::Masks;

/// Why a try got no whole response, and so whether it may be repeated.
#[derive(Debug)]
pub(crate) enum Failure {
    /// No connection was made, so the request did not arrive.
    NotSent(Error),
    /// The connection ended before the whole response had arrived: the request may have arrived.
    Broken(Error),
    /// Another try would end in the same way: a certificate, a deadline.
    Final(Error),
    /// No response came within AttemptTimeoutSeconds: the connection may be dead.
    Silent(Error),
    /// What came is not a response head that can be read.
    Unreadable(Error),
}

const OUT_OF_DESCRIPTORS: &str =
    "close what the program holds open, or raise the limit of open files (ulimit -n)";

impl Failure {
    pub(crate) fn error(&self) -> &Error {
        match self {
            Self::NotSent(error)
            | Self::Broken(error)
            | Self::Final(error)
            | Self::Silent(error)
            | Self::Unreadable(error) => error,
        }
    }

    /// The same failure with the secrets masked that its error repeats, such as the names in a certificate
    /// that a proxy shows after it has been sent a password.
    pub(crate) fn masked(mut self, masks: &Masks<'_>) -> Self {
        let (Self::NotSent(error)
        | Self::Broken(error)
        | Self::Final(error)
        | Self::Silent(error)
        | Self::Unreadable(error)) = &mut self;
        error.mask(masks);
        self
    }

    pub(super) fn no_response(
        error: &reqwest::Error,
        place: &str,
        proxy: Option<&NamedProxy>,
    ) -> Self {
        if let Some(tls) = tls_error(error) {
            return Self::Final(tls::describe(tls, place, proxy));
        }
        let place = through(place, proxy);
        if !error.is_connect() {
            let reason = root(error);
            let broken = Error::new(
                ErrorKind::Connect,
                format!("the connection to {place} ended before a response came: {reason}"),
            )
            .with_source(error);
            return Self::Broken(with_check(broken, proxy));
        }
        let reason = if error.is_timeout() {
            "no connection within ConnectTimeoutSeconds".to_owned()
        } else if chain(error).any(|cause| cause.to_string() == "tunnel error: unsuccessful") {
            "the proxy does not connect to it".to_owned()
        } else {
            root(error)
        };
        let (kind, hint) = if chain(error).any(is_out_of_descriptors) {
            (ErrorKind::Resources, OUT_OF_DESCRIPTORS.to_owned())
        } else {
            let hint = proxy.map_or_else(
                || "check BaseUrl, the network, and the proxy settings".to_owned(),
                check,
            );
            (ErrorKind::Connect, hint)
        };
        Self::NotSent(
            Error::new(kind, format!("cannot connect to {place}: {reason}"))
                .with_hint(hint)
                .with_source(error),
        )
    }

    pub(super) fn cut_off(error: &reqwest::Error, place: &str, status: u16, bytes: usize) -> Self {
        let reason = root(error);
        Self::Broken(
            Error::new(
                ErrorKind::InvalidResponse,
                format!(
                    "the response {status} from {place} was cut off after {bytes} bytes: {reason}"
                ),
            )
            .with_source(error),
        )
    }

    pub(super) fn too_large(place: &str, limit: usize) -> Self {
        Self::Final(Error::new(
            ErrorKind::InvalidResponse,
            format!("the response from {place} is larger than {limit} bytes"),
        ))
    }

    /// A proxy wants to know who asks. It offers these schemes, if it tells.
    pub(super) fn proxy_authentication(
        target: &Url,
        proxy: Option<&NamedProxy>,
        offered: &[String],
    ) -> Self {
        let name = proxy.map_or_else(
            || "a proxy".to_owned(),
            |proxy| format!("the proxy {}", proxy.place),
        );
        let place = place(target);
        let mut message = format!("{name} on the way to {place} asks for authentication (407)");
        if !offered.is_empty() {
            message = format!("{message} and offers {}", offered.join(", "));
        }
        let is_basic = |scheme: &String| scheme.eq_ignore_ascii_case("Basic");
        let takes_basic = offered.is_empty() || offered.iter().any(is_basic);
        let login = proxy.and_then(|proxy| proxy.login_given_by.as_ref());
        let hint = match login {
            Some(given_by) if takes_basic => {
                format!("correct the user name and password, which are given by {given_by}")
            }
            None if takes_basic => {
                "set ProxyCredential, or give the proxy as http://USER:PASSWORD@HOST:PORT"
                    .to_owned()
            }
            _ => {
                let host = target.host_str().unwrap_or_default();
                format!(
                    "this client sends a proxy only Basic, so a password does not help: run a helper such as px or \
                     cntlm on this machine and set Proxy to its address, or have {host} let through without \
                     authentication"
                )
            }
        };
        let hint = with_origin(&hint, proxy);
        Self::Final(Error::new(ErrorKind::Connect, message).with_hint(hint))
    }
}

/// What to do if nothing comes through a proxy.
pub(super) fn check(proxy: &NamedProxy) -> String {
    with_origin("check the proxy, BaseUrl and the network", Some(proxy))
}

/// The error with that hint, if there is a proxy.
fn with_check(error: Error, proxy: Option<&NamedProxy>) -> Error {
    match proxy {
        Some(proxy) => error.with_hint(check(proxy)),
        None => error,
    }
}

/// Whether a proxy refused a tunnel because it wants to know who asks.
pub(super) fn is_proxy_authentication(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| cause.to_string().contains("proxy authorization required"))
}

/// The innermost cause: what the operating system or the protocol reports.
pub(super) fn root(error: &reqwest::Error) -> String {
    chain(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

fn chain<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

/// Whether a socket could not be made because the process or the system has too many open.
fn is_out_of_descriptors(cause: &(dyn StdError + 'static)) -> bool {
    // EMFILE and ENFILE, the same numbers on all Unix systems; WSAEMFILE.
    const NUMBERS: &[i32] = if cfg!(windows) { &[10_024] } else { &[24, 23] };
    let error = cause.downcast_ref::<std::io::Error>();
    error
        .and_then(std::io::Error::raw_os_error)
        .is_some_and(|number| NUMBERS.contains(&number))
}

/// The check of a certificate that a connection was given up for.
pub(super) fn unfinished_check(error: &reqwest::Error) -> Option<Arc<tls::Check>> {
    tls_error(error).and_then(tls::unfinished)
}

fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    chain(error).find_map(tls_error_in)
}

/// rustls errors travel inside I/O errors, which may themselves be inside others.
fn tls_error_in<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(error);
    }
    tls_error_in(cause.downcast_ref::<std::io::Error>()?.get_ref()?)
}

impl Failure {
    pub(super) fn silent(place: &str, proxy: Option<&NamedProxy>, patience: Duration) -> Self {
        let place = through(place, proxy);
        let silent = Error::new(
            ErrorKind::Timeout,
            format!(
                "no response from {place} within {} s (AttemptTimeoutSeconds)",
                patience.as_secs_f64()
            ),
        );
        Self::Silent(with_check(silent, proxy))
    }

    /// What came is no HTTP/1 response, or one whose head cannot be read.
    pub(super) fn unreadable(
        error: &reqwest::Error,
        place: &str,
        proxy: Option<&NamedProxy>,
    ) -> Option<Self> {
        let hyper = chain(error).find_map(|cause| cause.downcast_ref::<hyper::Error>())?;
        let reason = hyper.to_string();
        // A server that speaks first, as SSH does.
        let is_unasked = reason.starts_with("received unexpected message");
        if !hyper.is_parse() && !is_unasked {
            return None;
        }
        let place = through(place, proxy);
        let described = if is_unasked || reason.starts_with("invalid HTTP version") {
            Error::new(
                ErrorKind::Connect,
                format!("what {place} sent is not HTTP: {reason}"),
            )
            .with_hint(proxy.map_or_else(
                || "check the scheme, host and port of BaseUrl".to_owned(),
                check,
            ))
        } else {
            Error::new(
                ErrorKind::Connect,
                format!("the head of the response from {place} cannot be read: {reason}"),
            )
        };
        Some(Self::Unreadable(described.with_source(error)))
    }

    /// A success whose body is not packed as its header says.
    pub(super) fn not_unpacked(
        error: &reqwest::Error,
        place: &str,
        status: u16,
        reason: &str,
    ) -> Self {
        Self::Final(
            Error::new(
                ErrorKind::InvalidResponse,
                format!(
                    "the body of the response {status} from {place} is not gzip as its header says: {reason}"
                ),
            )
            .with_source(error),
        )
    }
}

/// Why a body is not gzip, if that is what is wrong with it. A body that only ends too early, or
/// whose connection broke, was cut off.
pub(super) fn not_gzip(error: &reqwest::Error) -> Option<String> {
    if chain(error).any(|cause| cause.is::<hyper::Error>()) {
        return None;
    }
    let unpacking = chain(error).find_map(|cause| cause.downcast_ref::<std::io::Error>())?;
    (unpacking.kind() != std::io::ErrorKind::UnexpectedEof).then(|| unpacking.to_string())
}
