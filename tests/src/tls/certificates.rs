//! An authority, made at run time, and everything that it can sign well or badly.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName,
    DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
    date_time_ymd,
};
use tempfile::TempDir;

/// An authority with a folder for its files.
#[derive(Debug)]
pub struct Authority {
    /// What signs.
    pub issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub der: Vec<u8>,
    /// The file of its own certificate.
    pub file: PathBuf,
    folder: Arc<TempDir>,
    made: AtomicUsize,
}

/// A certificate with its key, in memory and in files.
#[derive(Debug)]
pub struct Leaf {
    /// The certificate and what comes after it on the way to the authority.
    pub chain: Vec<Vec<u8>>,
    /// The key, which need not be that of the certificate.
    pub key: KeyPair,
    /// The file of the key.
    pub key_file: PathBuf,
    /// The file of the certificate.
    pub file: PathBuf,
    _folder: Arc<TempDir>,
}

/// Returns what a good certificate for `name` says.
///
/// # Panics
///
/// When that is neither a host name nor an address.
pub fn leaf_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a host");
    params.distinguished_name = called(name);
    params
}

/// Returns what the certificate of an authority says.
pub fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = called(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn called(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// Makes one called `Probe CA`.
    pub fn new() -> Self {
        Self::called("Probe CA")
    }

    /// Makes one of that name.
    ///
    /// # Panics
    ///
    /// When its files cannot be written.
    pub fn called(name: &str) -> Self {
        let params = authority_params(name);
        let folder = tempfile::tempdir().expect("a folder");
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        let file = folder.path().join("authority.pem");
        fs::write(&file, certificate.pem()).expect("a file");
        Self {
            issuer: Issuer::new(params, key),
            der: certificate.der().to_vec(),
            file,
            folder: Arc::new(folder),
            made: AtomicUsize::new(0),
        }
    }

    /// Signs a good certificate for a host.
    pub fn leaf(&self, host: &str) -> Leaf {
        self.sign(&leaf_params(host))
    }

    /// Signs any certificate.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn sign(&self, params: &CertificateParams) -> Leaf {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer);
        let der = certificate.expect("a certificate").der().to_vec();
        self.keep(vec![der], key)
    }

    /// Makes a certificate that signs itself; the authority only keeps its files.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn self_signed(&self, params: &CertificateParams) -> Leaf {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        self.keep(vec![certificate.der().to_vec()], key)
    }

    /// Signs a good certificate for a host by way of a middle authority.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn through(&self, middle: &CertificateParams, host: &str) -> Leaf {
        let (middle_key, key) = (KeyPair::generate(), KeyPair::generate());
        let (middle_key, key) = (middle_key.expect("a key"), key.expect("a key"));
        let certificate = middle.signed_by(&middle_key, &self.issuer);
        let certificate = certificate.expect("a certificate").der().to_vec();
        let issuer = Issuer::from_params(middle, middle_key);
        let leaf = leaf_params(host).signed_by(&key, &issuer);
        let leaf = leaf.expect("a certificate").der().to_vec();
        self.keep(vec![leaf, certificate], key)
    }

    /// Writes a certificate, of anyone's, into files.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn keep(&self, chain: Vec<Vec<u8>>, key: KeyPair) -> Leaf {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let file = self.folder.path().join(format!("{number}.der"));
        let key_file = self.folder.path().join(format!("{number}.key"));
        fs::write(&file, &chain[0]).expect("a file");
        fs::write(&key_file, key.serialize_pem()).expect("a file");
        Leaf {
            chain,
            key,
            key_file,
            file,
            _folder: Arc::clone(&self.folder),
        }
    }

    /// Signs a list of revoked serial numbers that is good until the year `until`.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn revoke(&self, serial_numbers: &[u8], until: i32) -> PathBuf {
        let revoked = |number: &u8| RevokedCertParams {
            serial_number: SerialNumber::from(vec![*number]),
            revocation_time: date_time_ymd(2021, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(until, 1, 1),
            crl_number: SerialNumber::from(vec![1]),
            issuing_distribution_point: None,
            revoked_certs: serial_numbers.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = params.signed_by(&self.issuer).expect("a list");
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let file = self.folder.path().join(format!("{number}.crl"));
        fs::write(&file, list.pem().expect("a list")).expect("a file");
        file
    }

    /// Returns `:tls-parameters` of a client that trusts this authority, with more keywords.
    pub fn client_with(&self, host: &str, more: &str) -> String {
        let file = self.file.display();
        format!(r#"(gnutls-x509pki :hostname "{host}" :trustfiles ("{file}") {more})"#)
    }

    /// Returns `:tls-parameters` of a client that trusts this authority.
    pub fn client(&self, host: &str) -> String {
        self.client_with(host, "")
    }

    /// Returns `:tls-parameters` of a server that wants certificates of this authority's.
    pub fn server_for_members(&self, leaf: &Leaf, more: &str) -> String {
        let file = self.file.display();
        leaf.server_with(&format!(r#":trustfiles ("{file}") :verify-error t {more}"#))
    }
}

impl Leaf {
    /// Returns `:tls-parameters` of a server that shows this certificate.
    pub fn server(&self) -> String {
        self.server_with("")
    }

    /// Returns `:tls-parameters` of a server that shows this certificate, with more keywords.
    pub fn server_with(&self, more: &str) -> String {
        format!("(gnutls-x509pki {} {more})", self.keylist())
    }

    /// Returns `:keylist` and its value.
    pub fn keylist(&self) -> String {
        format!(":keylist ({})", self.pair())
    }

    /// Returns the entry of a `:keylist` for it.
    pub fn pair(&self) -> String {
        let (key, file) = (self.key_file.display(), self.file.display());
        format!(r#"("{key}" "{file}")"#)
    }

    /// Puts another certificate and key into the files of this one.
    ///
    /// # Panics
    ///
    /// When they cannot be written.
    pub fn replace_files(&self, other: &Leaf) {
        for (from, to) in [(&other.file, &self.file), (&other.key_file, &self.key_file)] {
            copy(from, to);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).expect("a file");
}
