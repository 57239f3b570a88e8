//! TLS errors in words, each with what helps.
//!
//! The words of rustls are for its programmers, many of them names of variants.

use jiff::Timestamp;
use jiff::tz::Offset;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, ExtendedKeyPurpose};

use super::refusal::Refusal;
use crate::error::{Error, ErrorKind};
use crate::http::proxy::{NamedProxy, through, with_origin};

const TRUST: &str = if cfg!(windows) {
    "if you trust its authority, add the authority's certificate to the trusted root authorities of the Windows \
     certificate store, or set CertificateAuthority or SSL_CERT_FILE to its PEM file"
} else {
    "if you trust its authority, set CertificateAuthority or SSL_CERT_FILE to the authority's PEM file"
};
const TRUST_ITSELF: &str = "if you trust it, set CertificateAuthority or SSL_CERT_FILE to a PEM file of this \
    certificate itself";
const OTHERS_ARE_GIVEN: &str = "the certificates in CertificateAuthority, SSL_CERT_FILE or SSL_CERT_DIR are not its \
    authority's: ask who runs the server, or the proxy on the way, for the authority's certificate";
const REISSUE: &str = "the server, or a proxy that intercepts TLS, needs another certificate";
const UPGRADE: &str = "the server must support TLS 1.2 or 1.3, with a certificate for an RSA, P-256, P-384 or \
    Ed25519 key";
const NOT_TLS: &str = "check that the server speaks https, and whether a proxy intercepts TLS";
const CLOCK: &str = "set this machine's clock";

/// The beginning of 2026. A clock before this is wrong: this program did not exist then.
const EARLIEST: u64 = 1_767_225_600;

/// The longest list of names that a certificate is for.
const MAX_NAMES: usize = 5;

/// Algorithms of certificates that rustls does not verify, by their object identifiers in DER.
const ALGORITHMS: [(&[u8], &str); 6] = [
    // 1.2.840.113549.1.1.4
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04],
        "RSA with MD5",
    ),
    // 1.2.840.113549.1.1.5
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
        "RSA with SHA-1",
    ),
    // 1.2.840.10045.4.1
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],
        "ECDSA with SHA-1",
    ),
    // 1.2.840.10045.4.3.4
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04],
        "ECDSA with SHA-512, as for P-521 keys",
    ),
    // 1.3.101.113
    (&[0x2b, 0x65, 0x71], "Ed448"),
    // 1.3.132.0.35
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], "ECDSA with a P-521 key"),
];

/// What a failed TLS connection to a place is reported as.
pub(in crate::http) fn describe(
    error: &rustls::Error,
    place: &str,
    proxy: Option<&NamedProxy>,
) -> Error {
    let on_the_way = through(place, proxy);
    let (message, hint) = match error {
        rustls::Error::InvalidCertificate(reason) => {
            let refusal = refusal(reason);
            let (what, hint) = certificate(&refusal.reason, &refusal);
            // A proxy that is itself reached by https shows a certificate too.
            let owner = match proxy {
                Some(proxy) if is_of(&refusal, &proxy.place) && !is_of(&refusal, place) => {
                    format!("the proxy {}", proxy.place)
                }
                _ => on_the_way,
            };
            (format!("the certificate of {owner} {what}"), hint)
        }
        _ => (
            format!("the TLS connection to {on_the_way} failed: {}", why(error)),
            hint(error),
        ),
    };
    Error::new(ErrorKind::Tls, message).with_hint(with_origin(hint, proxy))
}

/// The refusal that travels inside an error of [`Trust`](super::trust::Trust).
fn refusal(reason: &CertificateError) -> Refusal {
    let inside = match reason {
        CertificateError::Other(other) => other.0.downcast_ref::<Refusal>(),
        _ => None,
    };
    inside.cloned().unwrap_or_else(|| Refusal {
        reason: reason.clone(),
        host: String::new(),
        others_are_given: false,
    })
}

fn is_of(refusal: &Refusal, place: &str) -> bool {
    place
        .strip_prefix("https://")
        .and_then(|authority| {
            authority
                .strip_prefix('[')
                .unwrap_or(authority)
                .strip_prefix(&refusal.host)
        })
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ']']))
}

