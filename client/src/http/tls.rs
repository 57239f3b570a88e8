//! TLS: trusts what the operating system trusts, and the certificates that the settings give.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls_platform_verifier::Verifier;

use crate::error::{Error, ErrorKind};
use crate::settings::{Certificates, Network};

/// The TLS settings of every connection.
///
/// # Errors
/// Certificates that cannot be read or used.
pub(super) fn config(network: &Network) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    // Reading the system's certificates takes milliseconds.
    if !network.uses_tls {
        let nothing = rustls::RootCertStore::empty();
        return Ok(builder
            .with_root_certificates(nothing)
            .with_no_client_auth());
    }
    let verifier = verifier(&network.certificates, provider)?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// The platform's verifier with additional trusted certificates.
fn verifier(certificates: &Certificates, provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
    let given = certificates.0.clone();
    let verifier = if given.is_empty() {
        // Windows would try an empty set of roots last, and report that failure instead of the
        // system's.
        Verifier::new(provider)
    } else {
        Verifier::new_with_extra_roots(given, provider)
    };
    verifier.map_err(|error| {
        Error::new(
            ErrorKind::Tls,
            format!("the trusted certificates cannot be used: {error}"),
        )
        .with_hint("install the system's CA certificates, or set SSL_CERT_FILE to a PEM file")
    })
}

fn unusable(error: &rustls::Error) -> Error {
    Error::new(ErrorKind::Tls, format!("TLS cannot be set up: {error}"))
}
