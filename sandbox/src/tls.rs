//! https with certificates made at startup: a good one, and ones that a client must reject.

use std::{fs, io, path::PathBuf, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig, SupportedProtocolVersion,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
        version::{TLS12, TLS13},
    },
};

/// How a sandbox serves https.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate that it presents. Defaults to the good one.
    pub certificate: Certificate,
    /// The TLS versions that it speaks. Defaults to both.
    pub versions: Vec<TlsVersion>,
    /// Folder to write the authority's certificate to, as `ca.pem`; created if missing. Defaults to
    /// `None`: only [`Sandbox::ca_pem`](crate::Sandbox::ca_pem) gives the certificate.
    pub folder: Option<PathBuf>,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            certificate: Certificate::Good,
            versions: vec![TlsVersion::V1_2, TlsVersion::V1_3],
            folder: None,
        }
    }
}

/// A certificate that a sandbox presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Certificate {
    /// For localhost and 127.0.0.1, signed by the authority in `ca.pem`.
    Good,
    /// Like the good one, but expired.
    Expired,
    /// For localhost and 127.0.0.1, signed by itself instead of the authority.
    SelfSigned,
    /// Signed by the authority, but for another host.
    WrongName,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[value(name = "1.2")]
    V1_2,
    /// TLS 1.3.
    #[value(name = "1.3")]
    V1_3,
}

/// The TLS acceptor for connections, and the authority's certificate.
pub(crate) struct Prepared {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
}

/// Makes the certificates.
pub(crate) fn prepare(tls: &Tls) -> io::Result<Prepared> {
    let authority = authority().map_err(io::Error::other)?;
    let ca_pem = authority.pem();
    if let Some(folder) = &tls.folder {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("ca.pem"), &ca_pem)?;
    }
    let (certificate, key) = server(tls.certificate, &authority).map_err(io::Error::other)?;
    let versions: Vec<&'static SupportedProtocolVersion> = tls
        .versions
        .iter()
        .map(|version| match version {
            TlsVersion::V1_2 => &TLS12,
            TlsVersion::V1_3 => &TLS13,
        })
        .collect();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&versions)
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(vec![certificate], key)
        })
        .map_err(io::Error::other)?;
    Ok(Prepared {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        ca_pem,
    })
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "v2024-sandbox test authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn server(
    kind: Certificate,
    authority: &CertifiedIssuer<'static, KeyPair>,
) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let names: &[&str] = match kind {
        Certificate::WrongName => &["elsewhere.example"],
        _ => &["localhost", "127.0.0.1"],
    };
    let mut params = CertificateParams::new(
        names
            .iter()
            .map(|name| name.to_string())
            .collect::<Vec<_>>(),
    )?;
    params.distinguished_name.push(DnType::CommonName, names[0]);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Some systems reject certificates that are valid for more than 825 days.
    let this_year = i32::from(Timestamp::now().to_zoned_datetime(TimeZone::UTC).year());
    let year = if kind == Certificate::Expired {
        this_year - 3
    } else {
        this_year
    };
    params.not_before = date_time_ymd(year - 1, 12, 1);
    params.not_after = date_time_ymd(year + 1, 1, 31);
    let key = KeyPair::generate()?;
    let certificate = match kind {
        Certificate::SelfSigned => params.self_signed(&key)?,
        _ => params.signed_by(&key, authority)?,
    };
    Ok((
        certificate.der().clone(),
        PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
    ))
}