/// What is wrong with a certificate, and what helps.
fn certificate(reason: &CertificateError, refusal: &Refusal) -> (String, &'static str) {
    use CertificateError as E;

    let trust = if refusal.others_are_given {
        OTHERS_ARE_GIVEN
    } else {
        TRUST
    };
    let untrusted = || {
        (
            "is self-signed or from an authority that is not trusted".to_owned(),
            trust,
        )
    };
    match reason {
        E::ExpiredContext { time, .. } | E::NotValidYetContext { time, .. }
            if time.as_secs() < EARLIEST =>
        {
            let now = date(*time);
            (
                format!("cannot be checked: this machine's clock says {now}, which is wrong"),
                CLOCK,
            )
        }
        E::Expired | E::ExpiredContext { .. } => (
            match reason {
                E::ExpiredContext { time, not_after } => format!(
                    "has expired: it was valid until {}, and this machine's clock says {}",
                    date(*not_after),
                    date(*time)
                ),
                _ => "has expired".to_owned(),
            },
            "the tenant's or proxy's certificate must be renewed; check this machine's clock too",
        ),
        E::NotValidYet | E::NotValidYetContext { .. } => (
            match reason {
                E::NotValidYetContext { time, not_before } => format!(
                    "is not valid yet: it is valid from {}, and this machine's clock says {}",
                    date(*not_before),
                    date(*time)
                ),
                _ => "is not valid yet".to_owned(),
            },
            "check this machine's clock",
        ),
        E::NotValidForNameContext { presented, .. } => other_names(presented),
        E::NotValidForName => (
            "is for another name".to_owned(),
            "check the host in BaseUrl",
        ),
        E::UnknownIssuer | E::BadSignature => untrusted(),
        E::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id,
            ..
        } => unsupported(signature_algorithm_id),
        E::UnsupportedSignatureAlgorithmForPublicKeyContext {
            public_key_algorithm_id,
            ..
        } if algorithm(public_key_algorithm_id).is_some() => unsupported(public_key_algorithm_id),
        // An authority of the same name with another kind of key.
        E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => untrusted(),
        E::Revoked => ("was revoked".to_owned(), REISSUE),
        E::UnknownRevocationStatus => (
            "may have been revoked: its authority could not be asked".to_owned(),
            "check that this machine reaches the authority's servers",
        ),
        E::ExpiredRevocationList | E::ExpiredRevocationListContext { .. } => (
            "may have been revoked: its authority's list has expired".to_owned(),
            "check this machine's clock, and that it reaches the authority's servers",
        ),
        E::BadEncoding => ("is malformed".to_owned(), REISSUE),
        E::UnhandledCriticalExtension => (
            "has a critical extension that is not supported".to_owned(),
            REISSUE,
        ),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => (
            match reason {
                E::InvalidPurposeContext { presented, .. } if !presented.is_empty() => {
                    let purposes: Vec<_> = presented.iter().map(purpose).collect();
                    format!("is not for servers, but for {}", purposes.join(", "))
                }
                _ => "is not for servers".to_owned(),
            },
            REISSUE,
        ),
        E::InvalidOcspResponse => (
            "came with an invalid statement that it is not revoked (OCSP)".to_owned(),
            REISSUE,
        ),
        E::ApplicationVerificationFailure => ("is refused".to_owned(), trust),
        E::Other(other) => match other.to_string().as_str() {
            "CaUsedAsEndEntity" => (
                "is an authority's own: it is self-signed, or not meant for servers".to_owned(),
                TRUST_ITSELF,
            ),
            "UnsupportedCertVersion" => {
                ("is of an old version: X.509 version 3 is needed".to_owned(), REISSUE)
            }
            // What Windows finds, CERT_E_CHAINING, for which rustls has no variant.
            text if text.contains("(os error -2146762486)") => (
                "is from an authority that is not trusted, or was sent without intermediate certificates"
                    .to_owned(),
                trust,
            ),
            text => (format!("is refused: {}", plain(text)), trust),
        },
        // Deprecated or new variants.
        other => match plain(&other.to_string()).as_str() {
            "unsupported signature algorithm" => unsupported(&[]),
            text => (format!("is refused: {text}"), trust),
        },
    }
}

/// A certificate for other names, or for none.
fn other_names(presented: &[String]) -> (String, &'static str) {
    // webpki gives them as `DnsName("tenant.example")` and `IpAddress(10.0.0.1)`.
    let names: Vec<_> = presented
        .iter()
        .filter_map(|name| {
            let (kind, name) = name.strip_suffix(')')?.split_once('(')?;
            matches!(kind, "DnsName" | "IpAddress").then_some(name.trim_matches('"'))
        })
        .collect();
    let more = match names.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if names.is_empty() {
        return (
            "names no host: it has no subjectAltName, and the common name alone does not count"
                .to_owned(),
            "the server, or a proxy that intercepts TLS, needs a certificate with its host as subjectAltName",
        );
    }
    let names = names[..names.len().min(MAX_NAMES)].join(", ");
    (
        format!("is for another name: {names}{more}"),
        "check the host in BaseUrl",
    )
}

