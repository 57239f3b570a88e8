//! Checks of certificates by the operating system, which may take seconds: it asks servers whether a
//! certificate was revoked, and waits for those that it cannot reach.
//!
//! A check runs on a thread of the runtime for work that blocks. What connects waits for it only briefly,
//! since other calls wait meanwhile: after that the connection is given up, the call waits for the check
//! without holding up anything, and connects again.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::locks::lock;

/// How long a connection waits for its check. Most checks are shorter.
const BRIEF: Duration = Duration::from_millis(100);

/// How long an accepted certificate is not checked again. A refusal holds for those alone that wait for it:
/// what it is about may be put right at any time.
const FRESH: Duration = Duration::from_secs(60);

pub(in crate::http) type Verdict = Result<(), rustls::Error>;

/// Runs the checks of another verifier on other threads.
#[derive(Debug)]
pub(super) struct Aside {
    verifier: Arc<dyn ServerCertVerifier>,
    checks: Mutex<Vec<Arc<Check>>>,
}

/// A check that runs or has ended.
pub(in crate::http) struct Check {
    shown: Shown,
    verdict: Mutex<Option<(Verdict, Instant)>>,
    changed: Condvar,
    ended: Notify,
}

/// What a server shows, and the name that it is to be for.
#[derive(PartialEq)]
struct Shown {
    certificate: CertificateDer<'static>,
    intermediates: Vec<CertificateDer<'static>>,
    name: ServerName<'static>,
    ocsp_response: Vec<u8>,
}

/// Travels inside an error of rustls to the call, which waits for the check.
pub(super) struct Unfinished(pub Arc<Check>);

/// Gives a check a verdict, also if it panics or never runs.
struct Running(Arc<Check>);

impl Aside {
    pub(super) fn new(verifier: Arc<dyn ServerCertVerifier>) -> Self {
        Self {
            verifier,
            checks: Mutex::default(),
        }
    }

    /// The check of this certificate, and whether it is new.
    fn check(&self, shown: Shown) -> (Arc<Check>, bool) {
        let mut checks = lock(&self.checks);
        checks.retain(|check| check.is_fresh());
        if let Some(check) = checks.iter().find(|check| check.shown == shown) {
            return (Arc::clone(check), false);
        }
        let check = Arc::new(Check {
            shown,
            verdict: Mutex::default(),
            changed: Condvar::new(),
            ended: Notify::new(),
        });
        checks.push(Arc::clone(&check));
        (check, true)
    }
}

impl Check {
    /// The host that the certificate is to be for.
    pub(in crate::http) fn host(&self) -> String {
        self.shown.name.to_str().into_owned()
    }

    /// Waits until the check has ended.
    ///
    /// # Errors
    /// The certificate is refused.
    pub(in crate::http) async fn ended(&self) -> Verdict {
        loop {
            let ended = self.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            if let Some((verdict, _)) = &*lock(&self.verdict) {
                return verdict.clone();
            }
            ended.await;
        }
    }

    /// Whether the check runs, or has accepted the certificate not long ago.
    fn is_fresh(&self) -> bool {
        match &*lock(&self.verdict) {
            None => true,
            Some((Ok(()), at)) => at.elapsed() < FRESH,
            Some((Err(_), _)) => false,
        }
    }

    /// The verdict, if it comes within this time. Blocks.
    fn verdict(&self, within: Duration) -> Option<Verdict> {
        let deadline = Instant::now() + within;
        let mut verdict = lock(&self.verdict);
        while verdict.is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.changed.wait_timeout(verdict, left);
            verdict = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        verdict.as_ref().map(|(verdict, _)| verdict.clone())
    }
}

impl Running {
    fn end(&self, verdict: Verdict) {
        lock(&self.0.verdict).get_or_insert((verdict, Instant::now()));
        self.0.changed.notify_all();
        self.0.ended.notify_waiters();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end(Err(rustls::Error::General(
            "the check of the certificate ended without a result".to_owned(),
        )));
    }
}

impl ServerCertVerifier for Aside {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Ok(runtime) = Handle::try_current() else {
            let verifier = &self.verifier;
            return verifier.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            );
        };
        let (check, is_new) = self.check(Shown {
            certificate: end_entity.clone().into_owned(),
            intermediates: intermediates
                .iter()
                .map(|certificate| certificate.clone().into_owned())
                .collect(),
            name: server_name.to_owned(),
            ocsp_response: ocsp_response.to_vec(),
        });
        if is_new {
            let running = Running(Arc::clone(&check));
            let verifier = Arc::clone(&self.verifier);
            runtime.spawn_blocking(move || {
                let shown = &running.0.shown;
                let verdict = verifier.verify_server_cert(
                    &shown.certificate,
                    &shown.intermediates,
                    &shown.name,
                    &shown.ocsp_response,
                    now,
                );
                running.end(verdict.map(drop));
            });
        }
        match check.verdict(if is_new { BRIEF } else { Duration::ZERO }) {
            Some(verdict) => verdict.map(|()| ServerCertVerified::assertion()),
            None => Err(CertificateError::Other(OtherError(Arc::new(Unfinished(check)))).into()),
        }
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

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the check of the certificate for {}", self.host())
    }
}

impl fmt::Debug for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} has not ended", self.0)
    }
}

impl std::error::Error for Unfinished {}
