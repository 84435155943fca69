//! The life of a process as data: what may happen in which state, and what follows.
//!
//! [`Machine`](crate::Machine) consults this table and nothing else. `connect` and `open` are what
//! the user sees; two more states stand behind `open` and `closed`:
//!
//! ```text
//!            connected, bound            peer-closed            drained
//!  connect ──────────────────→ open ──────────────────→ finish ─────────→ closed
//!     │ │                       │ send-failed              │ send-failed      ↑ ↑
//!     │ │ connect-failed        └──────────→ drain ────────┴──────────────────┘ │
//!     │ └─────────────→ failed ──── delete ─────────────────────────────────────┤
//!     └───────────────→ listen ──── delete ─────────────────────────────────────┘
//! ```
//!
//! - `finish`: the peer sends no more. What was received is handed out and what was queued is
//!   sent before the connection closes, so an echo server loses nothing to a client that
//!   half-closes.
//! - `drain`: the peer takes no more. What it sent before is still read, then it closes.

mod print;

pub use print::{status_diagram, transition_table};

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
    pub const ALL: [Event; 19] = [
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
    /// `accept failed with codeN`, to the log function.
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
            Announcement::AcceptFailed => "accept failed with codeN\\n",
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

/// One line of the table.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Transition {
    /// What happens.
    pub event: Event,
    /// To which sorts of process.
    pub parties: &'static [Party],
    /// In which states.
    pub from: &'static [State],
    /// The state afterwards; `None` when it stays.
    pub to: Option<State>,
    /// What the machine does, in order.
    pub steps: &'static [Step],
    /// What the user is told.
    pub announces: Option<Announcement>,
}

/// Returns the transition for an event in a state, or `None` when it is illegal there.
#[inline]
pub fn transition(party: Party, state: State, event: Event) -> Option<&'static Transition> {
    match INDEX[party as usize][state as usize][event as usize] {
        ILLEGAL => None,
        row => TABLE.get(usize::from(row)),
    }
}

/// Returns all transitions, in the order of the events.
pub fn transitions() -> &'static [Transition] {
    &TABLE
}

const fn row(
    event: Event,
    parties: &'static [Party],
    from: &'static [State],
    to: Option<State>,
    steps: &'static [Step],
    announces: Option<Announcement>,
) -> Transition {
    Transition {
        event,
        parties,
        from,
        to,
        steps,
        announces,
    }
}

const CONNECTIONS: &[Party] = &[Party::Stream, Party::SeqPacket];
const TALKERS: &[Party] = &[Party::Stream, Party::SeqPacket, Party::Datagram];

