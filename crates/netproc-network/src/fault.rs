//! What went wrong where no caller could be told: in a callback, or to bytes in a queue.

use std::fmt;

use netproc_socket::OsError;

use crate::callback::CallbackError;
use crate::process::Process;

/// Something that went wrong on a process while nobody waited for an answer.
///
/// A network tells its fault function (see `NetworkBuilder::on_fault`); the default one writes
/// a line to standard error.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fault {
    /// The process it happened to.
    pub process: Process,
    /// What happened.
    pub kind: FaultKind,
}

/// What can go wrong where no caller could be told.
#[derive(Debug)]
#[non_exhaustive]
pub enum FaultKind {
    /// A callback returned an error; the text or message it was called with counts as handled.
    CallbackFailed {
        /// Which callback.
        callback: CallbackKind,
        /// What it returned.
        error: CallbackError,
    },
    /// A callback panicked; it is called again next time as if nothing had been.
    CallbackPanicked {
        /// Which callback.
        callback: CallbackKind,
        /// What it panicked with.
        message: String,
    },
    /// The system refused a queued datagram or record of this many bytes; the process goes on.
    MessageRefused {
        /// The length of the message.
        bytes: usize,
        /// Why it was refused.
        cause: OsError,
    },
    /// The connection ended while this many bytes waited to be sent.
    LostBytes(usize),
    /// A stream ended without the end of its TLS session, so that data may be missing; or a
    /// handshake failed on a server without log function.
    Tls(netproc_tls::Error),
}

/// The three kinds of callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the manual has three")]
pub enum CallbackKind {
    /// A filter.
    Filter,
    /// A sentinel.
    Sentinel,
    /// A log function.
    Log,
}

impl fmt::Display for CallbackKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            CallbackKind::Filter => "filter",
            CallbackKind::Sentinel => "sentinel",
            CallbackKind::Log => "log function",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.process.name();
        match &self.kind {
            FaultKind::CallbackFailed { callback, error } => {
                write!(formatter, "error in process {callback} of {name}: {error}")
            }
            FaultKind::CallbackPanicked { callback, message } => {
                write!(
                    formatter,
                    "panic in process {callback} of {name}: {message}"
                )
            }
            FaultKind::MessageRefused { bytes, cause } => {
                write!(
                    formatter,
                    "process {name} could not send a message of {bytes} bytes: {cause}"
                )
            }
            FaultKind::Tls(error) => write!(formatter, "process {name}: {error}"),
            FaultKind::LostBytes(count) => {
                write!(formatter, "process {name} ended with {count} bytes unsent")
            }
        }
    }
}
