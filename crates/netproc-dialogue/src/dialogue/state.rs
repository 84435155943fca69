//! Where a dialogue stands, and which way it goes.

use crate::error::{Error, Step};
use crate::pattern::Pattern;
use crate::request::{StreamRequest, StreamType};

/// Which of Emacs's ways a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing is said: a connection and no more.
    Simple {
        /// It is encrypted, since there are `:tls-parameters`.
        encrypted: bool,
    },
    /// The greeting is waited for, and nothing else.
    Plain,
    /// Capabilities are asked for, and encryption if it may be.
    Upgrade,
    /// Encrypted from the first byte; then as the others.
    Encrypted,
}

impl Way {
    pub(super) fn of(request: &StreamRequest) -> Self {
        let has_parameters = request.tls_parameters.is_true();
        let may_upgrade = request.success.is_some() && request.capability_command.is_some();
        let is_plain = request.stream_type == StreamType::Plain;
        let is_network = request.stream_type == StreamType::Network;
        if request.stream_type == StreamType::Tls {
            Way::Encrypted
        } else if !request.return_list && (is_plain || (is_network && !may_upgrade)) {
            let encrypted = has_parameters;
            Way::Simple { encrypted }
        } else if has_parameters && (is_plain || (is_network && !request.knows_starttls())) {
            // There will be no upgrade, so the parameters can only be meant for the start.
            Way::Encrypted
        } else if is_plain && !request.always_query_capabilities {
            Way::Plain
        } else {
            Way::Upgrade
        }
    }

    pub(super) fn is_simple(self) -> bool {
        matches!(self, Way::Simple { .. })
    }

    pub(super) fn is_encrypted(self) -> bool {
        matches!(self, Way::Encrypted | Way::Simple { encrypted: true })
    }
}

/// Which connection it is, and whether it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connection {
    /// The one whose greeting counts.
    First,
    /// The same, closed by the server.
    FirstClosed,
    /// The one in clear text after a handshake that failed.
    Second {
        /// The server closed it.
        closed: bool,
    },
}

impl Connection {
    pub(super) fn close(&mut self) {
        *self = match self {
            Connection::First | Connection::FirstClosed => Connection::FirstClosed,
            Connection::Second { .. } => Connection::Second { closed: true },
        };
    }

    pub(super) fn is_closed(self) -> bool {
        matches!(
            self,
            Connection::FirstClosed | Connection::Second { closed: true }
        )
    }
}

/// Where a dialogue stands.
#[derive(Debug)]
pub(super) enum State {
    /// Something is to be done.
    Due(Due),
    /// A connection is being made.
    Connecting,
    /// An answer is waited for that ends so.
    Hearing(Step, Pattern),
    /// The handshake is under way.
    Handshaking,
    /// All is said.
    Over,
}

/// What is to be done next.
#[derive(Debug)]
pub(super) enum Due {
    /// Taken and not yet replaced.
    Nothing,
    Connect,
    Reconnect,
    Greeting,
    AskCapabilities(Step),
    Decide,
    SendStarttls(String),
    StartTls,
    Finish,
    Fail(Error),
}
