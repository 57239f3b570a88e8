//! TLS: trusts what the operating system trusts, and the certificates that the settings give.

mod aside;
mod der;
mod refusal;
mod system;
mod trust;
mod words;

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
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
    let provider = Arc::new(provider());
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

/// Ring, without what signs: the client has no certificate of its own.
fn provider() -> CryptoProvider {
    CryptoProvider {
        key_provider: &NoKeys,
        ..ring::default_provider()
    }
}

#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(
        &self,
        _: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General(
            "this client has no certificate of its own".to_owned(),
        ))
    }
}

/// What Windows and macOS have: the checks of this verifier may take long.
#[cfg(test)]
pub(super) fn config_aside(verifier: Arc<dyn ServerCertVerifier>) -> ClientConfig {
    let provider = Arc::new(provider());
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
