//! How a dialogue ended well.

use std::fmt;

use netproc_lisp::{Text, Value};

use crate::error::Beginning;

/// Whether a stream is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "Emacs has these two")]
pub enum StreamKind {
    /// It is not.
    Plain,
    /// It is, by TLS.
    Tls,
}

impl fmt::Display for StreamKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            StreamKind::Plain => "plain",
            StreamKind::Tls => "tls",
        })
    }
}

/// The symbol `plain` or `tls`.
impl From<StreamKind> for Value {
    fn from(kind: StreamKind) -> Value {
        Value::symbol(&kind.to_string())
    }
}

/// What is known of a stream that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// What the server said first; none if it was not waited for.
    pub greeting: Option<Text>,
    /// What the server said that it can do, under encryption if there is any.
    pub capabilities: Option<Text>,
    /// Whether the stream is encrypted.
    pub kind: StreamKind,
    /// Why a stream that might have been encrypted is not; only with
    /// [`StreamType::Network`](crate::StreamType::Network).
    pub unencrypted: Option<Unencrypted>,
}

/// Why a stream that might have been encrypted is not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unencrypted {
    /// The server does not offer STARTTLS.
    NotOffered,
    /// The server offers STARTTLS and answered that it will not.
    Refused {
        /// Its answer.
        answer: Text,
    },
    /// The handshake failed, and the connection was made again without.
    Handshake {
        /// How it failed.
        reason: String,
    },
}

impl fmt::Display for Unencrypted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unencrypted::NotOffered => formatter.write_str("the server does not offer STARTTLS"),
            Unencrypted::Refused { answer } => {
                write!(
                    formatter,
                    "the server answered to STARTTLS: {}",
                    Beginning(answer)
                )
            }
            Unencrypted::Handshake { reason } => {
                write!(formatter, "the TLS handshake failed: {reason}")
            }
        }
    }
}
