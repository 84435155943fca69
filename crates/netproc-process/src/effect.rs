//! What a process wants done, and what it waits for.

use std::borrow::Cow;

use netproc_address::Address;
use netproc_lisp::{Text, Value};

/// Something that a [`Machine`](crate::Machine) wants done.
///
/// [`Shutdown`](Effect::Shutdown), [`Close`](Effect::Close), [`LostBytes`](Effect::LostBytes) and
/// the [`Retire`](Effect::Retire) of a deleted process concern the socket and the table; they are
/// given by [`poll_socket_effect`](crate::Machine::poll_socket_effect) without waiting for any
/// callback. The others call the user's functions, in this order for each process: `Log`, the
/// opening `Sentinel`, `Filter` and `Insert`, `Retire`, the last `Sentinel`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// Call the filter with this text.
    Filter(Text),
    /// Insert this text into the process's buffer at its mark; without a buffer, forget it.
    Insert(Text),
    /// Call the sentinel with this event. For the default sentinel that is
    /// [`Buffer::insert_event_at`](crate::Buffer::insert_event_at).
    Sentinel(Cow<'static, str>),
    /// Call the log function with the server, a connection and this message.
    ///
    /// From the machine of an accepted connection the connection is that one; from the machine of
    /// a server it is nil.
    Log {
        /// The server's log function.
        function: Value,
        /// The message.
        message: String,
    },
    /// Shut the socket down for writing; all that was queued is sent.
    Shutdown,
    /// Close the socket, or give up the attempt to make one. Given at most once.
    Close,
    /// Take the process out of the table; its name is free then.
    Retire,
    /// So many queued bytes could not be sent and never will be.
    LostBytes(usize),
}

/// Which readiness of its socket a process waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a socket is ready for these two")]
pub struct Interest {
    /// To read; for a server, to accept.
    pub read: bool,
    /// To write what is queued.
    pub write: bool,
}

/// What is to be sent next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "bytes and whereto is all there is to sending"
)]
pub struct Outgoing<'a> {
    /// The bytes; one whole message, unless the process is a stream.
    pub bytes: &'a [u8],
    /// Where a datagram goes; `None` for connections, and for a datagram without a target.
    pub to: Option<&'a Address>,
}