fn unsupported(identifier: &[u8]) -> (String, &'static str) {
    let name = algorithm(identifier).map_or(String::new(), |name| format!(": {name}"));
    (
        format!("has a signature of an algorithm that is not supported{name}"),
        "its authority must sign with RSA, Ed25519, or ECDSA on P-256 or P-384, and SHA-256 or SHA-384",
    )
}

fn algorithm(identifier: &[u8]) -> Option<&'static str> {
    let holds = |part: &[u8]| identifier.windows(part.len()).any(|window| window == part);
    ALGORITHMS
        .iter()
        .find(|(part, _)| holds(part))
        .map(|(_, name)| *name)
}

fn purpose(purpose: &ExtendedKeyPurpose) -> String {
    match purpose {
        ExtendedKeyPurpose::ClientAuth => "clients".to_owned(),
        ExtendedKeyPurpose::ServerAuth => "servers".to_owned(),
        ExtendedKeyPurpose::Other(numbers) => {
            let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
            numbers.join(".")
        }
    }
}

fn date(time: UnixTime) -> String {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map_or_else(
            || "a time beyond year 9999".to_owned(),
            |time| Offset::UTC.to_datetime(time).date().to_string(),
        )
}

/// TLS that cannot be set up on this machine.
pub(super) fn unusable(error: &rustls::Error) -> Error {
    let reason = why(error);
    Error::new(ErrorKind::Tls, format!("TLS cannot be set up: {reason}"))
}

/// Why a connection failed, where no certificate is the reason.
fn why(error: &rustls::Error) -> String {
    use rustls::Error as E;

    match error {
        E::InvalidMessage(_) => {
            "the server does not speak TLS, or its messages are damaged on the way".to_owned()
        }
        E::AlertReceived(alert) => {
            format!(
                "the server refused it, alert {}: {}",
                u8::from(*alert),
                plain(&format!("{alert:?}"))
            )
        }
        E::PeerIncompatible(what) => {
            format!(
                "the server and this client have too little in common: {}",
                plain(&format!("{what:?}"))
            )
        }
        E::PeerMisbehaved(what) => format!(
            "the server broke the rules of TLS: {}",
            plain(&format!("{what:?}"))
        ),
        E::InappropriateMessage { .. } | E::InappropriateHandshakeMessage { .. } => {
            "the server sent a message out of turn".to_owned()
        }
        E::NoCertificatesPresented => "the server sent no certificate".to_owned(),
        E::DecryptError => "a message of the server cannot be decrypted".to_owned(),
        E::FailedToGetCurrentTime => {
            "this machine's clock cannot be read, or is before 1970".to_owned()
        }
        E::InvalidEncryptedClientHello(_) => "the encrypted client hello failed".to_owned(),
        E::InvalidCertRevocationList(_) => "a list of revoked certificates is invalid".to_owned(),
        E::InconsistentKeys(_) => "a certificate and its key do not belong together".to_owned(),
        E::General(text) => plain(text),
        E::Other(other) => plain(&other.to_string()),
        other => plain(&other.to_string()),
    }
}

fn hint(error: &rustls::Error) -> &'static str {
    use AlertDescription as A;
    use rustls::Error as E;

    match error {
        E::PeerIncompatible(_)
        | E::AlertReceived(A::HandshakeFailure | A::ProtocolVersion | A::InsufficientSecurity) => {
            UPGRADE
        }
        E::AlertReceived(A::UnrecognisedName) => "check the host in BaseUrl",
        E::AlertReceived(
            A::CertificateRequired | A::NoCertificate | A::BadCertificate | A::AccessDenied,
        ) => "the server may ask for a client certificate, which this client does not have",
        E::FailedToGetCurrentTime => CLOCK,
        _ => NOT_TLS,
    }
}

