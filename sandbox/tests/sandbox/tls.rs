use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, ProtocolVersion, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
        version::{TLS12, TLS13},
    },
};
use v2024_sandbox::{Certificate, Options, Sandbox, Tls, TlsVersion};

async fn sandbox(tls: Tls) -> Sandbox {
    Sandbox::start(Options {
        tls: Some(tls),
        ..Options::default()
    })
    .await
    .unwrap()
}

/// Makes a handshake as a client that trusts the sandbox's authority. Returns the TLS version.
async fn handshake(sandbox: &Sandbox, name: &'static str) -> Result<ProtocolVersion, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(sandbox.ca_pem().unwrap().as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS12, &TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let address = sandbox.base_url().strip_prefix("https://").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let stream = connector
        .connect(ServerName::try_from(name).unwrap(), stream)
        .await
        .map_err(|error| error.to_string())?;
    Ok(stream.get_ref().1.protocol_version().unwrap())
}

#[tokio::test]
async fn the_good_certificate_works_for_both_names_and_versions() {
    let both = sandbox(Tls::default()).await;
    for name in ["localhost", "127.0.0.1"] {
        assert_eq!(handshake(&both, name).await, Ok(ProtocolVersion::TLSv1_3));
    }
    let old = sandbox(Tls {
        versions: vec![TlsVersion::V1_2],
        ..Tls::default()
    })
    .await;
    assert_eq!(
        handshake(&old, "127.0.0.1").await,
        Ok(ProtocolVersion::TLSv1_2)
    );
    let new = sandbox(Tls {
        versions: vec![TlsVersion::V1_3],
        ..Tls::default()
    })
    .await;
    assert_eq!(
        handshake(&new, "127.0.0.1").await,
        Ok(ProtocolVersion::TLSv1_3)
    );
}

#[tokio::test]
async fn the_other_certificates_are_rejected_each_for_its_reason() {
    for (certificate, reason) in [
        (
            Certificate::Expired,
            "invalid peer certificate: certificate expired",
        ),
        (
            Certificate::SelfSigned,
            "invalid peer certificate: UnknownIssuer",
        ),
        (
            Certificate::WrongName,
            "invalid peer certificate: certificate not valid for name",
        ),
    ] {
        let sandbox = sandbox(Tls {
            certificate,
            ..Tls::default()
        })
        .await;
        let error = handshake(&sandbox, "127.0.0.1").await.unwrap_err();
        assert!(error.starts_with(reason), "{certificate:?}: {error}");
    }
}
