//! One certificate of a peer, as data and as `gnutls-peer-status` shows it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use netproc_lisp::Value;
use rustls::pki_types::CertificateDer;
use sha1::{Digest as _, Sha1};
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use crate::provider::sha256;

/// What a certificate says, in the words of GnuTLS.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// The version of X.509, from 1.
    pub version: u32,
    /// The serial number, as hexadecimal bytes with colons between.
    pub serial_number: String,
    /// Who signed it, such as `CN=Probe CA`.
    pub issuer: String,
    /// Its first day, `YYYY-MM-DD` in UTC.
    pub valid_from: String,
    /// Its last day, `YYYY-MM-DD` in UTC.
    pub valid_to: String,
    /// Whom it is for, such as `CN=localhost`.
    pub subject: String,
    /// The hosts that it is for: its subject alternative names.
    pub hosts: Vec<String>,
    /// The algorithm of its key, such as `RSA` or `EC/ECDSA`.
    pub public_key_algorithm: String,
    /// The length of its key in bits; none for algorithms that are not known here.
    pub public_key_bits: Option<u32>,
    /// How strong the key is, from `Insecure` to `Future`.
    pub security_level: &'static str,
    /// The algorithm that it is signed with, such as `RSA-SHA256`.
    pub signature_algorithm: String,
    /// The SHA-1 of its key, in hexadecimal with colons, after `sha1:`.
    pub public_key_id: String,
    /// The SHA-1 of the certificate, in hexadecimal with colons, after `sha1:`.
    pub certificate_id: String,
    /// The certificate itself.
    pub der: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate from DER; none when it is not well formed.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(der).ok()?;
        let key = key_of(&parsed);
        Some(Self {
            version: parsed.version().0.saturating_add(1),
            serial_number: hexadecimal(parsed.raw_serial()),
            issuer: name(parsed.issuer()),
            valid_from: date(&parsed.validity().not_before),
            valid_to: date(&parsed.validity().not_after),
            subject: name(parsed.subject()),
            hosts: alternative_names(&parsed),
            public_key_algorithm: key.map_or_else(
                || parsed.public_key().algorithm.algorithm.to_id_string(),
                |(algorithm, _)| algorithm.to_owned(),
            ),
            public_key_bits: key.map(|(_, bits)| bits),
            security_level: key.map_or("Unknown", |(algorithm, bits)| level(algorithm, bits)),
            signature_algorithm: signature_name(&parsed),
            public_key_id: fingerprint(parsed.public_key().raw),
            certificate_id: fingerprint(der),
            der: der.to_owned(),
        })
    }

    /// Reads those of a chain that are well formed.
    pub(crate) fn all_from(chain: &[CertificateDer<'_>]) -> Vec<Self> {
        let read = |certificate: &CertificateDer<'_>| Self::from_der(certificate);
        chain.iter().filter_map(read).collect()
    }

    /// Returns the certificate in PEM.
    pub fn pem(&self) -> String {
        let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
        for line in base64(&self.der).as_bytes().chunks(64) {
            text.extend(line.iter().copied().map(char::from));
            text.push('\n');
        }
        text + "-----END CERTIFICATE-----\n"
    }

    /// Returns the SHA-256 of the certificate, in hexadecimal with colons, after `sha256:`.
    ///
    /// This is the fingerprint to compare by; that in [`certificate_id`](Self::certificate_id) is
    /// the one that Emacs shows.
    pub fn sha256(&self) -> String {
        format!("sha256:{}", hexadecimal(&sha256(&self.der)))
    }

    /// Returns the property list that `gnutls-peer-status` has for a certificate, with its keys
    /// in that order.
    pub fn to_value(&self) -> Value {
        let string = |text: &str| Value::string(text);
        let pairs = [
            (":version", Value::from(i64::from(self.version))),
            (":serial-number", string(&self.serial_number)),
            (":issuer", string(&self.issuer)),
            (":valid-from", string(&self.valid_from)),
            (":valid-to", string(&self.valid_to)),
            (":subject", string(&self.subject)),
            (":public-key-algorithm", string(&self.public_key_algorithm)),
            (":certificate-security-level", string(self.security_level)),
            (":signature-algorithm", string(&self.signature_algorithm)),
            (":public-key-id", string(&self.public_key_id)),
            (":certificate-id", string(&self.certificate_id)),
            (":pem", string(&self.pem())),
        ];
        Value::list(
            pairs
                .into_iter()
                .flat_map(|(key, value)| [Value::keyword(key), value]),
        )
    }
}

