//! TLS: trusts what the operating system trusts, and the certificates that the settings give.

mod aside;
mod der;
mod refusal;
mod system;
mod trust;
mod words;

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::{CertificateError, ClientConfig, ConfigBuilder, WantsVerifier};

use crate::error::Error;
use crate::settings::Network;
use aside::{Aside, Unfinished};
use trust::Trust;

pub(super) use aside::Check;
pub(super) use words::describe;

/// The TLS settings of every connection.
///
/// # Errors
/// No trusted certificates at all.
pub(super) fn config(network: &Network) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    // Reading the system's certificates takes milliseconds.
    if !network.uses_tls {
        let nothing = rustls::RootCertStore::empty();
        return Ok(builder(provider)?
            .with_root_certificates(nothing)
            .with_no_client_auth());
    }
    let trust: Arc<dyn ServerCertVerifier> =
        Arc::new(Trust::new(&network.certificates.0, Arc::clone(&provider))?);
    // There the system checks. Elsewhere a check asks nobody and takes less than a millisecond.
    let verifier = if cfg!(any(windows, target_vendor = "apple")) {
        aside(trust)
    } else {
        trust
    };
    verified_by(verifier, provider)
}

fn verified_by(
    verifier: Arc<dyn ServerCertVerifier>,
    provider: Arc<CryptoProvider>,
) -> Result<ClientConfig, Error> {
    Ok(builder(provider)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

fn builder(
    provider: Arc<CryptoProvider>,
) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| words::unusable(&error))
}

/// What Windows and macOS have: the checks of this verifier may take long.
#[cfg(test)]
pub(super) fn config_aside(verifier: Arc<dyn ServerCertVerifier>) -> ClientConfig {
    let provider = Arc::new(ring::default_provider());
    verified_by(aside(verifier), provider).unwrap()
}

/// The verifier, with its checks on other threads.
fn aside(verifier: Arc<dyn ServerCertVerifier>) -> Arc<dyn ServerCertVerifier> {
    Arc::new(Aside::new(verifier))
}

/// The check that a connection was given up for, because it takes long.
pub(super) fn unfinished(error: &rustls::Error) -> Option<Arc<Check>> {
    let rustls::Error::InvalidCertificate(CertificateError::Other(inside)) = error else {
        return None;
    };
    let unfinished = inside.0.downcast_ref::<Unfinished>()?;
    Some(Arc::clone(&unfinished.0))
}
