//! Certificates that are refused, and what the error says. Windows and macOS check certificates themselves: they refuse
//! others, in other words.

use std::fs;
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
use v2024_sandbox::{Certificate, Sandbox, Tls};
use v2024_task_management::{Error, ErrorKind};

use crate::common::*;
use crate::tls::secure;

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
