//! What is trusted: what the operating system trusts, and what the settings give.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};

use super::der;
use super::refusal::Refusal;
use super::system::{self, Verifiers};
use crate::error::Error;

/// Verifies what a server shows.
#[derive(Debug)]
pub(super) struct Trust {
    verifiers: Verifiers,
    given: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Trust {
    /// # Errors
    /// No trusted certificates at all.
    pub(super) fn new(
        given: &[CertificateDer<'static>],
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        Ok(Self {
            verifiers: system::verifiers(given, &provider)?,
            given: given.to_vec(),
            algorithms: provider.signature_verification_algorithms,
        })
    }

    fn verify(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<(), rustls::Error> {
        let mut result = Err(CertificateError::UnknownIssuer.into());
        for verifier in &self.verifiers {
            result = verifier
                .verify_server_cert(certificate, intermediates, name, ocsp_response, now)
                .map(drop);
            if result.is_ok() {
                return result;
            }
        }
        // A server's own certificate is trusted where it is given itself, whoever issued it. The
        // verifiers accept it only where it could be an authority's.
        if self.given.contains(certificate) {
            return in_itself(certificate, name, now);
        }
        result
    }
}

/// Whether a certificate that is trusted as it is holds now and for this name.
fn in_itself(
    certificate: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Result<(), rustls::Error> {
    let (not_before, not_after) =
        der::validity(certificate).ok_or(CertificateError::BadEncoding)?;
    if now < not_before {
        return Err(CertificateError::NotValidYetContext {
            time: now,
            not_before,
        }
        .into());
    }
    if now > not_after {
        return Err(CertificateError::ExpiredContext {
            time: now,
            not_after,
        }
        .into());
    }
    verify_server_name(&ParsedCertificate::try_from(certificate)?, name)
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.verify(end_entity, intermediates, server_name, ocsp_response, now)
            .map(|()| ServerCertVerified::assertion())
            .map_err(|error| match error {
                rustls::Error::InvalidCertificate(reason) => {
                    let refusal = Refusal {
                        reason,
                        host: server_name.to_str().into_owned(),
                        others_are_given: !self.given.is_empty(),
                    };
                    CertificateError::Other(OtherError(Arc::new(refusal))).into()
                }
                other => other,
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
