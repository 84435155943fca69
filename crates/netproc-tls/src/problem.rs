//! What is wrong with one certificate chain, in detail and in a sentence.

use std::fmt;

use crate::Warning;

/// What a certificate has to allow its holder to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// The side that is called.
    Server,
    /// The side that opens.
    Client,
}

/// Shows it as a word of a sentence.
impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "server",
            Self::Client => "client",
        })
    }
}

/// A fault of the certificate that a peer showed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The time of the certificate, or of one that signed it, is over.
    Expired {
        /// The last day, as `YYYY-MM-DD` in UTC.
        on: String,
    },
    /// The time of the certificate has not begun.
    NotYetValid {
        /// The first day, as `YYYY-MM-DD` in UTC.
        from: String,
    },
    /// The certificate is signed by itself and is not among the trusted ones.
    SelfSigned,
    /// No trusted authority has signed the chain.
    UnknownAuthority {
        /// The issuer that the certificate names.
        issuer: String,
    },
    /// The authority has revoked the certificate.
    Revoked,
    /// A list of revoked certificates is past its time.
    StaleRevocationList,
    /// The certificate is for other hosts.
    WrongHost {
        /// The hosts that it is for, as the certificate has them.
        presented: Vec<String>,
    },
    /// The certificate has the right name, but only as its common name.
    NameOnlyInCommonName {
        /// The common name.
        name: String,
    },
    /// The certificate is older than X.509 v3.
    OldVersion {
        /// The version, counted from 1.
        version: u32,
    },
    /// The key is shorter than the priority string allows.
    WeakKey {
        /// The algorithm of the key.
        algorithm: String,
        /// Its length in bits.
        bits: u32,
        /// The least that is accepted, in bits.
        minimum: u32,
    },
    /// A signature in the chain was made with an algorithm that is no longer safe, or is unknown.
    WeakSignature {
        /// The algorithm.
        algorithm: String,
    },
    /// The certificate is for another use.
    WrongPurpose {
        /// The use that was needed.
        needed: Purpose,
    },
    /// The certificate is that of an authority, and not itself among the trusted ones.
    AuthorityAsPeer,
    /// The certificate is signed with one that may not sign certificates.
    SignerNotAuthority,
    /// A limit that an issuer set on what it signs is broken.
    SignerConstraints,
    /// A signature in the chain is wrong.
    BadSignature,
    /// The certificate demands what is not understood here.
    UnknownCriticalExtension,
    /// The bytes are no certificate.
    Malformed,
    /// Something else, in the words of the library that found it.
    Other {
        /// The words.
        reason: String,
    },
}

impl Problem {
    /// Returns the warnings that stand for it in the peer status.
    pub fn warnings(&self) -> &'static [Warning] {
        match self {
            Self::Expired { .. } => &[Warning::Expired, Warning::Invalid],
            Self::NotYetValid { .. } => &[Warning::NotActivated, Warning::Invalid],
            Self::SelfSigned => &[Warning::SelfSigned, Warning::UnknownCa, Warning::Invalid],
            Self::UnknownAuthority { .. } => &[Warning::UnknownCa, Warning::Invalid],
            Self::Revoked => &[Warning::Revoked, Warning::Invalid],
            Self::StaleRevocationList => &[Warning::RevocationDataSuperseded, Warning::Invalid],
            Self::WrongHost { .. } | Self::NameOnlyInCommonName { .. } => &[Warning::NoHostMatch],
            Self::OldVersion { .. } | Self::WeakKey { .. } | Self::WeakSignature { .. } => {
                &[Warning::Insecure, Warning::Invalid]
            }
            Self::WrongPurpose { .. } | Self::AuthorityAsPeer => {
                &[Warning::PurposeMismatch, Warning::Invalid]
            }
            Self::SignerNotAuthority => &[Warning::NotCa, Warning::Invalid],
            Self::SignerConstraints => &[Warning::SignerConstraintsFailure, Warning::Invalid],
            Self::BadSignature => &[Warning::SignatureFailure, Warning::Invalid],
            Self::UnknownCriticalExtension | Self::Malformed | Self::Other { .. } => {
                &[Warning::Invalid]
            }
        }
    }

    /// Returns whether it is about the name of the host, not about the chain.
    pub fn is_about_host(&self) -> bool {
        matches!(
            self,
            Self::WrongHost { .. } | Self::NameOnlyInCommonName { .. }
        )
    }

    /// Returns whether no session is possible, verified or not: the key cannot be used.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self, Self::OldVersion { .. } | Self::Malformed)
    }
}

/// Shows what is wrong and, where there is a way, what to do.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired { on } => write!(f, "it expired on {on}"),
            Self::NotYetValid { from } => write!(f, "it is not valid before {from}"),
            Self::SelfSigned => f.write_str(
                "it is self-signed and not among the trusted ones; if it is the right one, add it to :trustfiles",
            ),
            Self::UnknownAuthority { issuer } => write!(
                f,
                "its issuer \"{issuer}\" leads to no trusted authority; if you trust that issuer, add its certificate to :trustfiles"
            ),
            Self::Revoked => f.write_str("its authority has revoked it"),
            Self::StaleRevocationList => f.write_str(
                "the revocation list of its issuer is past its next update; fetch the list again",
            ),
            Self::WrongHost { presented } if presented.is_empty() => {
                f.write_str("it names no host")
            }
            Self::WrongHost { presented } => write!(f, "it is for {}", presented.join(", ")),
            Self::NameOnlyInCommonName { name } => write!(
                f,
                "it has the name \"{name}\" only as its common name, which no longer counts; make one with a subject alternative name"
            ),
            Self::OldVersion { version } => write!(
                f,
                "it is of X.509 version {version}; make one of version 3, with a subject alternative name"
            ),
            Self::WeakKey {
                algorithm,
                bits,
                minimum,
            } => write!(
                f,
                "its {algorithm} key has {bits} bits; at least {minimum} are needed"
            ),
            Self::WeakSignature { algorithm } => write!(
                f,
                "it is signed with {algorithm}, which is not accepted; let it be signed with SHA-256 or better"
            ),
            Self::WrongPurpose { needed } => {
                write!(f, "its extended key usage does not allow a {needed}")
            }
            Self::AuthorityAsPeer => f.write_str(
                "it is the certificate of an authority; add it to :trustfiles, or make one without CA:TRUE",
            ),
            Self::SignerNotAuthority => {
                f.write_str("it is signed with a certificate that may not sign others")
            }
            Self::SignerConstraints => {
                f.write_str("it is outside the limits that its authority was given")
            }
            Self::BadSignature => f.write_str("a signature in its chain is wrong"),
            Self::UnknownCriticalExtension => {
                f.write_str("it has a critical extension that is not understood")
            }
            Self::Malformed => f.write_str("it is not well formed"),
            Self::Other { reason } => write!(f, "it was not accepted ({reason})"),
        }
    }
}
