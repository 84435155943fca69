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
mod words;

pub use print::{status_diagram, transition_table};
pub use words::{Announcement, Event, Party, State, Step};

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
            Event::SessionFailed,
            &[Party::Stream],
            &[Open, Finish, Drain],
            Some(Closed),
            &[Learn, FlushInput, DropOutput, Close, Retire],
            Some(Say::SessionFailed),
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

const ROWS: usize = 27;
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
                    Some(
                        Announcement::Broken | Announcement::Deleted | Announcement::SessionFailed
                    )
                ),
                "{line:?}"
            );
        }
    }
}
