//! The certificate of a server, made at run time.

use rcgen::{Certificate, CertificateParams, KeyPair};

/// A certificate on ECDSA P-256 that is signed by itself, and its key.
pub(crate) struct Identity {
    pub(crate) certificate: Certificate,
    pub(crate) key: KeyPair,
}

impl Identity {
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec!["localhost".into()])?.self_signed(&key)?;
        Ok(Identity { certificate, key })
    }
}
