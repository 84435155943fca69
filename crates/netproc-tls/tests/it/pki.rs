//! An authority, made at run time, and everything that it can sign well or badly.

use std::fs;
use std::path::PathBuf;

use netproc_tls::Parameters;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use tempfile::TempDir;

/// An authority in a folder of its own.
pub(crate) struct Authority {
    pub(crate) folder: TempDir,
    pub(crate) issuer: Issuer<'static, KeyPair>,
    pub(crate) der: Vec<u8>,
    /// The file of its certificate.
    pub(crate) file: PathBuf,
}

/// A certificate with its key, in memory and in files.
pub(crate) struct Leaf {
    pub(crate) der: Vec<u8>,
    pub(crate) key: KeyPair,
    pub(crate) key_file: PathBuf,
    pub(crate) file: PathBuf,
}

/// Returns what a certificate for `name` says, without a common name of its own.
pub(crate) fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// Returns what the certificate of an authority says.
pub(crate) fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::with(authority_params("Probe CA"))
    }

    pub(crate) fn with(params: CertificateParams) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let file = folder.path().join("authority.pem");
        fs::write(&file, certificate.pem()).unwrap();
        Self {
            folder,
            der: certificate.der().to_vec(),
            issuer: Issuer::new(params, key),
            file,
        }
    }

    /// Signs a certificate for `name`.
    pub(crate) fn leaf(&self, name: &str) -> Leaf {
        self.sign(&params(name))
    }

    /// Signs any certificate.
    pub(crate) fn sign(&self, params: &CertificateParams) -> Leaf {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        self.keep(certificate.der().to_vec(), key)
    }

    /// Writes a certificate, of anyone's, into files.
    pub(crate) fn keep(&self, der: Vec<u8>, key: KeyPair) -> Leaf {
        let number = fs::read_dir(self.folder.path()).unwrap().count();
        let file = self.folder.path().join(format!("{number}.der"));
        let key_file = self.folder.path().join(format!("{number}.key"));
        fs::write(&file, &der).unwrap();
        fs::write(&key_file, key.serialize_pem()).unwrap();
        Leaf {
            der,
            key,
            key_file,
            file,
        }
    }

    /// Signs a list of revoked serial numbers that is good until the year `until`.
    pub(crate) fn revoke(&self, serial_numbers: &[u8], until: i32) -> PathBuf {
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
        let list = params.signed_by(&self.issuer).unwrap();
        let file = self.folder.path().join("revoked.pem");
        fs::write(&file, list.pem().unwrap()).unwrap();
        file
    }

    /// Returns the same parameters, and itself so that its files stay.
    pub(crate) fn client_in_place(self, host: &str) -> (Self, Parameters) {
        let parameters = self.client(host);
        (self, parameters)
    }

    /// Returns the parameters of a client that trusts this authority and no other.
    pub(crate) fn client(&self, host: &str) -> Parameters {
        Parameters::client(host)
            .trust_file(&self.file)
            .without_platform_trust()
    }
}

impl Leaf {
    /// Returns the parameters of a server that shows this certificate.
    pub(crate) fn server(&self) -> Parameters {
        Parameters::server(&self.key_file, &self.file)
    }
}

/// The parts of a certificate in DER that can be exchanged before it is signed again.
pub(crate) struct Parts(Vec<Vec<u8>>);

impl Parts {
    pub(crate) fn of(der: &[u8]) -> Self {
        let certificate = elements(content(der));
        Self(
            elements(content(certificate[0]))
                .into_iter()
                .map(<[u8]>::to_vec)
                .collect(),
        )
    }

    /// Takes away what X.509 version 1 does not have: the version itself, and extensions.
    pub(crate) fn into_version_1(mut self) -> Self {
        self.0.retain(|part| !matches!(part[0], 0xa0 | 0xa3));
        self
    }

    /// Puts in another public key.
    pub(crate) fn with_public_key(mut self, key: Vec<u8>) -> Self {
        // Version, serial number, algorithm, issuer, validity, subject, key.
        self.0[6] = key;
        self
    }

    /// Signs with the authority's key, which is on the curve P-256.
    pub(crate) fn sign(&self, authority: &Authority) -> Vec<u8> {
        use rcgen::SigningKey as _;
        let body = sequence(&self.0);
        let signature = authority.issuer.key().sign(&body).unwrap();
        let algorithm = self.0.iter().find(|part| {
            // The algorithm of the signature is the first sequence.
            part[0] == 0x30
        });
        let mut bits = vec![0];
        bits.extend(signature);
        sequence(&[body, algorithm.unwrap().clone(), element(3, &bits)])
    }
}

/// Returns a public key of 1024 bits for RSA; nobody has its other half.
pub(crate) fn short_rsa_key() -> Vec<u8> {
    let mut modulus = vec![0xc5; 129];
    modulus[0] = 0;
    let numbers = sequence(&[element(2, &modulus), element(2, &[1, 0, 1])]);
    let mut bits = vec![0];
    bits.extend(numbers);
    let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    sequence(&[sequence(&[element(6, &oid), vec![5, 0]]), element(3, &bits)])
}

fn header(der: &[u8]) -> (usize, usize) {
    match der[1] {
        short @ 0..=0x7f => (2, usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            let length = der[2..2 + count]
                .iter()
                .fold(0, |length, byte| length << 8 | usize::from(*byte));
            (2 + count, length)
        }
    }
}

fn content(der: &[u8]) -> &[u8] {
    let (start, length) = header(der);
    &der[start..start + length]
}

fn elements(mut der: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while !der.is_empty() {
        let (start, length) = header(der);
        let (first, rest) = der.split_at(start + length);
        found.push(first);
        der = rest;
    }
    found
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => der.push(length),
        Ok(length) => der.extend([0x81, length]),
        _ => {
            let length = u16::try_from(content.len()).unwrap().to_be_bytes();
            der.extend([0x82, length[0], length[1]]);
        }
    }
    der.extend(content);
    der
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}
