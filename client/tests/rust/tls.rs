//! TLS against a real TLS server: what is trusted, and what a refusal says.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use v2024_sandbox::{Certificate, Options, Sandbox, Tls, TlsVersion};
use v2024_task_management::{Client, Error, ErrorKind, Note, NoteCode, Settings};

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
            "the certificates in CertificateAuthority, SSL_CERT_FILE or SSL_CERT_DIR are not its authority's: ask who \
             runs the server, or the proxy on the way, for the authority's certificate",
        ),
        (
            Certificate::Expired,
            true,
            EXPIRED,
            "the tenant's or proxy's certificate must be renewed; check this machine's clock too",
        ),
        (
            Certificate::WrongName,
            true,
            "is for another name: elsewhere.example",
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
            without_dates(error.message()),
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
    let damaged = folder.path().join("damaged.pem");
    let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(&damaged, text).unwrap();
    for (path, reason) in [
        ("/no/such/ca.pem", "not there"),
        (
            "/etc/hostname",
            "it holds no certificate in PEM or DER form",
        ),
        ("/dev/zero", "it is not a regular file"),
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
async fn what_is_stale_in_the_environment_is_skipped_with_a_note() {
    let (sandbox, _folder, file) = secure(Tls::default()).await;
    let none = "it holds no certificate in PEM or DER form";
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().display().to_string();
    for (stale_file, stale_folder, expected) in [
        (
            "/no/such",
            "/no/such",
            vec![
                "SSL_CERT_FILE: certificates at /no/such are skipped: not there".to_owned(),
                "SSL_CERT_DIR: certificates at /no/such are skipped: not there".to_owned(),
            ],
        ),
        (
            "/etc/hostname",
            &empty,
            vec![format!(
                "SSL_CERT_FILE: certificates at /etc/hostname are skipped: {none}"
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
        ("SSL_CERT_DIR", ":.:/", folder_ignored(r#""", ".""#)),
        ("SSL_CERT_DIR", "/:", folder_ignored(r#""""#)),
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

/// A server with its own certificate that passes everything on to a sandbox.
struct Front {
    sandbox: Sandbox,
    base_url: String,
    folder: tempfile::TempDir,
}

impl Front {
    async fn start(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Self {
        let sandbox = sandbox().await;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("https://{}", listener.local_addr().unwrap());
        let tenant = sandbox.base_url().replace("http://", "");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, tenant) = (acceptor.clone(), tenant.clone());
                tokio::spawn(async move {
                    let mut stream = acceptor.accept(stream).await?;
                    let mut tenant = TcpStream::connect(tenant).await?;
                    tokio::io::copy_bidirectional(&mut stream, &mut tenant).await
                });
            }
        });
        Self {
            sandbox,
            base_url,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Asks while these certificates are given as trusted.
    async fn ask(&self, trusted: &[&str]) -> Result<(), Error> {
        let file = self.folder.path().join("ca.pem");
        fs::write(&file, trusted.concat()).unwrap();
        let mut settings = json!({ "BaseUrl": self.base_url });
        if !trusted.is_empty() {
            settings["CertificateAuthority"] = json!(file);
        }
        let client = client(&self.sandbox, settings);
        client.get_pending_tasks(pending()).await.map(drop)
    }

    /// The error when asked so, without where it is about, and its hint.
    async fn refusal(&self, trusted: &[&str]) -> (String, String) {
        let error = self.ask(trusted).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
        assert_eq!(self.sandbox.requests(), []);
        let message = without_dates(error.message());
        let start = format!("the certificate of {} ", self.base_url);
        let message = message.strip_prefix(&start).expect(&message).to_owned();
        (message, error.hint().unwrap().to_owned())
    }
}

const UNTRUSTED: &str = "is self-signed or from an authority that is not trusted";
const EXPIRED: &str = "has expired: it was valid until DATE, and this machine's clock says DATE";

/// A message with every date of the form 2026-11-27 as DATE.
fn without_dates(message: &str) -> String {
    let is_date = |word: &str| word.len() == 10 && word.matches('-').count() == 2;
    let words = message.split_inclusive([' ', ',']);
    words
        .map(|word| {
            let bare = word.trim_end_matches([' ', ',']);
            let date = is_date(bare) && bare.starts_with(|c: char| c.is_ascii_digit());
            if date {
                word.replace(bare, "DATE")
            } else {
                word.to_owned()
            }
        })
        .collect()
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn server() -> CertificateParams {
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "127.0.0.1");
    params
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

#[tokio::test]
async fn c74_what_is_given_as_trusted_is_trusted() {
    let root = CertifiedIssuer::self_signed(authority("root"), key()).unwrap();
    let intermediate = CertifiedIssuer::signed_by(authority("intermediate"), key(), &root).unwrap();
    let key = key();
    let leaf = server().signed_by(&key, &intermediate).unwrap();
    let chain = vec![leaf.der().clone(), intermediate.der().clone()];
    for chain in [chain[..1].to_vec(), chain] {
        let is_whole = chain.len() > 1;
        let front = Front::start(chain, private(&key)).await;
        let other = authority("other").self_signed(&key).unwrap().pem();
        let (message, hint) = front.refusal(&[&other]).await;
        assert_eq!(message, UNTRUSTED);
        assert!(hint.contains("are not its authority's"), "{hint}");
        let (message, hint) = front.refusal(&[]).await;
        assert_eq!(message, UNTRUSTED);
        assert!(hint.contains("set CertificateAuthority"), "{hint}");
        if !is_whole {
            let (message, _) = front.refusal(&[&root.pem()]).await;
            assert_eq!(message, UNTRUSTED);
        }
        front.ask(&[&intermediate.pem()]).await.unwrap();
        front.ask(&[&leaf.pem()]).await.unwrap();
        if is_whole {
            front.ask(&[&root.pem()]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_self_signed_certificate_is_trusted_where_it_is_given() {
    let mut as_openssl_makes_it = server();
    as_openssl_makes_it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (params, reason) in [
        (server(), UNTRUSTED),
        (
            as_openssl_makes_it,
            "is an authority's own: it is self-signed, or not meant for servers",
        ),
    ] {
        let key = key();
        let certificate = params.self_signed(&key).unwrap();
        let front = Front::start(vec![certificate.der().clone()], private(&key)).await;
        let (message, hint) = front.refusal(&[]).await;
        assert_eq!(message, reason);
        assert!(hint.starts_with("if you trust it"), "{hint}");
        front.ask(&[&certificate.pem()]).await.unwrap();
    }
}

#[tokio::test]
async fn a_given_certificate_has_to_be_valid_all_the_same() {
    let mut expired = server();
    expired.not_after = date_time_ymd(2024, 2, 29);
    let mut not_yet = server();
    not_yet.not_before = date_time_ymd(2090, 1, 1);
    not_yet.not_after = date_time_ymd(2091, 1, 1);
    let mut other =
        CertificateParams::new(vec!["a.example".to_owned(), "*.b.example".to_owned()]).unwrap();
    other.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (mut params, reason) in [
        (expired, EXPIRED),
        (
            not_yet,
            "is not valid yet: it is valid from DATE, and this machine's clock says DATE",
        ),
        (other, "is for another name: a.example, *.b.example"),
    ] {
        for is_ca in [false, true] {
            if is_ca {
                params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            }
            let key = key();
            let certificate = params.clone().self_signed(&key).unwrap();
            let front = Front::start(vec![certificate.der().clone()], private(&key)).await;
            assert_eq!(front.refusal(&[&certificate.pem()]).await.0, reason);
        }
    }
}

#[tokio::test]
async fn c50_a_certificate_without_alternative_names_says_so() {
    let root = CertifiedIssuer::self_signed(authority("root"), key()).unwrap();
    let mut params = server();
    params.subject_alt_names.clear();
    let key = key();
    let certificate = params.signed_by(&key, &root).unwrap();
    let front = Front::start(vec![certificate.der().clone()], private(&key)).await;
    let (message, hint) = front.refusal(&[&root.pem()]).await;
    assert_eq!(
        message,
        "names no host: it has no subjectAltName, and the common name alone does not count"
    );
    assert!(hint.contains("subjectAltName"), "{hint}");
}

#[tokio::test]
async fn c48_an_authority_with_a_p521_key_is_named_as_unsupported_with_openssl() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &str| {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder.path())
            .output()
            .expect("this test needs openssl");
        assert!(output.status.success(), "{arguments}: {output:?}");
    };
    fs::write(folder.path().join("names"), "subjectAltName=IP:127.0.0.1\n").unwrap();
    run(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp521r1 -nodes -keyout ca.key -out ca.pem -subj /CN=ca",
    );
    run(
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out server.csr -subj /CN=server",
    );
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    for (digest, algorithm) in [
        ("sha512", "ECDSA with SHA-512, as for P-521 keys"),
        ("sha256", "ECDSA with a P-521 key"),
    ] {
        run(&format!(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -set_serial 1 -{digest} -extfile names -out server.pem"
        ));
        let certificate = CertificateDer::from_pem_slice(read("server.pem").as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(read("key.pem").as_bytes()).unwrap();
        let front = Front::start(vec![certificate], key).await;
        let (message, hint) = front.refusal(&[&read("ca.pem")]).await;
        assert_eq!(
            message,
            format!("has a signature of an algorithm that is not supported: {algorithm}")
        );
        assert!(hint.contains("P-256 or P-384"), "{hint}");
        // The server's certificate itself can be trusted, and its own key is supported.
        front.ask(&[&read("server.pem")]).await.unwrap();
    }
}
