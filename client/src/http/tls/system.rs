//! The operating system's trust.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;

use crate::error::{Error, ErrorKind};

/// Verifiers to try one after the other: one that accepts is enough, the last one's error is
/// reported.
pub(super) type Verifiers = Vec<Arc<dyn ServerCertVerifier>>;

/// Windows and macOS verify certificates themselves. The given ones come first: they need no network,
/// and unlike the system's verification they may be intermediate certificates.
#[cfg(any(windows, target_vendor = "apple"))]
pub(super) fn verifiers(
    given: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Verifiers, Error> {
    use super::words;
    use rustls_platform_verifier::Verifier;

    let mut verifiers: Verifiers = Vec::new();
    let system = if given.is_empty() {
        // Windows would try an empty set of roots last, and report that failure instead of the
        // system's.
        Verifier::new(Arc::clone(provider))
    } else {
        verifiers.push(webpki(given.to_vec(), provider)?);
        Verifier::new_with_extra_roots(given.to_vec(), Arc::clone(provider))
    };
    verifiers.push(Arc::new(system.map_err(|error| words::unusable(&error))?));
    Ok(verifiers)
}

/// Elsewhere the roots are files. They are read here because rustls-native-certs reads `SSL_CERT_FILE`
/// and `SSL_CERT_DIR` of the process instead of them when either is set, even to nothing.
#[cfg(not(any(windows, target_vendor = "apple")))]
pub(super) fn verifiers(
    given: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Verifiers, Error> {
    let roots = given.iter().cloned().chain(roots()).collect();
    Ok(vec![webpki(roots, provider)?])
}

/// Trusts these certificates alone.
fn webpki(
    roots: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let mut store = rustls::RootCertStore::empty();
    store.add_parsable_certificates(roots);
    let builder = rustls::client::WebPkiServerVerifier::builder_with_provider(
        Arc::new(store),
        Arc::clone(provider),
    );
    let verifier = builder.build().map_err(|_| {
        Error::new(
            ErrorKind::Tls,
            "there are no trusted certificates: the operating system has none",
        )
        .with_hint("install the system's CA certificates, or set SSL_CERT_FILE to a PEM file")
    })?;
    Ok(verifier)
}

/// What distributions keep all their roots in; the first that is there is read.
#[cfg(not(any(windows, target_vendor = "apple")))]
const FILES: [&str; 10] = [
    // Debian, Ubuntu, Arch, Gentoo
    "/etc/ssl/certs/ca-certificates.crt",
    // Fedora, RHEL
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    // SUSE
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    // Alpine, OpenBSD
    "/etc/ssl/cert.pem",
    // Entware
    "/opt/etc/ssl/certs/ca-certificates.crt",
    // FreeBSD, DragonFly, NetBSD
    "/usr/local/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/openssl/certs/ca-certificates.crt",
];

/// Where administrators add single certificates, which OpenSSL's tools find there.
#[cfg(not(any(windows, target_vendor = "apple")))]
const FOLDERS: [&str; 4] = [
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/usr/local/share/certs",
    "/etc/openssl/certs",
];

#[cfg(not(any(windows, target_vendor = "apple")))]
fn roots() -> Vec<CertificateDer<'static>> {
    use crate::settings::certificates::{files, in_file};
    use std::path::{Path, PathBuf};

    let bundle = FILES.map(Path::new).into_iter().find(|file| file.is_file());
    let singles = FOLDERS
        .iter()
        .flat_map(|folder| files(Path::new(folder)).unwrap_or_default());
    let mut roots: Vec<_> = bundle
        .map(PathBuf::from)
        .into_iter()
        .chain(singles)
        .flat_map(|file| in_file(&file).0)
        .collect();
    roots.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
    roots.dedup();
    roots
}

#[cfg(test)]
#[cfg(not(any(windows, target_vendor = "apple")))]
mod tests {
    use std::process::Command;

    #[test]
    fn the_system_has_roots() {
        assert!(super::roots().len() > 50);
    }

    #[test]
    fn the_process_environment_changes_nothing_about_them() {
        for value in ["", "/no/such", "/etc/hostname"] {
            let status = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "http::tls::system::tests::the_system_has_roots"])
                .env("SSL_CERT_FILE", value)
                .env("SSL_CERT_DIR", value)
                .status();
            assert!(status.unwrap().success(), "{value}");
        }
    }
}
