//! A refused certificate.

use std::fmt;

use rustls::CertificateError;

/// Why a certificate is refused, with what a message about it needs. Travels inside an error of
/// rustls from the verifier to the message.
#[derive(Clone)]
pub(super) struct Refusal {
    pub reason: CertificateError,
    /// The host that the certificate was to be for: the tenant's, or that of a proxy.
    pub host: String,
    /// Whether the settings give certificates, and so not this one's authority.
    pub others_are_given: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the certificate for {} is refused", self.host)
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.reason, f)
    }
}

impl std::error::Error for Refusal {}