/// The name of a Rust variant as words; other text as it is.
fn plain(text: &str) -> String {
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_variant = name.starts_with(|c: char| c.is_ascii_uppercase())
        && (rest.is_empty() || rest.starts_with(['(', '{']) || rest.starts_with(" {"));
    if !is_variant {
        return text.to_owned();
    }
    let mut words = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && was_lower {
            words.push(' ');
        }
        was_lower = !c.is_ascii_uppercase();
        words.push(c.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::pki_types::ServerName;
    use rustls::{
        CertRevocationListError, ContentType, HandshakeType, InconsistentKeys, InvalidMessage,
        OtherError, PeerIncompatible, PeerMisbehaved,
    };

    use super::*;

    /// 2026-11-27
    const NOW: u64 = 1_795_737_600;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[derive(Debug)]
    struct Text(&'static str);

    impl std::fmt::Display for Text {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Text {}

    fn other(text: &'static str) -> OtherError {
        OtherError(Arc::new(Text(text)))
    }

    /// Every variant there is, and what its message says.
    fn certificate_errors() -> Vec<(CertificateError, &'static str)> {
        use CertificateError as E;

        let name = ServerName::try_from("tenant.example").unwrap();
        let for_names = |presented: &[&str]| E::NotValidForNameContext {
            expected: name.to_owned(),
            presented: presented.iter().map(ToString::to_string).collect(),
        };
        let untrusted = "is self-signed or from an authority that is not trusted";
        let p521 = ALGORITHMS[5].0.to_vec();
        #[allow(deprecated)]
        let deprecated = E::UnsupportedSignatureAlgorithm;
        vec![
            (E::BadEncoding, "is malformed"),
            (E::Expired, "has expired"),
            (
                E::ExpiredContext {
                    time: at(NOW),
                    not_after: at(NOW - 86_400),
                },
                "has expired: it was valid until 2026-11-26, and this machine's clock says 2026-11-27",
            ),
            (E::NotValidYet, "is not valid yet"),
            (
                E::NotValidYetContext {
                    time: at(NOW),
                    not_before: at(NOW + 86_400),
                },
                "is not valid yet: it is valid from 2026-11-28, and this machine's clock says 2026-11-27",
            ),
            (
                E::NotValidYetContext {
                    time: at(0),
                    not_before: at(NOW),
                },
                "cannot be checked: this machine's clock says 1970-01-01, which is wrong",
            ),
            (
                E::ExpiredContext {
                    time: at(u64::MAX),
                    not_after: at(NOW),
                },
                "has expired: it was valid until 2026-11-27, and this machine's clock says a time beyond year 9999",
            ),
            (E::Revoked, "was revoked"),
            (
                E::UnhandledCriticalExtension,
                "has a critical extension that is not supported",
            ),
            (E::UnknownIssuer, untrusted),
            (
                E::UnknownRevocationStatus,
                "may have been revoked: its authority could not be asked",
            ),
            (
                E::ExpiredRevocationList,
                "may have been revoked: its authority's list has expired",
            ),
            (
                E::ExpiredRevocationListContext {
                    time: at(NOW),
                    next_update: at(0),
                },
                "may have been revoked: its authority's list has expired",
            ),
            (E::BadSignature, untrusted),
            (
                deprecated,
                "has a signature of an algorithm that is not supported",
            ),
            (
                E::UnsupportedSignatureAlgorithmContext {
                    signature_algorithm_id: ALGORITHMS[1].0.to_vec(),
                    supported_algorithms: Vec::new(),
                },
                "has a signature of an algorithm that is not supported: RSA with SHA-1",
            ),
            (
                E::UnsupportedSignatureAlgorithmForPublicKeyContext {
                    signature_algorithm_id: Vec::new(),
                    public_key_algorithm_id: p521,
                },
                "has a signature of an algorithm that is not supported: ECDSA with a P-521 key",
            ),
            (
                E::UnsupportedSignatureAlgorithmForPublicKeyContext {
                    signature_algorithm_id: Vec::new(),
                    public_key_algorithm_id: vec![1],
                },
                untrusted,
            ),
            (E::NotValidForName, "is for another name"),
            (
                for_names(&[
                    "DnsName(\"a.example\")",
                    "Unsupported(0x01)",
                    "IpAddress(10.0.0.1)",
                ]),
                "is for another name: a.example, 10.0.0.1",
            ),
            (
                for_names(&["DnsName(\"a\")"; 7]),
                "is for another name: a, a, a, a, a and 2 more",
            ),
            (
                for_names(&["Unsupported(0x01)"]),
                "names no host: it has no subjectAltName, and the common name alone does not count",
            ),
            (E::InvalidPurpose, "is not for servers"),
            (
                E::InvalidPurposeContext {
                    required: ExtendedKeyPurpose::ServerAuth,
                    presented: vec![
                        ExtendedKeyPurpose::ClientAuth,
                        ExtendedKeyPurpose::Other(vec![1, 3, 6]),
                    ],
                },
                "is not for servers, but for clients, 1.3.6",
            ),
            (
                E::InvalidOcspResponse,
                "came with an invalid statement that it is not revoked (OCSP)",
            ),
            (E::ApplicationVerificationFailure, "is refused"),
            (
                E::Other(other("CaUsedAsEndEntity")),
                "is an authority's own: it is self-signed, or not meant for servers",
            ),
            (
                E::Other(other("UnsupportedCertVersion")),
                "is of an old version: X.509 version 3 is needed",
            ),
            (
                E::Other(other("MaximumPathDepthExceeded")),
                "is refused: maximum path depth exceeded",
            ),
            (
                E::Other(other("Access denied. (os error 5)")),
                "is refused: Access denied. (os error 5)",
            ),
            (
                E::Other(other("Kette (os error -2146762486)")),
                "is from an authority that is not trusted, or was sent without intermediate certificates",
            ),
        ]
    }

    fn assert_plain(error: &Error) {
        let text = error.to_string();
        let text = text
            .replace("subjectAltName", "")
            .replace("CertificateAuthority", "")
            .replace("BaseUrl", "");
        let debug = text
            .as_bytes()
            .windows(2)
            .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
        assert!(!debug && !text.contains(['{', '"', '[']), "{text}");
    }

    #[test]
    fn every_certificate_error_is_in_words() {
        for (reason, words) in certificate_errors() {
            let refusal = Refusal {
                reason: reason.clone(),
                host: "tenant.example".to_owned(),
                others_are_given: true,
            };
            let carried = CertificateError::Other(OtherError(Arc::new(refusal)));
            for reason in [reason, carried] {
                let error = describe(&reason.into(), "https://tenant.example", None);
                assert_eq!(
                    error.message(),
                    format!("the certificate of https://tenant.example {words}")
                );
                assert_eq!(error.kind(), ErrorKind::Tls);
                assert!(error.hint().is_some());
                assert_plain(&error);
            }
        }
    }

    #[test]
    fn every_other_error_is_in_words() {
        use rustls::Error as E;

        let message = HandshakeType::ClientHello;
        let mut errors = vec![
            E::InappropriateMessage {
                expect_types: vec![],
                got_type: ContentType::Handshake,
            },
            E::InappropriateHandshakeMessage {
                expect_types: vec![message],
                got_type: message,
            },
            E::InvalidMessage(InvalidMessage::InvalidContentType),
            E::NoCertificatesPresented,
            E::UnsupportedNameType,
            E::DecryptError,
            E::EncryptError,
            E::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
            E::PeerMisbehaved(PeerMisbehaved::TooMuchEarlyDataReceived),
            E::InvalidCertRevocationList(CertRevocationListError::BadSignature),
            E::General("No such thing".to_owned()),
            E::FailedToGetCurrentTime,
            E::FailedToGetRandomBytes,
            E::HandshakeNotComplete,
            E::PeerSentOversizedRecord,
            E::NoApplicationProtocol,
            E::BadMaxFragmentSize,
            E::InconsistentKeys(InconsistentKeys::KeyMismatch),
            E::Other(other("SomeVariant { with: 1 }")),
        ];
        errors.extend((0..=255).map(|alert| E::AlertReceived(AlertDescription::from(alert))));
        for error in errors {
            let error = describe(&error, "https://tenant.example", None);
            let start = "the TLS connection to https://tenant.example failed: ";
            assert!(error.message().len() > start.len() && error.message().starts_with(start));
            assert!(error.hint().is_some());
            assert_plain(&error);
        }
    }

    #[test]
    fn the_certificate_of_a_proxy_is_named_as_the_proxys() {
        let refusal = |host: &str| {
            let refusal = Refusal {
                reason: CertificateError::Revoked,
                host: host.to_owned(),
                others_are_given: false,
            };
            rustls::Error::from(CertificateError::Other(OtherError(Arc::new(refusal))))
        };
        for (host, proxy, owner) in [
            (
                "tenant",
                "http://proxy:1",
                "https://tenant:443 through the proxy http://proxy:1",
            ),
            (
                "tenant",
                "https://proxy:1",
                "https://tenant:443 through the proxy https://proxy:1",
            ),
            ("proxy", "https://proxy:1", "the proxy https://proxy:1"),
            ("::1", "https://[::1]:1", "the proxy https://[::1]:1"),
        ] {
            let proxy = NamedProxy {
                place: proxy.to_owned(),
                given_by: "HTTPS_PROXY (from the environment)".to_owned(),
                login_given_by: None,
            };
            let error = describe(&refusal(host), "https://tenant:443", Some(&proxy));
            assert_eq!(
                error.message(),
                format!("the certificate of {owner} was revoked")
            );
        }
    }
}
