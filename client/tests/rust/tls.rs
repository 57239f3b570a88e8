//! TLS against a real TLS server: what is trusted, and what a refusal says.

use std::fs;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::json;
use v2024_sandbox::{Certificate, Options, Sandbox, Tls, TlsVersion};
use v2024_task_management::{ErrorKind, Settings};

use crate::common::*;

async fn secure(tls: Tls) -> (Sandbox, tempfile::TempDir, String) {
    let sandbox = Sandbox::start(Options {
        tls: Some(tls),
        ..Default::default()
    })
    .await
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, sandbox.ca_pem().unwrap()).unwrap();
    let file = file.display().to_string();
    (sandbox, folder, file)
}

#[tokio::test]
async fn c35_a_private_authority_in_each_setting_and_version() {
    for version in [TlsVersion::V1_2, TlsVersion::V1_3] {
        let (sandbox, folder, file) = secure(Tls {
            versions: vec![version],
            ..Tls::default()
        })
        .await;
        let folder = folder.path().display().to_string();
        for trust in [
            json!({ "CertificateAuthority": file }),
            json!({ "Environment": { "SSL_CERT_FILE": file } }),
            json!({ "Environment": { "SSL_CERT_DIR": folder } }),
            json!({ "Folder": folder, "CertificateAuthority": "ca.pem" }),
        ] {
            let response = client(&sandbox, trust)
                .get_pending_tasks(pending())
                .await
                .unwrap();
            assert_eq!(response.status(), 200);
        }
        assert!(
            sandbox
                .requests()
                .iter()
                .all(|request| request.status == Some(200))
        );
    }
}

#[tokio::test]
async fn certificates_that_are_refused_say_why() {
    let trusted = |file: &str| json!({ "CertificateAuthority": file });
    for (certificate, is_trusted, reason, hint) in [
        (
            Certificate::Good,
            false,
            "is self-signed or from an authority that is not trusted",
            "if you trust its authority, set CertificateAuthority or SSL_CERT_FILE to the authority's PEM file",
        ),
        (
            Certificate::SelfSigned,
            true,
            "is self-signed or from an authority that is not trusted",
            "if you trust its authority, set CertificateAuthority or SSL_CERT_FILE to the authority's PEM file",
        ),
        (
            Certificate::Expired,
            true,
            "has expired",
            "the tenant's or proxy's certificate must be renewed; check this machine's clock too",
        ),
        (
            Certificate::WrongName,
            true,
            "is for another name",
            "check the host in BaseUrl",
        ),
    ] {
        let (sandbox, _folder, file) = secure(Tls {
            certificate,
            ..Tls::default()
        })
        .await;
        let settings = if is_trusted {
            trusted(&file)
        } else {
            json!({})
        };
        let error = client(&sandbox, settings)
            .get_pending_tasks(pending())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{certificate:?}: {error}");
        assert_eq!(
            error.message(),
            format!("the certificate of {} {reason}", sandbox.base_url())
        );
        assert_eq!(error.hint(), Some(hint));
        assert_eq!(sandbox.requests(), []);
    }
}

#[tokio::test]
async fn https_to_a_server_that_speaks_http() {
    let sandbox = sandbox().await;
    let base_url = sandbox.base_url().replace("http://", "https://");
    let error = client(&sandbox, json!({ "BaseUrl": base_url }))
        .get_pending_tasks(pending())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    assert!(
        error
            .message()
            .starts_with(&format!("the TLS connection to {base_url} failed: ")),
        "{error}"
    );
}

#[tokio::test]
async fn certificate_files_that_cannot_be_read() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged.pem");
    let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(&damaged, text).unwrap();
    for (path, reason) in [
        ("/no/such/ca.pem", "not there"),
        (
            "/etc/hostname",
            "it holds no certificate in PEM or DER form",
        ),
        ("/dev/zero", "it is larger than 16777216 bytes"),
        (
            &damaged.display().to_string(),
            "its certificate is malformed",
        ),
    ] {
        let given = json!({ "BaseUrl": "https://tenant.test", "CertificateAuthority": path });
        let given = settings_json(&sandbox, given).to_string();
        let error = Settings::from_json(&given).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Settings);
        assert_eq!(
            error.message(),
            format!("the certificates at {path} cannot be read: {reason}")
        );
        // Nothing is reached by TLS, so nothing is read.
        settings(&sandbox, json!({ "CertificateAuthority": path }));
    }
}

#[tokio::test]
async fn c51_certificate_files_as_windows_writes_them() {
    let (sandbox, _folder, file) = secure(Tls::default()).await;
    let pem = sandbox.ca_pem().unwrap().to_owned();
    let utf16 = |unit: fn(u16) -> [u8; 2]| {
        let text = format!("\u{feff}{pem}");
        text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    for content in [
        format!("\u{feff}{pem}").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        der.to_vec(),
        [b"K\xfcche\r\n", pem.replace('\n', "\r\n").as_bytes()].concat(),
    ] {
        fs::write(&file, content).unwrap();
        client(&sandbox, json!({ "CertificateAuthority": file }))
            .get_pending_tasks(pending())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_corrected_certificate_file_is_read_again() {
    let (sandbox, _folder, file) = secure(Tls::default()).await;
    let right = fs::read_to_string(&file).unwrap();
    let (_other, _other_folder, other) = secure(Tls::default()).await;
    fs::copy(&other, &file).unwrap();
    let ask = async || {
        let client = client(&sandbox, json!({ "CertificateAuthority": file }));
        client.get_pending_tasks(pending()).await.map(drop)
    };
    assert_eq!(ask().await.unwrap_err().kind(), ErrorKind::Tls);
    fs::write(&file, right).unwrap();
    ask().await.unwrap();
}

#[tokio::test]
async fn what_is_stale_in_the_environment_is_skipped() {
    let (sandbox, _folder, file) = secure(Tls::default()).await;
    for stale in ["/no/such", "/etc/hostname", " ", ""] {
        let settings = json!({
            "CertificateAuthority": file,
            "Environment": { "SSL_CERT_FILE": stale, "SSL_CERT_DIR": format!("{stale}:{stale}") },
        });
        client(&sandbox, settings)
            .get_pending_tasks(pending())
            .await
            .unwrap();
    }
}
