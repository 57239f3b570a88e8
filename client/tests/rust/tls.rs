//! TLS against a real TLS server: what is trusted, and what a refusal says.

use serde_json::json;
use v2024_sandbox::{Certificate, Options, Sandbox, Tls, TlsVersion};
use v2024_task_management::ErrorKind;

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
    for (path, reason) in [
        ("/no/such/ca.pem", "No such file or directory"),
        ("/etc/hostname", "it holds no certificate in PEM form"),
    ] {
        let settings = settings(
            &sandbox,
            json!({ "BaseUrl": "https://tenant.test", "CertificateAuthority": path }),
        );
        let error = v2024_task_management::Client::new(settings).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Settings);
        assert!(
            error
                .message()
                .starts_with(&format!("the certificates at {path} cannot be read: ")),
            "{error}"
        );
        assert!(error.message().contains(reason), "{error}");
    }
}
