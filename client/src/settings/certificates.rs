//! The certificates that the settings give in addition to the operating system's.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::file;
use super::note::{Note, NoteCode};
use crate::error::Error;

/// The largest file of certificates that is read: 16 MiB. The largest common ones have 0.5 MiB.
const LARGEST: u64 = 16 << 20;

/// Certificates to trust in addition to the operating system's.
#[derive(Clone, Default)]
pub(crate) struct Certificates(pub Vec<CertificateDer<'static>>);

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} certificates", self.0.len())
    }
}

/// Where the settings say that certificates are.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// `CertificateAuthority`, with the setting's name and source for messages.
    pub explicit: Option<(String, PathBuf)>,
    /// `SSL_CERT_FILE`
    pub file: Option<PathBuf>,
    /// `SSL_CERT_DIR`
    pub folders: Vec<PathBuf>,
}

impl Certificates {
    /// Reads all places. The environment may be stale, so what is missing there is only noted.
    ///
    /// # Errors
    /// No certificate at the explicit place.
    pub(super) fn read(places: &Places, notes: &mut Vec<Note>) -> Result<Self, Error> {
        let mut note = |given_by: &str, path: &Path, reason: &str| {
            let path = path.display();
            notes.push(Note::new(
                NoteCode::CertificatesSkipped,
                format!("{given_by}: certificates at {path} are skipped: {reason}"),
            ));
        };
        let mut all = Vec::new();
        if let Some((name, file)) = &places.explicit {
            let (certificates, fault) = usable(file);
            match fault {
                Some(reason) if certificates.is_empty() => {
                    return Err(unreadable(name, file, &reason));
                }
                Some(reason) => note(name, file, &reason),
                None => {}
            }
            all.extend(certificates);
        }
        if let Some(file) = &places.file {
            let (certificates, fault) = usable(file);
            if let Some(reason) = fault {
                note("SSL_CERT_FILE", file, &reason);
            }
            all.extend(certificates);
        }
        for folder in &places.folders {
            match files(folder) {
                // A folder may hold other files too: what is not a certificate is skipped.
                Ok(files) => all.extend(files.iter().flat_map(|file| usable(file).0)),
                Err(error) => note("SSL_CERT_DIR", folder, &words(&error)),
            }
        }
        all.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        all.dedup();
        Ok(Self(all))
    }
}

/// The certificates of a file that can be trusted, and what is wrong with the file.
fn usable(file: &Path) -> (Vec<CertificateDer<'static>>, Option<String>) {
    let (mut certificates, mut fault) = in_file(file);
    let read = certificates.len();
    let mut store = RootCertStore::empty();
    certificates.retain(|certificate| store.add(certificate.clone()).is_ok());
    let invalid = read - certificates.len();
    if invalid > 0 {
        fault = Some(match read {
            1 => "its certificate is malformed".to_owned(),
            _ => format!("{invalid} of its {read} certificates are malformed"),
        });
    }
    (certificates, fault)
}

/// The certificates of a file in PEM or DER form, and what is wrong with it.
pub(crate) fn in_file(file: &Path) -> (Vec<CertificateDer<'static>>, Option<String>) {
    let bytes = match content(file) {
        Ok(bytes) => bytes,
        Err(error) => return (Vec::new(), Some(words(&error))),
    };
    let mut certificates = Vec::new();
    let mut fault = None;
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        match certificate {
            Ok(certificate) => certificates.push(certificate),
            Err(_) => fault = Some("a part of it is damaged".to_owned()),
        }
    }
    if certificates.is_empty() && fault.is_none() {
        let der = CertificateDer::from(bytes);
        if RootCertStore::empty().add(der.clone()).is_ok() {
            certificates.push(der);
        } else {
            fault = Some("it holds no certificate in PEM or DER form".to_owned());
        }
    }
    (certificates, fault)
}

/// The regular files of a folder, each once: folders of certificates are full of links to the same.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    #[cfg(unix)]
    let mut seen = std::collections::HashSet::new();
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut is_new = |metadata: &fs::Metadata| {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            metadata.is_file() && seen.insert((metadata.dev(), metadata.ino()))
        }
        #[cfg(not(unix))]
        metadata.is_file()
    };
    let paths = fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| fs::metadata(path).is_ok_and(|metadata| is_new(&metadata)))
        .collect();
    Ok(paths)
}

/// A file's bytes; text with a byte order mark, which Windows tools write, as UTF-8 without one.
fn content(file: &Path) -> io::Result<Vec<u8>> {
    // Opening a pipe would wait for its writer.
    if !fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(file)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!(
            "it is larger than {LARGEST} bytes"
        )));
    }
    // Without a mark it stays as it is: comments in bundles are in any encoding.
    if let [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes[..]
        && let Some(text) = file::decode(&bytes)
    {
        return Ok(text.into_bytes());
    }
    Ok(bytes)
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "not there".to_owned(),
        _ => error.to_string(),
    }
}

fn unreadable(name: &str, path: &Path, reason: &str) -> Error {
    Error::settings(format!(
        "{name} cannot be read at {}: {reason}",
        path.display()
    ))
    .with_hint("set it to a file of certificates in PEM or DER form")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(places: &Places) -> Vec<String> {
        let mut notes = Vec::new();
        assert_eq!(Certificates::read(places, &mut notes).unwrap().0.len(), 0);
        notes
            .into_iter()
            .map(|note| {
                assert_eq!(note.code(), NoteCode::CertificatesSkipped);
                note.message().to_owned()
            })
            .collect()
    }

    #[test]
    fn what_is_stale_in_the_environment_is_noted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("damaged.pem");
        fs::write(
            &path,
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        )
        .unwrap();
        let places = Places {
            file: Some(path.clone()),
            folders: vec!["/no/such".into(), folder.path().to_path_buf()],
            ..Places::default()
        };
        assert_eq!(
            notes(&places),
            [
                format!(
                    "SSL_CERT_FILE: certificates at {} are skipped: its certificate is malformed",
                    path.display()
                ),
                "SSL_CERT_DIR: certificates at /no/such are skipped: not there".to_owned(),
            ]
        );
        assert_eq!(notes(&Places::default()), [""; 0]);
    }
}