/// The table itself.
static TABLE: [Transition; ROWS] = {
    use Announcement as Say;
    use State::{Closed, Connect, Drain, Failed, Finish, Listen, Open};
    use Step::{
        Absolve, Advance, Close, Deliver, DropInput, DropMessage, DropOutput, EndOutput,
        FlushInput, Halt, Learn, Resume, Retire,
    };
    const END: &[Step] = &[FlushInput, DropOutput, Close, Retire];
    [
        row(
            Event::AddressTried,
            CONNECTIONS,
            &[Connect],
            None,
            &[Learn],
            None,
        ),
        row(
            Event::Connected,
            CONNECTIONS,
            &[Connect],
            Some(Open),
            &[Learn],
            Some(Say::Open),
        ),
        row(
            Event::ConnectFailed,
            &Party::ALL,
            &[Connect],
            Some(Failed),
            &[Learn, DropOutput, Close],
            Some(Say::Failed),
        ),
        row(
            Event::LookupFailed,
            &Party::ALL,
            &[Connect],
            Some(Failed),
            &[Learn, DropOutput],
            Some(Say::Failed),
        ),
        row(
            Event::Listening,
            &[Party::Listener],
            &[Connect],
            Some(Listen),
            &[Learn],
            None,
        ),
        row(
            Event::Bound,
            &[Party::Datagram],
            &[Connect],
            Some(Open),
            &[Learn],
            Some(Say::Open),
        ),
        row(
            Event::Received,
            &[Party::Stream],
            &[Open, Drain],
            None,
            &[Deliver],
            None,
        ),
        row(
            Event::Datagram,
            &[Party::Datagram],
            &[Open],
            None,
            &[Learn, Deliver],
            None,
        ),
        row(
            Event::Message,
            &[Party::SeqPacket],
            &[Open, Drain],
            None,
            &[Deliver],
            None,
        ),
        row(
            Event::PeerClosed,
            TALKERS,
            &[Open],
            Some(Finish),
            &[FlushInput],
            None,
        ),
        row(Event::PeerClosed, TALKERS, &[Finish], None, &[], None),
        row(
            Event::PeerClosed,
            TALKERS,
            &[Drain],
            Some(Closed),
            END,
            Some(Say::Broken),
        ),
        row(
            Event::ReadFailed,
            TALKERS,
            &[Open, Finish, Drain],
            Some(Closed),
            END,
            Some(Say::Broken),
        ),
        row(
            Event::Sent,
            TALKERS,
            &[Open, Finish],
            None,
            &[Advance],
            None,
        ),
        row(
            Event::SendFailed,
            CONNECTIONS,
            &[Open],
            Some(Drain),
            &[DropOutput],
            None,
        ),
        row(
            Event::SendFailed,
            CONNECTIONS,
            &[Finish],
            Some(Closed),
            &[DropOutput, Close, Retire],
            Some(Say::Broken),
        ),
        row(Event::SendFailed, CONNECTIONS, &[Drain], None, &[], None),
        row(
            Event::SendFailed,
            &[Party::Datagram],
            &[Open, Finish],
            None,
            &[DropMessage],
            None,
        ),
        row(
            Event::AcceptFailed,
            &[Party::Listener],
            &[Listen],
            None,
            &[],
            Some(Say::AcceptFailed),
        ),
        row(
            Event::SendEof,
            CONNECTIONS,
            &[Connect, Open, Finish],
            None,
            &[EndOutput],
            None,
        ),
        // Datagrams have no end; sending goes on as before.
        row(
            Event::SendEof,
            &[Party::Datagram],
            &[Connect, Open, Finish],
            None,
            &[],
            None,
        ),
        row(Event::Stop, &Party::ALL, &State::ALL, None, &[Halt], None),
        row(
            Event::Continue,
            &Party::ALL,
            &State::ALL,
            None,
            &[Resume],
            None,
        ),
        row(
            Event::Delete,
            &Party::ALL,
            &[Connect, Listen, Open, Finish, Drain, Failed],
            Some(Closed),
            &[DropInput, DropOutput, Close, Retire, Absolve],
            Some(Say::Deleted),
        ),
        row(
            Event::Delete,
            &Party::ALL,
            &[Closed],
            None,
            &[DropInput, Absolve],
            None,
        ),
        row(
            Event::Drained,
            TALKERS,
            &[Finish],
            Some(Closed),
            &[Close, Retire],
            Some(Say::Broken),
        ),
    ]
};

const ROWS: usize = 26;
const ILLEGAL: u8 = u8::MAX;

/// Party, state and event to the line of [`TABLE`], so that a look-up is one load.
static INDEX: [[[u8; Event::ALL.len()]; State::ALL.len()]; Party::ALL.len()] = {
    let mut index = [[[ILLEGAL; Event::ALL.len()]; State::ALL.len()]; Party::ALL.len()];
    let mut line = 0;
    // Loops by hand: iterators do not run at compile time.
    while line < ROWS {
        let transition = &TABLE[line];
        let mut party = 0;
        while party < transition.parties.len() {
            let mut state = 0;
            while state < transition.from.len() {
                let cell = &mut index[transition.parties[party] as usize]
                    [transition.from[state] as usize][transition.event as usize];
                assert!(*cell == ILLEGAL, "two lines for one party, state and event");
                #[expect(clippy::cast_possible_truncation, reason = "ROWS is far below 255")]
                {
                    *cell = line as u8;
                }
                state += 1;
            }
            party += 1;
        }
        line += 1;
    }
    index
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_legal_somewhere() {
        for event in Event::ALL {
            assert!(
                transitions().iter().any(|line| line.event == event),
                "{event:?}"
            );
        }
    }

    #[test]
    fn nothing_leaves_closed() {
        for line in transitions()
            .iter()
            .filter(|line| line.from.contains(&State::Closed))
        {
            assert_eq!(line.to, None, "{line:?}");
            assert_eq!(line.announces, None, "{line:?}");
        }
    }

    #[test]
    fn who_closes_retires_and_tells_so() {
        for line in transitions()
            .iter()
            .filter(|line| line.to == Some(State::Closed))
        {
            assert!(line.steps.contains(&Step::Close), "{line:?}");
            assert!(line.steps.contains(&Step::Retire), "{line:?}");
            assert!(
                matches!(
                    line.announces,
                    Some(Announcement::Broken | Announcement::Deleted)
                ),
                "{line:?}"
            );
        }
    }

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
