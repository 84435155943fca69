//! Why the command ends with a status other than 0.

use std::fmt;
use std::io;

use netproc::network::Error;
use netproc::socket::bare_text;

use crate::tls::with_flags;

/// The exit status of success.
pub(crate) const SUCCESS: u8 = 0;

/// The exit status when the network or the system said no.
pub(crate) const REFUSED: u8 = 1;

/// The exit status when the arguments are wrong.
pub(crate) const WRONG_ARGUMENTS: u8 = 2;

/// The exit status when what a server shows is not to be trusted.
pub(crate) const NOT_VERIFIED: u8 = 3;

/// Why the command cannot go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The process could not be made.
    Network(Error),
    /// Something of the system beside the network failed: what was tried, and the cause.
    System(&'static str, io::Error),
    /// The other side closed before it had this many bytes.
    Unsent(usize),
    /// A session that had begun failed: why, in words.
    Session(String),
}

impl Failure {
    /// Returns the exit status.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Failure::Network(error) if error.is_argument_error() => WRONG_ARGUMENTS,
            _ => REFUSED,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Network(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Network(error) => formatter.write_str(&with_flags(&error.to_string())),
            Failure::Session(reason) => formatter.write_str(&with_flags(reason)),
            Failure::System(what, error) => write!(formatter, "{what}: {}", bare_text(error)),
            Failure::Unsent(count) => {
                write!(formatter, "the other side closed with {count} bytes unsent")
            }
        }
    }
}
