//! GnuTLS priority strings, as versions, ciphers, key exchanges and groups that exist here.

mod words;

use std::fmt;
use std::str::FromStr;

use rustls::crypto::SupportedKxGroup;
use rustls::{CipherSuite, NamedGroup, SupportedCipherSuite, SupportedProtocolVersion};

use crate::{Error, Note};

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Version {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// Shows the name that GnuTLS has, such as `TLS1.3`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls12 => "TLS1.2",
            Self::Tls13 => "TLS1.3",
        })
    }
}

/// A cipher; beside certificates always one with authentication of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cipher {
    /// AES with a key of 256 bits in Galois/counter mode.
    Aes256Gcm,
    /// ChaCha20 with Poly1305.
    ChaCha20Poly1305,
    /// AES with a key of 128 bits in Galois/counter mode.
    Aes128Gcm,
    /// AES with a key of 256 bits and chained blocks; in anonymous sessions alone.
    Aes256Cbc,
    /// AES with a key of 128 bits and chained blocks; in anonymous sessions alone.
    Aes128Cbc,
}

/// Shows the name that GnuTLS has, such as `AES-256-GCM`.
impl fmt::Display for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aes256Gcm => "AES-256-GCM",
            Self::ChaCha20Poly1305 => "CHACHA20-POLY1305",
            Self::Aes128Gcm => "AES-128-GCM",
            Self::Aes256Cbc => "AES-256-CBC",
            Self::Aes128Cbc => "AES-128-CBC",
        })
    }
}

/// How the keys of a session are agreed and who signs for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyExchange {
    /// Elliptic curves, signed with ECDSA or EdDSA.
    EcdheEcdsa,
    /// Elliptic curves, signed with RSA.
    EcdheRsa,
    /// Elliptic curves, signed by nobody; in anonymous sessions alone.
    AnonEcdh,
    /// Diffie-Hellman with a prime, signed by nobody; in anonymous sessions alone.
    AnonDh,
}

/// Shows the name that GnuTLS has, such as `ECDHE-RSA`.
impl fmt::Display for KeyExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EcdheEcdsa => "ECDHE-ECDSA",
            Self::EcdheRsa => "ECDHE-RSA",
            Self::AnonEcdh => "ANON-ECDH",
            Self::AnonDh => "ANON-DH",
        })
    }
}

/// How records are authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mac {
    /// By the cipher itself.
    Aead,
    /// By HMAC with SHA-1; in anonymous sessions alone.
    Sha1,
    /// By HMAC with SHA-256; in anonymous sessions alone.
    Sha256,
}

/// Shows the name that GnuTLS has, such as `AEAD`.
impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aead => "AEAD",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        })
    }
}

/// A group in which keys are agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Group {
    /// X25519 with ML-KEM-768, safe against quantum computers; only with aws-lc-rs.
    X25519MlKem768,
    /// X25519.
    X25519,
    /// NIST P-256.
    Secp256r1,
    /// NIST P-384.
    Secp384r1,
}

impl Group {
    fn named(self) -> NamedGroup {
        match self {
            Self::X25519MlKem768 => NamedGroup::X25519MLKEM768,
            Self::X25519 => NamedGroup::X25519,
            Self::Secp256r1 => NamedGroup::secp256r1,
            Self::Secp384r1 => NamedGroup::secp384r1,
        }
    }
}

/// Shows the name that GnuTLS has, such as `SECP256R1`.
impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X25519MlKem768 => "X25519-MLKEM768",
            Self::X25519 => "X25519",
            Self::Secp256r1 => "SECP256R1",
            Self::Secp384r1 => "SECP384R1",
        })
    }
}

