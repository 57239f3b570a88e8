//! TLS: trusts what the operating system trusts, and the certificates that the settings give.

mod der;
mod refusal;
mod system;
mod trust;
mod words;

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;

use crate::error::Error;
use crate::settings::Network;
use trust::Trust;

pub(super) use words::describe;

/// The TLS settings of every connection.
///
/// # Errors
/// No trusted certificates at all.
pub(super) fn config(network: &Network) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| words::unusable(&error))?;
    // Reading the system's certificates takes milliseconds.
    if !network.uses_tls {
        let nothing = rustls::RootCertStore::empty();
        return Ok(builder
            .with_root_certificates(nothing)
            .with_no_client_auth());
    }
    let trust = Trust::new(&network.certificates.0, provider)?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust))
        .with_no_client_auth())
}