/// Shows what tells certificates apart, without their bytes.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("hosts", &self.hosts)
            .field("issuer", &self.issuer)
            .field("valid_from", &self.valid_from)
            .field("valid_to", &self.valid_to)
            .field("public_key_algorithm", &self.public_key_algorithm)
            .field("public_key_bits", &self.public_key_bits)
            .field("signature_algorithm", &self.signature_algorithm)
            .field("certificate_id", &self.certificate_id)
            .finish_non_exhaustive()
    }
}

/// Returns the algorithm of a key, in GnuTLS's words, and its length in bits.
pub(crate) fn key_of(certificate: &X509Certificate<'_>) -> Option<(&'static str, u32)> {
    let key = certificate.public_key();
    let oid = &key.algorithm.algorithm;
    if *oid == oid_registry::OID_SIG_ED25519 {
        return Some(("EdDSA (Ed25519)", 256));
    }
    if *oid == oid_registry::OID_SIG_ED448 {
        return Some(("EdDSA (Ed448)", 456));
    }
    let bits = |bits: usize| u32::try_from(bits).ok();
    match key.parsed().ok()? {
        PublicKey::RSA(rsa) => {
            let modulus = rsa.modulus;
            let start = modulus.iter().position(|byte| *byte != 0)?;
            let spare = modulus[start].leading_zeros() as usize;
            let name = if *oid == oid_registry::OID_PKCS1_RSASSAPSS {
                "RSA-PSS"
            } else {
                "RSA"
            };
            Some((name, bits((modulus.len() - start) * 8 - spare)?))
        }
        // A point is two coordinates, each as long as the curve says.
        PublicKey::EC(_) => {
            let curve = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
            Some(("EC/ECDSA", curve_bits(&curve)?))
        }
        PublicKey::DSA(_) => Some(("DSA", bits(key.parsed().ok()?.key_size())?)),
        _ => None,
    }
}

