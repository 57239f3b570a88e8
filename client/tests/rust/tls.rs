//! TLS against a real TLS server: what is trusted.

use std::fs;
use std::path::Path;

use serde_json::json;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use v2024_sandbox::{Options, Sandbox, Tls, TlsVersion};
use v2024_task_management::{Client, ErrorKind, Note, NoteCode, Settings};

use crate::common::*;

pub async fn secure(tls: Tls) -> (Sandbox, tempfile::TempDir, String) {
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
async fn https_to_a_server_that_speaks_http() {
    let sandbox = sandbox().await;
    let base_url = sandbox.base_url().replace("http://", "https://");
    let error = client(&sandbox, json!({ "BaseUrl": base_url }))
        .get_pending_tasks(pending())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    assert_eq!(
        error.message(),
        format!(
            "the TLS connection to {base_url} failed: the server does not speak TLS, or its messages are damaged on \
             the way"
        )
    );
}

#[tokio::test]
async fn certificate_files_that_cannot_be_read() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name| folder.path().join(name).display().to_string();
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(path("damaged.pem"), damaged).unwrap();
    fs::write(path("text"), "text\n").unwrap();
    let mut unreadable = vec![
        (path("missing.pem"), "not there"),
        (path("text"), "it holds no certificate in PEM or DER form"),
        (path("damaged.pem"), "its certificate is malformed"),
    ];
    if cfg!(unix) {
        unreadable.push(("/dev/zero".to_owned(), "it is not a regular file"));
    }
    for (path, reason) in unreadable {
        let given = json!({ "BaseUrl": "https://tenant.test", "CertificateAuthority": path });
        let given = settings_json(&sandbox, given).to_string();
        let error = Settings::from_json(&given).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Settings);
        assert_eq!(
            error.message(),
            format!(
                "CertificateAuthority (from the explicit settings) cannot be read at {path}: {reason}"
            )
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
async fn what_is_stale_in_the_environment_is_skipped_with_a_note() {
    let (sandbox, _folder, file) = secure(Tls::default()).await;
    let none = "it holds no certificate in PEM or DER form";
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").display().to_string();
    let text = folder.path().join("text").display().to_string();
    fs::write(&text, "text\n").unwrap();
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().display().to_string();
    for (stale_file, stale_folder, expected) in [
        (
            missing.as_str(),
            missing.as_str(),
            vec![
                format!("SSL_CERT_FILE: certificates at {missing} are skipped: not there"),
                format!("SSL_CERT_DIR: certificates at {missing} are skipped: not there"),
            ],
        ),
        (
            &text,
            &empty,
            vec![format!(
                "SSL_CERT_FILE: certificates at {text} are skipped: {none}"
            )],
        ),
        (" ", "", vec![]),
    ] {
        let given = json!({
            "CertificateAuthority": file,
            "Environment": { "SSL_CERT_FILE": stale_file, "SSL_CERT_DIR": stale_folder },
        });
        let settings = settings(&sandbox, given);
        let notes: Vec<_> = settings.notes().iter().map(Note::message).collect();
        assert_eq!(notes, expected);
        let client = Client::new(settings).unwrap();
        client.get_pending_tasks(pending()).await.unwrap();
    }
}

/// The current folder may be anybody's, so no certificate of it is trusted because of a variable.
#[tokio::test]
async fn a_relative_path_in_the_environment_is_ignored() {
    let (sandbox, folder, file) = secure(Tls::default()).await;
    let file = Path::new(&file).file_name().unwrap().to_str().unwrap();
    let file_ignored = "SSL_CERT_FILE was ignored: it is not an absolute path";
    let other = tempfile::tempdir().unwrap();
    let other = other.path().display();
    let next = if cfg!(windows) { ';' } else { ':' };
    let folder_ignored = |parts: &str| {
        format!("parts of SSL_CERT_DIR were ignored: they are not absolute paths: {parts}")
    };
    for (name, value, expected) in [
        ("SSL_CERT_FILE", file, file_ignored.to_owned()),
        (
            "SSL_CERT_FILE",
            &format!("./{file}"),
            file_ignored.to_owned(),
        ),
        ("SSL_CERT_DIR", ".", folder_ignored(r#"".""#)),
        (
            "SSL_CERT_DIR",
            &format!("{next}.{next}{other}"),
            folder_ignored(r#""", ".""#),
        ),
        (
            "SSL_CERT_DIR",
            &format!("{other}{next}"),
            folder_ignored(r#""""#),
        ),
    ] {
        let given = json!({ "Folder": folder.path(), "Environment": { name: value } });
        let settings = settings(&sandbox, given);
        let notes: Vec<_> = settings
            .notes()
            .iter()
            .map(|note| (note.code(), note.message()))
            .collect();
        assert_eq!(notes, [(NoteCode::VariableIgnored, expected.as_str())]);
        let client = Client::new(settings).unwrap();
        let error = client.get_pending_tasks(pending()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{name}={value}");
    }
    // The setting itself may be relative: who gives it explicitly knows the folder.
    let given = json!({ "Folder": folder.path(), "CertificateAuthority": file });
    client(&sandbox, given)
        .get_pending_tasks(pending())
        .await
        .unwrap();
}
