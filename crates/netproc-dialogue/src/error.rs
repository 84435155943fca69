//! What ends a dialogue, or keeps it from beginning.

use std::fmt;
use std::time::Duration;

use netproc_lisp::{Text, Value};

use crate::outcome::StreamKind;
use crate::pattern::{Pattern, PatternError};

/// Why there is no stream: the parameters are wrong, or the server did not do its part.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The parameters are no list of keywords, each with a value.
    NotAList {
        /// The value.
        value: Value,
    },
    /// A keyword is none of `open-network-stream`.
    UnknownKeyword {
        /// What stands where a keyword is expected.
        keyword: Value,
        /// The keyword that may be meant.
        nearest: Option<&'static str>,
    },
    /// A value is none that its keyword takes.
    Value {
        /// The keyword.
        keyword: &'static str,
        /// The value.
        value: Value,
        /// What is taken.
        expected: &'static str,
    },
    /// A pattern cannot be looked for.
    Pattern {
        /// The keyword.
        keyword: &'static str,
        /// What is wrong with the pattern.
        error: PatternError,
    },
    /// A connection by way of a shell command is asked for.
    Shell {
        /// `:type` or `:shell-command`.
        keyword: &'static str,
        /// The value.
        value: Value,
    },
    /// A keyword is left out without which encryption could never come about.
    Missing {
        /// The keyword.
        keyword: &'static str,
        /// Why it is needed.
        reason: &'static str,
    },
    /// Two keywords name a client certificate.
    TwoCertificates,
    /// The server did not do its part.
    Peer(Box<PeerError>),
}

/// What a server failed to do, and what was said before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerError {
    /// The host, as it was given.
    pub host: String,
    /// The service, as it was given.
    pub service: String,
    /// Where in the dialogue it was.
    pub step: Step,
    /// What went wrong.
    pub fault: PeerFault,
    /// What was said before.
    pub said: Said,
    /// Whether the connection was encrypted by then.
    pub kind: StreamKind,
}

/// What a server had said when a dialogue ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// The greeting.
    pub greeting: Option<Text>,
    /// The capabilities, those in clear text unless encryption stood.
    pub capabilities: Option<Text>,
}

/// The steps of a dialogue in which a server has to say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// It greets.
    Greeting,
    /// It tells what it can do.
    Capabilities,
    /// It answers to STARTTLS.
    Starttls,
    /// It shakes hands.
    Handshake,
    /// It tells, after the handshake or on a new connection, what it can do.
    CapabilitiesAgain,
}

/// What a server did wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeerFault {
    /// Encryption is required, and it does not offer STARTTLS.
    NotOffered,
    /// Encryption is required, and it will not.
    Refused {
        /// Its answer to STARTTLS.
        answer: Text,
    },
    /// Encryption is required, and the handshake failed; or it failed for what the server showed.
    Handshake {
        /// How it failed.
        reason: String,
    },
    /// It ended the connection.
    Closed,
    /// It did not say in time what was waited for.
    Stalled {
        /// What ends the answer.
        expected: Pattern,
        /// What it had said of it.
        heard: Text,
        /// How long it had.
        within: Duration,
    },
    /// It said more than an answer may be long, and not what was waited for.
    TooLong {
        /// What ends the answer.
        expected: Pattern,
        /// How many bytes an answer may have.
        limit: usize,
    },
    /// It sent something after its answer to STARTTLS and before the handshake.
    ReadAhead {
        /// How many bytes.
        bytes: usize,
    },
}

impl Error {
    /// Tells whether the parameters are wrong, and not the server.
    pub fn is_argument_error(&self) -> bool {
        !matches!(self, Error::Peer(_))
    }