/// What may be negotiated, in order of preference: `:priority` in a form that can be acted on.
///
/// The words are those of GnuTLS. A word that takes away what does not exist here has no effect;
/// a word that demands it is refused. What a word cannot have the effect on that GnuTLS gives it,
/// but may be written all the same, is kept in [`notes`](Self::notes).
///
/// ```
/// use netproc_tls::{Cipher, Priority, Version};
///
/// let priority: Priority = "SECURE256:-VERS-TLS1.2".parse()?;
/// assert_eq!(priority.versions(), [Version::Tls13]);
/// assert_eq!(priority.ciphers(), [Cipher::Aes256Gcm, Cipher::ChaCha20Poly1305]);
///
/// let error = "NORMAL:+RSA".parse::<Priority>().unwrap_err();
/// assert!(error.to_string().contains("ECDHE-RSA"));
/// # Ok::<(), netproc_tls::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority {
    text: String,
    anonymous: bool,
    versions: Vec<Version>,
    ciphers: Vec<Cipher>,
    key_exchanges: Vec<KeyExchange>,
    groups: Vec<Group>,
    macs: Vec<Mac>,
    /// The least length of an RSA key and of one on an elliptic curve, in bits.
    minimum_bits: (u32, u32),
    server_precedence: bool,
    tickets: bool,
    notes: Vec<Note>,
}

impl Priority {
    /// The string that stands for what anonymous sessions may negotiate by default.
    pub(crate) const ANONYMOUS: &'static str = "NORMAL:+ANON-ECDH:+ANON-DH";

    /// Reads a priority string for sessions without certificates.
    ///
    /// These have suites of their own, and are of TLS 1.2. As in GnuTLS, no level has them: one of
    /// `+ANON-ECDH` and `+ANON-DH` has to be in the string.
    ///
    /// ```
    /// use netproc_tls::{KeyExchange, Priority};
    ///
    /// let priority = Priority::anonymous("NORMAL:+ANON-DH:!ARCFOUR-128:%DUMBFW")?;
    /// assert_eq!(priority.key_exchanges(), [KeyExchange::AnonDh]);
    /// # Ok::<(), netproc_tls::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_str`](Self::from_str).
    pub fn anonymous(text: &str) -> Result<Self, Error> {
        words::anonymous::parse(text)
    }

    /// Returns whether this is for sessions without certificates.
    pub fn is_anonymous(&self) -> bool {
        self.anonymous
    }

    /// Returns the string that this was made from.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the versions that may be used, lowest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Returns the ciphers that may be used, best first.
    pub fn ciphers(&self) -> &[Cipher] {
        &self.ciphers
    }

    /// Returns the key exchanges that may be used with TLS 1.2, best first.
    ///
    /// TLS 1.3 always agrees keys in one of the [`groups`](Self::groups).
    pub fn key_exchanges(&self) -> &[KeyExchange] {
        &self.key_exchanges
    }

    /// Returns the groups that may be used, best first.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Returns how records may be authenticated, best first.
    pub fn macs(&self) -> &[Mac] {
        &self.macs
    }

    /// Returns the least length in bits of the peer's key: of RSA, and on an elliptic curve.
    pub fn minimum_bits(&self) -> (u32, u32) {
        self.minimum_bits
    }

    /// Returns whether a server follows its own order of ciphers; default: the client's.
    pub fn server_precedence(&self) -> bool {
        self.server_precedence
    }

    /// Returns whether sessions may be resumed; default: they may.
    pub fn resumes(&self) -> bool {
        self.tickets
    }

