//! A verifier that sleeps, as the system's does where it cannot reach a revocation server.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::time::{Instant, sleep};
use v2024_sandbox::{Options, Sandbox, Tls};

use super::*;

const CHECK: Duration = Duration::from_millis(1500);

/// What a task that shares the thread may have to wait: the brief wait for a check, and slack.
const BRIEF: Duration = Duration::from_millis(600);

#[derive(Debug)]
struct Sleepy {
    verifier: Arc<dyn ServerCertVerifier>,
    refuses: AtomicBool,
    takes: Duration,
    checks: AtomicUsize,
}

impl ServerCertVerifier for Sleepy {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.checks.fetch_add(1, Ordering::Relaxed);
        thread::sleep(self.takes);
        if self.refuses.load(Ordering::Relaxed) {
            return Err(CertificateError::Revoked.into());
        }
        let verifier = &self.verifier;
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// The hosts whose checks were waited for.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Observer for Seen {
    fn certificate_check(&self, event: &CertificateCheckEvent<'_>) {
        lock(&self.0).push(event.host.to_owned());
    }
}

struct Slow {
    sandbox: Sandbox,
    transport: Transport,
    sleepy: Arc<Sleepy>,
    url: Url,
}

impl Slow {
    async fn new(refuses: bool, takes: Duration) -> Self {
        let tls = Some(Tls::default());
        let sandbox = Sandbox::start(Options {
            tls,
            ..Options::default()
        })
        .await
        .unwrap();
        let mut roots = RootCertStore::empty();
        let ca = CertificateDer::from_pem_slice(sandbox.ca_pem().unwrap().as_bytes()).unwrap();
        roots.add(ca).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let sleepy = Arc::new(Sleepy {
            verifier: verifier.build().unwrap(),
            refuses: AtomicBool::new(refuses),
            takes,
            checks: AtomicUsize::new(0),
        });
        Self {
            url: Url::parse(&format!("{}/v2024/task-status", sandbox.base_url())).unwrap(),
            transport: Transport {
                tls: tls::config_aside(sleepy.clone()),
                connect_timeout: Duration::from_secs(15),
                clients: Arc::default(),
                reached: Mutex::default(),
                routes: Arc::new(Routes::new(&crate::settings::Proxy::default())),
            },
            sandbox,
            sleepy,
        }
    }

    async fn send(&self, seen: &Seen) -> Result<Response, Failure> {
        let outgoing = Outgoing {
            method: Method::GET,
            url: &self.url,
            bearer: None,
            body: None,
            experimental: false,
            user_agent: "x",
            retry_safe: true,
            largest_body: 1 << 20,
        };
        self.transport.send(outgoing, None, seen).await
    }
}

/// The longest that a task of the same thread waits for its turn.
async fn longest_pause() -> Duration {
    let mut longest = Duration::ZERO;
    let started = Instant::now();
    while started.elapsed() < CHECK {
        let before = Instant::now();
        sleep(Duration::from_millis(5)).await;
        longest = longest.max(before.elapsed());
    }
    longest
}

#[tokio::test]
async fn c69_a_long_check_holds_up_nothing_else_and_is_told() {
    let slow = Slow::new(false, CHECK).await;
    let (first, second) = (Seen::default(), Seen::default());
    let (one, other, pause) = tokio::join!(slow.send(&first), slow.send(&second), longest_pause());
    assert_eq!((one.unwrap().status(), other.unwrap().status()), (401, 401));
    assert!(pause < BRIEF, "{pause:?}");
    for seen in [first, second] {
        assert_eq!(*lock(&seen.0), ["127.0.0.1"]);
    }
    // Both waited for one check, and each request left once.
    assert_eq!(slow.sleepy.checks.load(Ordering::Relaxed), 1);
    assert_eq!(slow.sandbox.requests().len(), 2);
}

#[tokio::test]
async fn a_call_that_waits_for_a_check_can_be_cancelled() {
    let slow = Slow::new(false, CHECK).await;
    let started = Instant::now();
    let sent = timeout(Duration::from_millis(300), slow.send(&Seen::default())).await;
    assert!(sent.is_err());
    assert!(started.elapsed() < Duration::from_millis(300) + BRIEF);
    assert_eq!(slow.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_long_check_that_refuses_ends_the_call() {
    let slow = Slow::new(true, CHECK).await;
    let Err(Failure::Final(error)) = slow.send(&Seen::default()).await else {
        panic!("not refused");
    };
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(error.message().ends_with(" was revoked"), "{error}");
    assert_eq!(slow.sleepy.checks.load(Ordering::Relaxed), 1);
    assert_eq!(slow.sandbox.requests().len(), 0);
}

/// Whoever puts a certificate right need not wait until a refusal is forgotten.
#[tokio::test]
async fn a_refusal_is_not_remembered_and_an_acceptance_is() {
    for takes in [Duration::ZERO, Duration::from_millis(200)] {
        let slow = Slow::new(true, takes).await;
        for checks in 1..=2 {
            let Err(Failure::Final(error)) = slow.send(&Seen::default()).await else {
                panic!("not refused");
            };
            assert!(error.message().ends_with(" was revoked"), "{error}");
            assert_eq!(slow.sleepy.checks.load(Ordering::Relaxed), checks);
        }
        slow.sleepy.refuses.store(false, Ordering::Relaxed);
        for _ in 0..2 {
            let response = slow.send(&Seen::default()).await.unwrap();
            assert_eq!(response.status(), 401);
            // The next request needs another connection.
            lock(&slow.transport.clients).kept.clear();
        }
        assert_eq!(slow.sleepy.checks.load(Ordering::Relaxed), 3);
    }
}