fn curve_bits(curve: &Oid<'_>) -> Option<u32> {
    match curve.to_id_string().as_str() {
        "1.2.840.10045.3.1.1" => Some(192),
        "1.3.132.0.33" => Some(224),
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" => Some(256),
        "1.3.132.0.34" => Some(384),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

/// GnuTLS's levels: the least length of an RSA key and of one on a curve, highest level first.
const LEVELS: [(&str, u32, u32); 8] = [
    ("Future", 15360, 512),
    ("Ultra", 8192, 384),
    ("High", 3072, 256),
    ("Medium", 2048, 224),
    ("Legacy", 1776, 192),
    ("Low", 1024, 160),
    ("Weak", 1008, 160),
    ("Very weak", 767, 0),
];

fn level(algorithm: &str, bits: u32) -> &'static str {
    let whole_number = algorithm.starts_with("RSA") || algorithm == "DSA";
    LEVELS
        .iter()
        .find(|(_, rsa, curve)| bits >= if whole_number { *rsa } else { *curve })
        .map_or("Insecure", |(name, _, _)| name)
}

/// Returns GnuTLS's name of the algorithm that the certificate is signed with.
pub(crate) fn signature_name(certificate: &X509Certificate<'_>) -> String {
    let id = certificate.signature_algorithm.algorithm.to_id_string();
    let name = match id.as_str() {
        "1.2.840.113549.1.1.4" => "RSA-MD5",
        "1.2.840.113549.1.1.5" => "RSA-SHA1",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.1.11" => "RSA-SHA256",
        "1.2.840.113549.1.1.12" => "RSA-SHA384",
        "1.2.840.113549.1.1.13" => "RSA-SHA512",
        "1.2.840.10045.4.1" => "ECDSA-SHA1",
        "1.2.840.10045.4.3.2" => "ECDSA-SHA256",
        "1.2.840.10045.4.3.3" => "ECDSA-SHA384",
        "1.2.840.10045.4.3.4" => "ECDSA-SHA512",
        "1.3.101.112" => "EdDSA-Ed25519",
        "1.3.101.113" => "EdDSA-Ed448",
        _ => return id,
    };
    name.to_owned()
}

/// Returns a name as RFC 4514 writes it: the last part first.
pub(crate) fn name(name: &X509Name<'_>) -> String {
    let mut parts = Vec::new();
    for set in name.iter_rdn() {
        let mut pairs = Vec::new();
        for attribute in set.iter() {
            let oid = attribute.attr_type();
            let key = short_name(oid).map_or_else(|| oid.to_id_string(), str::to_owned);
            let text = attribute.as_str().map(escaped);
            let text = text.unwrap_or_else(|_| {
                attribute
                    .as_slice()
                    .iter()
                    .fold("#".to_owned(), |text, byte| text + &format!("{byte:02x}"))
            });
            pairs.push(format!("{key}={text}"));
        }
        parts.push(pairs.join("+"));
    }
    parts.reverse();
    parts.join(",")
}

fn short_name(oid: &Oid<'_>) -> Option<&'static str> {
    Some(match oid.to_id_string().as_str() {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "EMAIL",
        _ => return None,
    })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        let last = index + character.len_utf8() == text.len();
        let special = matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';')
            || (index == 0 && matches!(character, '#' | ' '))
            || (last && character == ' ');
        if special {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

pub(crate) fn common_name(name: &X509Name<'_>) -> Option<String> {
    let attribute = name.iter_common_name().last()?;
    attribute.as_str().ok().map(str::to_owned)
}

/// Returns the DNS names and IP addresses among the subject alternative names.
pub(crate) fn alternative_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let host = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes)
                .ok()
                .map(|it| Ipv4Addr::from(it).to_string()),
            16 => <[u8; 16]>::try_from(*bytes)
                .ok()
                .map(|it| Ipv6Addr::from(it).to_string()),
            _ => None,
        },
        _ => None,
    };
    names.value.general_names.iter().filter_map(host).collect()
}

pub(crate) fn date(time: &ASN1Time) -> String {
    let time = time.to_datetime();
    let month = u8::from(time.month());
    format!("{:04}-{month:02}-{:02}", time.year(), time.day())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}

fn fingerprint(bytes: &[u8]) -> String {
    format!("sha1:{}", hexadecimal(&Sha1::digest(bytes)))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            if index <= chunk.len() {
                let six = (bits >> (18 - 6 * index)) & 63;
                out.push(char::from(ALPHABET[six as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let cases = [
            "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
        ];
        for (length, expected) in cases.iter().enumerate() {
            assert_eq!(base64(&b"foobar"[..length]), *expected);
        }
    }

    #[test]
    fn names_are_escaped_as_rfc_4514_says() {
        assert_eq!(escaped("Sue, Grabbit and Runn"), "Sue\\, Grabbit and Runn");
        assert_eq!(escaped(" a "), "\\ a\\ ");
        assert_eq!(escaped("#1"), "\\#1");
    }

    #[test]
    fn a_key_of_2048_bits_is_of_medium_strength() {
        assert_eq!(level("RSA", 2048), "Medium");
        assert_eq!(level("EC/ECDSA", 256), "High");
        assert_eq!(level("RSA", 512), "Insecure");
    }
}
