//! What the world and the user do to a process.

use netproc_address::Address;

use crate::{Event, Failure};

/// Something that happens to a [`Machine`](crate::Machine).
///
/// The first group comes from whoever drives the socket, the last four are the user's verbs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Input<'a> {
    /// An address is being connected to; the last one tried is what the contact shows.
    AddressTried {
        /// The address.
        remote: Address,
        /// Our end, once the socket has one.
        local: Option<Address>,
    },
    /// The connection is there, and its TLS session too if it has one.
    Connected {
        /// Our end.
        local: Address,
        /// The peer's end.
        remote: Address,
    },
    /// No connection could be made; or no socket for a server.
    ConnectFailed(Failure),
    /// The name of the host was not found.
    LookupFailed {
        /// The name, as the user gave it.
        host: &'a str,
        /// What the resolver says.
        text: &'a str,
    },
    /// The server's socket listens there.
    Listening {
        /// The address with the port that was really bound.
        local: Address,
    },
    /// The datagram socket is there.
    Bound {
        /// The address of the socket.
        local: Address,
        /// Where a client sends to; for servers `:remote` says it.
        remote: Option<Address>,
    },
    /// Bytes arrived on a stream.
    Received(&'a [u8]),
    /// A datagram arrived.
    Datagram {
        /// The whole message, which may be empty.
        bytes: &'a [u8],
        /// Who sent it; the process will answer there. `None` keeps the target, as connected
        /// sockets do.
        from: Option<Address>,
    },
    /// A message arrived on a seqpacket connection.
    Message(&'a [u8]),
    /// The peer sends no more.
    PeerClosed,
    /// Reading failed for good, for instance by a reset, with this error number.
    ReadFailed(i32),
    /// So many bytes of [`front`](crate::Machine::front) were sent; of messages, all at once.
    Sent(usize),
    /// Sending failed for good, with this error number. A datagram process goes on without the
    /// message.
    SendFailed(i32),
    /// What carries the bytes failed: a TLS session was broken, or refused half way.
    SessionFailed(Failure),
    /// A connection could not be accepted, or not be made use of.
    AcceptFailed(Failure),
    /// The user has sent everything (`process-send-eof`).
    SendEof,
    /// The user wants no more input for now (`stop-process`).
    Stop,
    /// The user wants input again (`continue-process`).
    Continue,
    /// The user is done with the process (`delete-process`).
    Delete,
}

impl Input<'_> {
    /// Returns what happens, without the data.
    pub fn event(&self) -> Event {
        match self {
            Input::AddressTried { .. } => Event::AddressTried,
            Input::Connected { .. } => Event::Connected,
            Input::ConnectFailed(_) => Event::ConnectFailed,
            Input::LookupFailed { .. } => Event::LookupFailed,
            Input::Listening { .. } => Event::Listening,
            Input::Bound { .. } => Event::Bound,
            Input::Received(_) => Event::Received,
            Input::Datagram { .. } => Event::Datagram,
            Input::Message(_) => Event::Message,
            Input::PeerClosed => Event::PeerClosed,
            Input::ReadFailed(_) => Event::ReadFailed,
            Input::Sent(_) => Event::Sent,
            Input::SendFailed(_) => Event::SendFailed,
            Input::SessionFailed(_) => Event::SessionFailed,
            Input::AcceptFailed(_) => Event::AcceptFailed,
            Input::SendEof => Event::SendEof,
            Input::Stop => Event::Stop,
            Input::Continue => Event::Continue,
            Input::Delete => Event::Delete,
        }
    }
}
