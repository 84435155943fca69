//! What happens on processes, as values for those who prefer a channel to callbacks.

use netproc_address::Address;
use netproc_lisp::Text;

use crate::process::Process;

/// One thing that happened on a process.
///
/// The events of one process arrive in the order of its callbacks: accepted or open, data,
/// one end, nothing after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// Text arrived, as a filter would get it.
    Data {
        /// The process it arrived on.
        process: Process,
        /// The decoded text.
        text: Text,
        /// Whom a datagram came from, and where the process sends to until the next one arrives.
        from: Option<Address>,
    },
    /// The status changed, as a sentinel would be told.
    Changed {
        /// The process that changed.
        process: Process,
        /// Emacs's words for it, for example `"connection broken by remote peer\n"`.
        message: String,
    },
    /// A server accepted a connection or failed to, as a log function would be told.
    Log {
        /// The server.
        server: Process,
        /// The new connection, or `None` where accepting failed.
        connection: Option<Process>,
        /// Emacs's words for it, for example `"accept from 127.0.0.1\n"`.
        message: String,
    },
}

impl Event {
    /// Returns the process the event is about; of a log event, the server.
    pub fn process(&self) -> &Process {
        match self {
            Event::Data { process, .. } | Event::Changed { process, .. } => process,
            Event::Log { server, .. } => server,
        }
    }
}