    /// Returns what the server did wrong, if it is the server.
    pub fn peer(&self) -> Option<&PeerError> {
        match self {
            Error::Peer(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the condition of Emacs, `(SYMBOL . DATA)`.
    ///
    /// Where Emacs has words for it these are its words; where it takes what we refuse, ours.
    pub fn condition(&self) -> Value {
        let text = match self {
            Error::NotAList { value } => return wrong_type("listp", value),
            Error::Value { keyword, value, .. } => match *keyword {
                ":type" => format!("Invalid connection type {}", bare(value)),
                ":capability-command" | ":success" | ":end-of-command" | ":end-of-capability" => {
                    return wrong_type("stringp", value);
                }
                ":starttls-function" => {
                    return Value::list([Value::symbol("invalid-function"), value.clone()]);
                }
                _ => self.to_string(),
            },
            Error::Pattern { error, .. } => return error.condition(),
            Error::Peer(error) => match &error.fault {
                PeerFault::NotOffered | PeerFault::Refused { .. } => NO_TLS.to_owned(),
                PeerFault::Handshake { .. } => format!(
                    "Unable to negotiate a TLS connection with {}/{}",
                    error.host, error.service
                ),
                _ => self.to_string(),
            },
            _ => self.to_string(),
        };
        Value::list([Value::symbol("error"), Value::from(text)])
    }
}

/// What Emacs says where a server does not do what encryption needs.
pub(crate) const NO_TLS: &str = "Server does not support TLS";

impl PeerError {
    /// Returns what Emacs puts under `:error` in its list, where it returns one without a process.
    pub fn error_text(&self) -> Option<&'static str> {
        match self.fault {
            PeerFault::NotOffered | PeerFault::Refused { .. } => Some(NO_TLS),
            _ => None,
        }
    }
}

/// Returns a value as `message` shows it: a string without quotes.
fn bare(value: &Value) -> String {
    value
        .as_text()
        .map_or_else(|| value.to_string(), ToString::to_string)
}

/// Writes the beginning of what a server said, in quotes.
pub(crate) struct Beginning<'a>(pub(crate) &'a Text);

/// How many characters of what a server said stand in a message.
const SHOWN: usize = 200;

impl fmt::Display for Beginning<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.0.to_string_lossy();
        match said.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(formatter, "{:?}…", &said[..end]),
            None => write!(formatter, "{said:?}"),
        }
    }
}

fn wrong_type(predicate: &str, value: &Value) -> Value {
    Value::list([
        Value::symbol("wrong-type-argument"),
        Value::symbol(predicate),
        value.clone(),
    ])
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Step::Greeting => "greeting",
            Step::Capabilities => "capabilities",
            Step::Starttls => "STARTTLS",
            Step::Handshake => "TLS handshake",
            Step::CapabilitiesAgain => "capabilities once more",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAList { value } => write!(
                formatter,
                "the parameters are {value}; expected keywords, each with a value after it"
            ),
            Error::UnknownKeyword { keyword, nearest } => {
                write!(
                    formatter,
                    "{keyword} is no parameter of open-network-stream"
                )?;
                match nearest {
                    Some(nearest) => write!(formatter, "; is {nearest} meant?"),
                    None => Ok(()),
                }
            }
            Error::Value {
                keyword,
                value,
                expected,
            } => write!(formatter, "{keyword} {value}: expected {expected}"),
            Error::Pattern { keyword, error } => write!(formatter, "{keyword}: {error}"),
            Error::Shell { keyword, value } => write!(
                formatter,
                "{keyword} {value}: no programs are started here; connect to a port that the \
                 program forwards"
            ),
            Error::Missing { keyword, reason } => {
                write!(formatter, "{keyword} is missing: {reason}")
            }
            Error::TwoCertificates => formatter.write_str(
                ":client-certificate and the :keylist of :tls-parameters both name a client \
                 certificate; leave one of them out",
            ),
            Error::Peer(error) => error.fmt(formatter),
        }
    }
}

impl fmt::Display for PeerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}: {}: ", self.host, self.service, self.step)?;
        match &self.fault {
            PeerFault::NotOffered => formatter
                .write_str("encryption is required, and the server does not offer STARTTLS"),
            PeerFault::Refused { answer } => write!(
                formatter,
                "encryption is required, and the server answered {}",
                Beginning(answer)
            ),
            PeerFault::Handshake { reason } => formatter.write_str(reason),
            PeerFault::Closed => formatter.write_str("the server ended the connection"),
            PeerFault::Stalled {
                expected,
                heard,
                within,
            } => write!(
                formatter,
                "nothing like {expected} came within {within:?}; so far: {}",
                Beginning(heard)
            ),
            PeerFault::TooLong { expected, limit } => write!(
                formatter,
                "the server said more than {limit} bytes and nothing like {expected}"
            ),
            PeerFault::ReadAhead { bytes } => write!(
                formatter,
                "{bytes} bytes came after the answer and before the handshake; somebody may be \
                 injecting commands, so the connection was given up"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Pattern { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl std::error::Error for PeerError {}

impl From<PeerError> for Error {
    fn from(error: PeerError) -> Self {
        Error::Peer(Box::new(error))
    }
}
