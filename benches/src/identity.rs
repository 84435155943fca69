//! The certificate of a server, made at run time.

use std::path::Path;
use std::{fs, io};

use netproc_network::tls::Parameters;
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

    /// Writes it where a server reads it.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<Parameters> {
        let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
        fs::write(&key, self.key.serialize_pem())?;
        fs::write(&certificate, self.certificate.pem())?;
        Ok(Parameters::server(key, certificate))
    }
}
