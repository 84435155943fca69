//! Reads certificates, keys and revocation lists, in PEM or DER.

mod platform;

use std::collections::HashSet;
use std::fmt::Display;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Version};

use crate::{Error, FileFault, Identity, Parameters};

/// What is trusted: as anchors of chains, and certificate by certificate.
#[derive(Clone, Debug)]
pub(crate) struct Trust {
    pub(crate) anchors: Arc<RootCertStore>,
    /// The very bytes of each trusted certificate, those of authorities and those of peers.
    pub(crate) same: Arc<HashSet<Vec<u8>>>,
}

/// Reads the trust files and, when `platform` says so, the store of the platform.
pub(crate) fn trust(parameters: &Parameters, platform: bool) -> Result<Trust, Error> {
    let platform = platform && !parameters.without_platform_trust;
    let platform = platform.then(platform::trust);
    let mut trust = match platform {
        Some(trust) if parameters.trust_files.is_empty() => return Ok(trust),
        Some(trust) => (
            RootCertStore::clone(&trust.anchors),
            HashSet::clone(&trust.same),
        ),
        None => (RootCertStore::empty(), HashSet::new()),
    };
    for path in &parameters.trust_files {
        let certificates = certificates(":trustfiles", path)?;
        let mut usable = false;
        for certificate in certificates {
            usable |= admit(&mut trust, certificate);
        }
        if !usable {
            return Err(fault(
                ":trustfiles",
                path,
                FileFault::Malformed {
                    reason: "none of its certificates can be read".to_owned(),
                },
            ));
        }
    }
    Ok(Trust {
        anchors: Arc::new(trust.0),
        same: Arc::new(trust.1),
    })
}

/// Adds a certificate once; bundles hold some that several files share.
fn admit(
    (anchors, same): &mut (RootCertStore, HashSet<Vec<u8>>),
    certificate: CertificateDer<'static>,
) -> bool {
    let bytes = certificate.as_ref().to_vec();
    if same.contains(&bytes) {
        return true;
    }
    let usable = match X509Certificate::from_der(&bytes) {
        // Who trusts a peer's own certificate does not trust what that peer may sign.
        Ok((_, parsed)) if parsed.version() == X509Version::V3 && !parsed.is_ca() => true,
        Ok(_) => anchors.add(certificate).is_ok(),
        Err(_) => false,
    };
    if usable {
        same.insert(bytes);
    }
    usable
}

/// Reads the revocation lists, if they are to be looked at.
pub(crate) fn revocation_lists(
    parameters: &Parameters,
) -> Result<Vec<CertificateRevocationListDer<'static>>, Error> {
    const KEYWORD: &str = ":crlfiles";
    let mut lists = Vec::new();
    if parameters.flags.ignore_revocation {
        return Ok(lists);
    }
    for path in &parameters.crl_files {
        let bytes = read(KEYWORD, path)?;
        let before = lists.len();
        for list in CertificateRevocationListDer::pem_slice_iter(&bytes) {
            lists.push(list.map_err(|error| malformed(KEYWORD, path, &error))?);
        }
        if lists.len() == before {
            if !is_der(&bytes) {
                return Err(empty(KEYWORD, path, "revocation list"));
            }
            lists.push(CertificateRevocationListDer::from(bytes));
        }
        for list in &lists[before..] {
            let parsed = x509_parser::parse_x509_crl(list.as_ref());
            parsed.map_err(|error| malformed(KEYWORD, path, &error))?;
        }
    }
    Ok(lists)
}

/// Reads the keys that can be shown, each with its certificates.
pub(crate) fn certified_keys(
    parameters: &Parameters,
    provider: &CryptoProvider,
) -> Result<Vec<Arc<CertifiedKey>>, Error> {
    parameters
        .identities
        .iter()
        .map(|identity| certified_key(identity, provider).map(Arc::new))
        .collect()
}

/// Reads a key and its certificates, and holds that they belong together.
fn certified_key(identity: &Identity, provider: &CryptoProvider) -> Result<CertifiedKey, Error> {
    const KEYWORD: &str = ":keylist";
    let chain = certificates(KEYWORD, &identity.certificate)?;
    let key = private_key(&identity.key)?;
    let key = provider
        .key_provider
        .load_private_key(key)
        .map_err(|error| malformed(KEYWORD, &identity.key, &error))?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) => {
            Err(Error::KeyMismatch {
                key: identity.key.clone(),
                certificate: identity.certificate.clone(),
            })
        }
        Err(error) => Err(malformed(KEYWORD, &identity.certificate, &error)),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    const KEYWORD: &str = ":keylist";
    let bytes = read(KEYWORD, path)?;
    match PrivateKeyDer::from_pem_slice(&bytes) {
        Ok(key) => Ok(key),
        Err(pem::Error::NoItemsFound) if is_der(&bytes) => {
            PrivateKeyDer::try_from(bytes).map_err(|error| malformed(KEYWORD, path, &error))
        }
        Err(_) if contains(&bytes, b"ENCRYPTED") => Err(fault(KEYWORD, path, FileFault::Encrypted)),
        Err(pem::Error::NoItemsFound) => Err(empty(KEYWORD, path, "private key")),
        Err(error) => Err(malformed(KEYWORD, path, &error)),
    }
}

fn certificates(keyword: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bytes = read(keyword, path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let found = found.map_err(|error| malformed(keyword, path, &error))?;
    if !found.is_empty() {
        return Ok(found);
    }
    if is_der(&bytes) {
        return Ok(vec![CertificateDer::from(bytes)]);
    }
    Err(empty(keyword, path, "certificate"))
}

fn read(keyword: &'static str, path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| fault(keyword, path, FileFault::Read(Arc::new(error))))
}

/// A DER certificate, key or list is a sequence; that of a short key may be under 128 bytes, and
/// then says its length in one.
fn is_der(bytes: &[u8]) -> bool {
    match bytes {
        [0x30, length @ ..=0x7f, rest @ ..] => rest.len() == usize::from(*length),
        [0x30, 0x81..=0x84, ..] => true,
        _ => false,
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn fault(keyword: &'static str, path: &Path, fault: FileFault) -> Error {
    Error::File {
        keyword,
        path: path.to_owned(),
        fault,
    }
}

fn malformed(keyword: &'static str, path: &Path, error: &dyn Display) -> Error {
    let reason = error.to_string();
    fault(keyword, path, FileFault::Malformed { reason })
}

fn empty(keyword: &'static str, path: &Path, expected: &'static str) -> Error {
    fault(keyword, path, FileFault::Empty { expected })
}