    /// Returns the words that have not quite the effect they have in GnuTLS.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    pub(crate) fn protocol_versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        self.versions
            .iter()
            .map(|version| match version {
                Version::Tls12 => &rustls::version::TLS12,
                Version::Tls13 => &rustls::version::TLS13,
            })
            .collect()
    }

    pub(crate) fn order_suites(
        &self,
        offered: &[SupportedCipherSuite],
    ) -> Vec<SupportedCipherSuite> {
        let mut ordered = Vec::new();
        for cipher in &self.ciphers {
            for exchange in [
                None,
                Some(KeyExchange::EcdheEcdsa),
                Some(KeyExchange::EcdheRsa),
            ] {
                let allowed = exchange.is_none_or(|it| self.key_exchanges.contains(&it));
                let wanted = Some((*cipher, exchange));
                let suite = offered
                    .iter()
                    .find(|suite| allowed && parts(suite.suite()) == wanted);
                ordered.extend(suite);
            }
        }
        ordered
    }

    /// Returns the anonymous suites, best first, under their names in OpenSSL.
    ///
    /// Each is named by itself, for OpenSSL's words for all of them mean suites without encryption
    /// too.
    pub(crate) fn anonymous_suites(&self) -> Vec<&'static str> {
        let mut suites = Vec::new();
        for exchange in &self.key_exchanges {
            for cipher in &self.ciphers {
                for mac in &self.macs {
                    let parts = (*exchange, *cipher, *mac);
                    let found = ANONYMOUS.iter().find(|(_, it)| *it == parts);
                    suites.extend(found.map(|(name, _)| *name));
                }
            }
        }
        suites
    }

    pub(crate) fn order_groups(
        &self,
        offered: &[&'static dyn SupportedKxGroup],
    ) -> Vec<&'static dyn SupportedKxGroup> {
        let find = |group: &Group| {
            let named = group.named();
            offered.iter().find(|offer| offer.name() == named).copied()
        };
        self.groups.iter().filter_map(find).collect()
    }
}

/// Every anonymous suite that encrypts, under its name in OpenSSL.
const ANONYMOUS: [(&str, (KeyExchange, Cipher, Mac)); 8] = {
    use {Cipher as C, KeyExchange as K, Mac as M};
    [
        ("AECDH-AES256-SHA", (K::AnonEcdh, C::Aes256Cbc, M::Sha1)),
        ("AECDH-AES128-SHA", (K::AnonEcdh, C::Aes128Cbc, M::Sha1)),
        ("ADH-AES256-GCM-SHA384", (K::AnonDh, C::Aes256Gcm, M::Aead)),
        ("ADH-AES128-GCM-SHA256", (K::AnonDh, C::Aes128Gcm, M::Aead)),
        ("ADH-AES256-SHA256", (K::AnonDh, C::Aes256Cbc, M::Sha256)),
        ("ADH-AES128-SHA256", (K::AnonDh, C::Aes128Cbc, M::Sha256)),
        ("ADH-AES256-SHA", (K::AnonDh, C::Aes256Cbc, M::Sha1)),
        ("ADH-AES128-SHA", (K::AnonDh, C::Aes128Cbc, M::Sha1)),
    ]
};

/// Returns the parts of an anonymous suite.
#[cfg(feature = "anonymous")]
pub(crate) fn anonymous_parts(suite: &str) -> Option<(KeyExchange, Cipher, Mac)> {
    let found = ANONYMOUS.iter().find(|(name, _)| *name == suite);
    found.map(|(_, parts)| *parts)
}

/// Returns the cipher of a suite and, for TLS 1.2, its key exchange.
pub(crate) fn parts(suite: CipherSuite) -> Option<(Cipher, Option<KeyExchange>)> {
    use CipherSuite as S;
    let (ecdsa, rsa) = (Some(KeyExchange::EcdheEcdsa), Some(KeyExchange::EcdheRsa));
    Some(match suite {
        S::TLS13_AES_256_GCM_SHA384 => (Cipher::Aes256Gcm, None),
        S::TLS13_AES_128_GCM_SHA256 => (Cipher::Aes128Gcm, None),
        S::TLS13_CHACHA20_POLY1305_SHA256 => (Cipher::ChaCha20Poly1305, None),
        S::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 => (Cipher::Aes256Gcm, ecdsa),
        S::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => (Cipher::Aes128Gcm, ecdsa),
        S::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 => (Cipher::ChaCha20Poly1305, ecdsa),
        S::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => (Cipher::Aes256Gcm, rsa),
        S::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => (Cipher::Aes128Gcm, rsa),
        S::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 => (Cipher::ChaCha20Poly1305, rsa),
        _ => return None,
    })
}

impl Default for Priority {
    fn default() -> Self {
        words::normal("NORMAL")
    }
}

impl FromStr for Priority {
    type Err = Error;

    /// Reads a priority string; letters may be of either case.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`], naming the word, when it is unknown or demands what does not exist
    /// here, and when nothing is left that could be negotiated.
    fn from_str(text: &str) -> Result<Self, Error> {
        words::parse(text)
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
