//! Certificates taken apart and signed again, for those that no tool makes any more.

use rcgen::SigningKey as _;

use super::certificates::Authority;

const INTEGER: u8 = 2;
const BIT_STRING: u8 = 3;
const OBJECT: u8 = 6;
const SEQUENCE: u8 = 0x30;

/// The parts of a certificate that can be exchanged before it is signed again.
#[derive(Clone, Debug)]
pub struct Parts(Vec<Vec<u8>>);

impl Parts {
    /// Takes apart what is signed of a certificate.
    pub fn of(der: &[u8]) -> Self {
        let certificate = elements(content(der));
        let body = elements(content(certificate[0]));
        Self(body.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// Takes away what X.509 version 1 does not have: the version itself, and extensions.
    pub fn into_version_1(mut self) -> Self {
        self.0.retain(|part| !matches!(part[0], 0xa0 | 0xa3));
        self
    }

    /// Puts in another public key.
    pub fn with_public_key(mut self, key: Vec<u8>) -> Self {
        // Version, serial number, algorithm, issuer, validity, subject, key.
        self.0[6] = key;
        self
    }

    /// Says that it is signed with ECDSA and SHA-1.
    pub fn with_sha1(mut self) -> Self {
        let oid = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];
        self.0[2] = sequence(&[element(OBJECT, &oid)]);
        self
    }

    /// Says that it is signed with RSA and MD5.
    pub fn with_md5(mut self) -> Self {
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4];
        self.0[2] = sequence(&[element(OBJECT, &oid), vec![5, 0]]);
        self
    }

    /// Signs with the authority's key, which is on the curve P-256.
    ///
    /// # Panics
    ///
    /// When the authority cannot sign.
    pub fn sign(&self, authority: &Authority) -> Vec<u8> {
        let body = sequence(&self.0);
        let signature = authority.issuer.key().sign(&body).expect("a signature");
        // The algorithm of the signature is the first sequence.
        let mut parts = self.0.iter();
        let algorithm = parts.find(|part| part[0] == SEQUENCE).expect("its name");
        let mut bits = vec![0];
        bits.extend(signature);
        sequence(&[body, algorithm.clone(), element(BIT_STRING, &bits)])
    }
}

/// Returns a public key of 1024 bits for RSA; nobody has its other half.
pub fn short_rsa_key() -> Vec<u8> {
    let mut modulus = vec![0xc5; 129];
    modulus[0] = 0;
    let numbers = sequence(&[element(INTEGER, &modulus), element(INTEGER, &[1, 0, 1])]);
    let mut bits = vec![0];
    bits.extend(numbers);
    let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    let algorithm = sequence(&[element(OBJECT, &oid), vec![5, 0]]);
    sequence(&[algorithm, element(BIT_STRING, &bits)])
}

/// Returns where the content of an element begins, and how long it is.
fn header(der: &[u8]) -> (usize, usize) {
    match der[1] {
        short @ 0..=0x7f => (2, usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            let bytes = der[2..2 + count].iter();
            let length = bytes.fold(0, |length, byte| length << 8 | usize::from(*byte));
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
        Err(_) => {
            let length = u16::try_from(content.len()).expect("a short element");
            der.push(0x82);
            der.extend(length.to_be_bytes());
        }
    }
    der.extend(content);
    der
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}
