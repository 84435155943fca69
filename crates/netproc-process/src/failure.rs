//! Why a connection could not be made, or not be kept.

use crate::{ExitStatus, message};

/// Why a connection could not be made or kept: what the sentinel is told, and the exit status.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The system refused, with this error number: `failed with code 111`.
    System {
        /// The error number; it becomes the exit status.
        errno: i32,
    },
    /// The name of the host was not found.
    Lookup {
        /// The name, as the user gave it.
        host: String,
        /// What the resolver says.
        reason: String,
    },
    /// Anything else, such as a TLS handshake: `failed: REASON`.
    Other {
        /// What went wrong; it becomes the exit status where there is no code.
        reason: String,
        /// The number that the library below has for it, as GnuTLS has -64 for a file.
        code: Option<i32>,
    },
}

impl Failure {
    /// Returns what the log function of a server is told of a connection that came to nothing.
    pub fn accept_message(&self) -> String {
        match self {
            Failure::System { errno } => message::accept_failed(*errno),
            Failure::Lookup { host, reason } => {
                message::accept_failed_for(&message::lookup_reason(host, reason))
            }
            Failure::Other { reason, .. } => message::accept_failed_for(reason),
        }
    }

    /// Returns what the sentinel is told, a line that begins with `failed`.
    pub fn announcement(&self) -> String {
        match self {
            Failure::System { errno } => message::failed_with_code(*errno),
            Failure::Lookup { host, reason } => {
                message::failed(&message::lookup_reason(host, reason))
            }
            Failure::Other { reason, .. } => message::failed(reason),
        }
    }

    /// Returns the exit status of the failed process.
    pub fn exit_status(&self) -> ExitStatus {
        match self {
            Failure::System { errno } => ExitStatus::Code(*errno),
            Failure::Lookup { host, .. } => ExitStatus::Text(message::lookup_failed(host)),
            Failure::Other {
                code: Some(code), ..
            } => ExitStatus::Code(*code),
            Failure::Other { reason, .. } => ExitStatus::Text(reason.clone()),
        }
    }
}
