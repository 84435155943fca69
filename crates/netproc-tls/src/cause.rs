//! Steps of a TLS connection, and what can end each of them.

use std::fmt;
use std::io;
use std::sync::Arc;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The handshake; no stream exists yet.
    Handshake,
    /// Reading from the stream.
    Read,
    /// Writing to the stream, or flushing it.
    Write,
    /// Sending the end of our side.
    Close,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Handshake => "handshake",
            Self::Read => "read",
            Self::Write => "write",
            Self::Close => "close",
        })
    }
}

/// Why a step failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The peer answered with something that is not TLS.
    NotTls {
        /// The first bytes of the answer, at most 16.
        begins: Vec<u8>,
    },
    /// The peer has neither TLS 1.2 nor TLS 1.3, or not the one that the priority string leaves.
    Version,
    /// The two sides have no cipher suite, key exchange or signature in common.
    NothingInCommon,
    /// An anonymous session was asked for, and the peer has no suite for one.
    NoAnonymousSuite,
    /// The prime of an anonymous key exchange is too short.
    ShortPrime {
        /// Its length in bits.
        bits: u32,
        /// The least that is accepted, in bits.
        minimum: u32,
    },
    /// The two sides have no application protocol in common.
    NoApplicationProtocol,
    /// The peer ended the session with an alert.
    Alert {
        /// The alert, in words.
        alert: String,
    },
    /// The peer wants a certificate of ours.
    CertificateWanted,
    /// The peer showed no certificate, and one is required.
    CertificateMissing,
    /// The peer did not accept our certificate.
    CertificateRefused {
        /// The alert, in words.
        alert: String,
    },
    /// The peer closed the connection in the middle of the handshake.
    Closed,
    /// The connection ended without the alert that ends a session: data may be missing.
    Truncated,
    /// The caller's deadline came first.
    Deadline,
    /// A record is longer than TLS allows.
    OversizedRecord,
    /// A record did not decrypt.
    Decrypt,
    /// The peer broke the protocol.
    Protocol {
        /// What it did, in the words of the library that found it.
        reason: String,
    },
    /// Our own end of the stream has been sent already.
    Ended,
    /// The byte pipe below failed.
    Pipe(Arc<io::Error>),
}

impl Cause {
    /// Returns the kind for an [`io::Error`] of this cause.
    pub(crate) fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Pipe(error) => error.kind(),
            Self::Closed | Self::Truncated => io::ErrorKind::UnexpectedEof,
            Self::Deadline => io::ErrorKind::TimedOut,
            Self::Ended => io::ErrorKind::BrokenPipe,
            Self::CertificateWanted | Self::CertificateRefused { .. } | Self::Alert { .. } => {
                io::ErrorKind::ConnectionAborted
            }
            _ => io::ErrorKind::InvalidData,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTls { begins } => not_tls(begins, f),
            Self::Version => f.write_str(
                "the peer has no version of TLS that is allowed here; let it offer TLS 1.2 or TLS 1.3",
            ),
            Self::NothingInCommon => f.write_str(
                "no cipher suite in common; RSA key exchange, finite-field DHE, CBC ciphers and anonymous suites are not supported: let the peer offer ECDHE with AES-GCM or ChaCha20, and check :priority",
            ),
            Self::NoAnonymousSuite => f.write_str(
                "no anonymous cipher suite in common; let the peer offer ANON-ECDH or ANON-DH with TLS 1.2, check :priority, or use gnutls-x509pki",
            ),
            Self::ShortPrime { bits, minimum } => write!(
                f,
                "the prime of the key exchange has {bits} bits; at least {minimum} are needed, which :min-prime-bits can change"
            ),
            Self::NoApplicationProtocol => {
                f.write_str("none of the protocols in :alpn-protocols is offered by both sides")
            }
            Self::Alert { alert } => write!(f, "the peer sent the alert \"{alert}\""),
            Self::CertificateWanted => {
                f.write_str("the peer wants a client certificate; name one by :keylist")
            }
            Self::CertificateMissing => {
                f.write_str("the peer showed no certificate, and one is required")
            }
            Self::CertificateRefused { alert } => {
                write!(f, "the peer did not accept our certificate: \"{alert}\"")
            }
            Self::Closed => f.write_str("the peer closed the connection"),
            Self::Truncated => f.write_str(
                "the connection ended without the end of the TLS session; data may be missing",
            ),
            Self::Deadline => f.write_str("not done before the deadline"),
            Self::OversizedRecord => f.write_str("the peer sent a record longer than TLS allows"),
            Self::Decrypt => f.write_str("a record did not decrypt; it was damaged on its way"),
            Self::Protocol { reason } => write!(f, "the peer broke the protocol: {reason}"),
            Self::Ended => f.write_str("the end of this side has been sent already"),
            Self::Pipe(error) => error.fmt(f),
        }
    }
}

fn not_tls(begins: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("the peer does not speak TLS")?;
    if begins.is_empty() {
        return Ok(());
    }
    write!(f, ": it begins with \"{}\"", begins.escape_ascii())?;
    // The greetings of SMTP and FTP, POP3, IMAP and NNTP.
    let greets = [&b"220"[..], b"+OK", b"* OK", b"200", b"201"];
    if greets.iter().any(|greeting| begins.starts_with(greeting)) {
        f.write_str("; ask it for STARTTLS before the handshake")?;
    }
    Ok(())
}

/// Why a file is of no use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FileFault {
    /// It cannot be read.
    Read(Arc<io::Error>),
    /// It holds nothing of the kind that was looked for.
    Empty {
        /// What was looked for.
        expected: &'static str,
    },
    /// It holds a private key under a passphrase.
    Encrypted,
    /// What it holds is not well formed, or not supported.
    Malformed {
        /// What is wrong, in the words of the library that found it.
        reason: String,
    },
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "cannot be read: {error}"),
            Self::Empty { expected } => write!(f, "holds no {expected}, in PEM or DER"),
            Self::Encrypted => f.write_str(
                "holds a private key under a passphrase, which is not supported; decrypt it, as with `openssl pkey -in FILE -out NEW`",
            ),
            Self::Malformed { reason } => write!(f, "is not well formed: {reason}"),
        }
    }
}
