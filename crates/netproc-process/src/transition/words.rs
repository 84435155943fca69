//! The words of the transition table: states, events, sorts of process, steps, announcements.

/// Where a process stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host that shows states wants to see them all"
)]
pub enum State {
    /// The connection or the socket is being made.
    Connect,
    /// A server waits for connections.
    Listen,
    /// Data can be exchanged.
    Open,
    /// The peer sends no more; what is queued is sent, then the process closes.
    Finish,
    /// The peer takes no more; what it sent is read, then the process closes.
    Drain,
    /// No connection could be made.
    Failed,
    /// It is over.
    Closed,
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [State; 7] = [
        State::Connect,
        State::Listen,
        State::Open,
        State::Finish,
        State::Drain,
        State::Failed,
        State::Closed,
    ];

    /// Returns the name used in the printed table.
    pub const fn name(self) -> &'static str {
        match self {
            State::Connect => "connect",
            State::Listen => "listen",
            State::Open => "open",
            State::Finish => "finish",
            State::Drain => "drain",
            State::Failed => "failed",
            State::Closed => "closed",
        }
    }
}

/// What can happen to a process: the inputs without their data, and `drained`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Event {
    /// An address is being connected to.
    AddressTried,
    /// The connection is there.
    Connected,
    /// No address could be connected to.
    ConnectFailed,
    /// The name of the host was not found.
    LookupFailed,
    /// The server's socket listens.
    Listening,
    /// The datagram socket is there.
    Bound,
    /// Bytes of a stream arrived.
    Received,
    /// A datagram arrived.
    Datagram,
    /// A message of a seqpacket connection arrived.
    Message,
    /// The peer sends no more.
    PeerClosed,
    /// Reading failed.
    ReadFailed,
    /// Queued bytes were sent.
    Sent,
    /// Sending failed.
    SendFailed,
    /// The TLS session of an open connection failed.
    SessionFailed,
    /// Accepting a connection failed.
    AcceptFailed,
    /// The user has sent everything.
    SendEof,
    /// The user wants no more input for now.
    Stop,
    /// The user wants input again.
    Continue,
    /// The user is done with the process.
    Delete,
    /// All that was received was handed out and all that was queued was sent. The machine finds
    /// this out by itself.
    Drained,
}

impl Event {
    /// Every event, in the order of the printed table.
    pub const ALL: [Event; 20] = [
        Event::AddressTried,
        Event::Connected,
        Event::ConnectFailed,
        Event::LookupFailed,
        Event::Listening,
        Event::Bound,
        Event::Received,
        Event::Datagram,
        Event::Message,
        Event::PeerClosed,
        Event::ReadFailed,
        Event::Sent,
        Event::SendFailed,
        Event::SessionFailed,
        Event::AcceptFailed,
        Event::SendEof,
        Event::Stop,
        Event::Continue,
        Event::Delete,
        Event::Drained,
    ];

    /// Returns the name used in the printed table and in errors.
    pub const fn name(self) -> &'static str {
        match self {
            Event::AddressTried => "address-tried",
            Event::Connected => "connected",
            Event::ConnectFailed => "connect-failed",
            Event::LookupFailed => "lookup-failed",
            Event::Listening => "listening",
            Event::Bound => "bound",
            Event::Received => "received",
            Event::Datagram => "datagram",
            Event::Message => "message",
            Event::PeerClosed => "peer-closed",
            Event::ReadFailed => "read-failed",
            Event::Sent => "sent",
            Event::SendFailed => "send-failed",
            Event::SessionFailed => "session-failed",
            Event::AcceptFailed => "accept-failed",
            Event::SendEof => "send-eof",
            Event::Stop => "stop",
            Event::Continue => "continue",
            Event::Delete => "delete",
            Event::Drained => "drained",
        }
    }
}

/// The four sorts of process that the table tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "three kinds of socket, and the listening ones"
)]
pub enum Party {
    /// A stream client or an accepted stream connection.
    Stream,
    /// A seqpacket client or an accepted seqpacket connection.
    SeqPacket,
    /// A datagram client or server.
    Datagram,
    /// A stream or seqpacket server.
    Listener,
}

impl Party {
    /// Every sort, in the order of the printed table.
    pub const ALL: [Party; 4] = [
        Party::Stream,
        Party::SeqPacket,
        Party::Datagram,
        Party::Listener,
    ];

    /// Returns the name used in the printed table.
    pub const fn name(self) -> &'static str {
        match self {
            Party::Stream => "stream",
            Party::SeqPacket => "seqpacket",
            Party::Datagram => "datagram",
            Party::Listener => "listener",
        }
    }
}

/// Which message the user's functions get after a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Announcement {
    /// `open`, to the sentinel of a process that did not make its creator wait.
    Open,
    /// `failed with code N` or `failed: REASON`, to the same.
    Failed,
    /// `connection broken by remote peer`, to the sentinel.
    Broken,
    /// `deleted`, to the sentinel.
    Deleted,
    /// `failed: REASON`, to the sentinel of a process that was open.
    SessionFailed,
    /// `accept failed with codeN` or `accept failed: REASON`, to the log function.
    AcceptFailed,
}

impl Announcement {
    /// Returns the text, with N and REASON where the data of the input goes.
    pub const fn pattern(self) -> &'static str {
        match self {
            Announcement::Open => "open\\n",
            Announcement::Failed => "failed with code N\\n | failed: REASON\\n",
            Announcement::Broken => "connection broken by remote peer\\n",
            Announcement::Deleted => "deleted\\n",
            Announcement::SessionFailed => "failed: REASON\\n",
            Announcement::AcceptFailed => "accept failed with codeN\\n | accept failed: REASON\\n",
        }
    }
}

/// What the machine does in a transition, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Takes the addresses or the failure from the input.
    Learn,
    /// Decodes what arrived, for the filter.
    Deliver,
    /// Hands the bytes that the decoder still holds to the filter.
    FlushInput,
    /// Forgets input that no filter saw yet.
    DropInput,
    /// Takes sent bytes off the queue.
    Advance,
    /// Takes the message that could not be sent off the queue and reports it lost.
    DropMessage,
    /// Empties the queue and reports what was in it lost.
    DropOutput,
    /// Lets nothing more into the queue; the socket is shut down for writing once it is empty.
    EndOutput,
    /// Stops handing out input.
    Halt,
    /// Hands out input again.
    Resume,
    /// Closes the socket.
    Close,
    /// Leaves the registry.
    Retire,
    /// Makes the exit status 0, and a terminal message not yet given `deleted`.
    Absolve,
}

impl Step {
    /// Returns the name used in the printed table.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Learn => "learn",
            Step::Deliver => "deliver",
            Step::FlushInput => "flush-input",
            Step::DropInput => "drop-input",
            Step::Advance => "advance",
            Step::DropMessage => "drop-message",
            Step::DropOutput => "drop-output",
            Step::EndOutput => "end-output",
            Step::Halt => "halt",
            Step::Resume => "resume",
            Step::Close => "close",
            Step::Retire => "retire",
            Step::Absolve => "absolve",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table is indexed by these numbers.
    #[test]
    fn names_are_in_order_of_declaration() {
        for (position, event) in Event::ALL.into_iter().enumerate() {
            assert_eq!(event as usize, position);
        }
        for (position, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, position);
        }
        for (position, party) in Party::ALL.into_iter().enumerate() {
            assert_eq!(party as usize, position);
        }
    }
}
