//! Why a connection could not be made.

use crate::{ExitStatus, message};

/// Why a connection could not be made: what the sentinel is told and what stays as exit status.
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
        /// What went wrong; it becomes the exit status.
        reason: String,
    },
}

impl Failure {
    /// Returns what the sentinel is told, a line that begins with `failed`.
    pub fn announcement(&self) -> String {
        match self {
            Failure::System { errno } => message::failed_with_code(*errno),
            Failure::Lookup { host, reason } => {
                message::failed(&message::lookup_reason(host, reason))
            }
            Failure::Other { reason } => message::failed(reason),
        }
    }

    /// Returns the exit status of the failed process.
    pub fn exit_status(&self) -> ExitStatus {
        match self {
            Failure::System { errno } => ExitStatus::Code(*errno),
            Failure::Lookup { host, .. } => ExitStatus::Text(message::lookup_failed(host)),
            Failure::Other { reason } => ExitStatus::Text(reason.clone()),
        }
    }
}
