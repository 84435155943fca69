//! Why there is no stream, and what was said before.

use std::error::Error as StdError;
use std::fmt;

use netproc_dialogue::{Error as DialogueError, PeerFault, Said, Step};
use netproc_lisp::Value;
use netproc_network::tls;

/// Why a stream could not be opened, though a connection could or was not tried.
#[derive(Debug)]
#[non_exhaustive]
pub struct StreamError {
    /// What ended the dialogue, or kept it from beginning.
    pub error: DialogueError,
    /// How the handshake failed, where it did.
    pub cause: Option<netproc_network::Error>,
    /// The name that the process had.
    pub process: String,
}

impl StreamError {
    pub(crate) fn new(error: DialogueError, process: &str) -> Self {
        StreamError {
            error,
            cause: None,
            process: process.to_owned(),
        }
    }

    /// Returns what the server had said, as far as it came.
    pub fn said(&self) -> Option<&Said> {
        Some(&self.error.peer()?.said)
    }

    /// Returns the condition that Emacs signals, `(SYMBOL . DATA)`.
    pub fn condition(&self) -> Value {
        if let Some(netproc_network::Error::Tls(cause)) = &self.cause
            && matches!(cause, tls::Error::Certificate { .. })
        {
            return cause.condition();
        }
        let is_mute = self
            .error
            .peer()
            .is_some_and(|peer| (peer.step, &peer.fault) == (Step::Greeting, &PeerFault::Closed));
        if is_mute {
            // Emacs finds out when it sends the first command.
            let text = netproc_process::message::not_running(&self.process);
            return Value::list([Value::symbol("error"), Value::from(text)]);
        }
        self.error.condition()
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(formatter)
    }
}

impl StdError for StreamError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Some(cause) => Some(cause),
            None => self.error.source(),
        }
    }
}
