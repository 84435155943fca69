//! Which sockets are ready, told by an edge-triggered epoll set that all of them share.
//!
//! A socket joins the set once, at its first wait, and stays. The kernel then tells each change by
//! itself, so that a wait costs no system call, where the one-shot entries of `async-io` cost one
//! each time and five more for each look. What is known of a socket stands in its [`Entry`]; what
//! makes that sound is written there. Who looks at the set, and when, is the matter of
//! [`lead`].
//!
//! The set is one source inside `async-io`, so whoever waits under another executor is woken, too.
//! Where the set cannot be had, or the feature `portable` leaves it out, every socket is a source
//! of `async-io` by itself.

mod entry;
mod lead;
mod sleep;
mod table;
mod watch;

use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::task::Waker;

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::event::{EventfdFlags, Timespec, eventfd};

use lead::Lead;
use table::{Table, Token};

pub(crate) use entry::{Direction, Mark};
pub use sleep::{block_on, block_on_watching};
pub(crate) use watch::Watch;

/// How many events one look takes; what is left is there at the next.
const EVENTS_A_LOOK: usize = 512;

/// The entries of all sockets. Those of closed sockets are used again, and none is ever freed.
static TABLE: Table = Table::new();

thread_local! {
    /// Room for the events of one look: one a thread that looks.
    static EVENTS: Cell<Vec<Event>> = const { Cell::new(Vec::new()) };

    /// This thread is telling sockets that they are ready.
    static IS_TELLING: Cell<bool> = const { Cell::new(false) };

    /// Who is to be woken when that is done.
    static LATER: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

/// The epoll set, and who looks at it.
struct Set {
    epoll: OwnedFd,
    /// Written to when the thread that waits at the set is wanted for something else.
    notice: OwnedFd,
    lead: Lead,
}

/// Returns the set; `None` where each socket is a source of `async-io`.
fn set() -> Option<&'static Set> {
    static SET: OnceLock<Option<Set>> = OnceLock::new();
    if cfg!(feature = "portable") {
        return None;
    }
    // Out of descriptors: the sockets there are will do without.
    SET.get_or_init(|| Set::new().ok()).as_ref()
}

/// Opens the descriptors that sockets are watched with, unless that has been done.
///
/// It is done at the first wait otherwise, when there may be none left: `async-io` panics then.
pub fn prepare() {
    lead::start_reactor();
    let _opened = set();
}

impl Set {
    fn new() -> io::Result<Set> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let notice = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        // Told for as long as it stands: others who look must not take it from the one who waits.
        epoll::add(&epoll, &notice, Token::NOTICE.into(), EventFlags::IN)?;
        let lead = Lead::new(&epoll)?;
        Ok(Set {
            epoll,
            notice,
            lead,
        })
    }

    /// Takes a socket in; the kernel tells at once what it is ready for.
    ///
    /// To be told of room to write costs an event for each message on some kinds of sockets, so
    /// that is left out until somebody waits for it.
    fn add(&self, socket: impl AsFd, first: Direction) -> io::Result<Token> {
        let token = TABLE.take(first)?;
        let added = epoll::add(&self.epoll, socket, token.into(), interest(first));
        if let Err(error) = added {
            TABLE.give_back(token);
            return Err(error.into());
        }
        Ok(token)
    }

    /// Has the room to write told from now on, beginning with what there is.
    fn add_writing(&self, socket: impl AsFd, token: Token) -> io::Result<()> {
        let all = interest(Direction::Write);
        Ok(epoll::modify(&self.epoll, socket, token.into(), all)?)
    }

    /// Leaves a socket out that is about to be closed.
    fn remove(&self, socket: impl AsFd, token: Token) {
        // A socket that is in the set can be taken out; nothing could be done if it could not.
        let _removed = epoll::delete(&self.epoll, socket);
        TABLE.give_back(token);
    }

    /// Wakes the thread that waits at the set.
    fn interrupt(&self) {
        // The counter would have to overflow for this to fail.
        let _written = rustix::io::write(&self.notice, &1_u64.to_ne_bytes());
    }

    /// Takes the notice back; for the thread that waits at the set alone, or when there is none.
    fn take_notice_back(&self) {
        // It may be gone already, or never have been there.
        let _nothing = rustix::io::read(&self.notice, &mut [0; 8]);
    }

    /// Looks at what has become ready, without waiting, and wakes who waits for it.
    fn look(&self) {
        let mut events = EVENTS.take();
        self.wait(&mut events, Some(&Timespec::default()));
        if has_notice(&events) {
            // One that came too late for its thread would open the gate again and again.
            self.lead.when_away(|| self.take_notice_back());
        }
        dispatch(events);
    }

    /// Waits for something to become ready.
    fn wait(&self, events: &mut Vec<Event>, timeout: Option<&Timespec>) {
        events.clear();
        events.reserve_exact(EVENTS_A_LOOK);
        // An interrupted wait is one that found nothing, and no other error can come.
        let _interrupted = epoll::wait(&self.epoll, spare_capacity(events), timeout);
    }
}

fn has_notice(events: &[Event]) -> bool {
    events
        .iter()
        .any(|event| Token::from(event.data) == Token::NOTICE)
}

/// Notes what the kernel told, and wakes who waits for it.
fn dispatch(mut events: Vec<Event>) {
    let outer = IS_TELLING.replace(true);
    for event in events.drain(..) {
        // The notice has done its work by ending the wait.
        if let Some((entry, generation)) = TABLE.find(Token::from(event.data)) {
            entry.post(generation, event.flags).each(wake);
        }
    }
    IS_TELLING.set(outer);
    EVENTS.set(events);
    if !outer {
        while let Some(waker) = LATER.with_borrow_mut(Vec::pop) {
            wake(waker);
        }
    }
}

/// Wakes now, or, where this thread is telling sockets that they are ready, when it has done so.
///
/// For wakers that [stand by](crate::Socket::stand_by) at a socket and pass the word on: the
/// socket is locked when they are woken, and who is woken further may want it at once.
///
/// # Examples
///
/// ```
/// netproc_socket::wake_unlocked(std::task::Waker::noop().clone());
/// ```
pub fn wake_unlocked(waker: Waker) {
    if IS_TELLING.get() {
        LATER.with_borrow_mut(|later| later.push(waker));
    } else {
        waker.wake();
    }
}

/// Wakes without harm to the others: a waker is foreign code, which may panic.
fn wake(waker: Waker) {
    let _panicked = catch_unwind(AssertUnwindSafe(|| waker.wake()));
}

fn interest(direction: Direction) -> EventFlags {
    let reading = EventFlags::IN | EventFlags::PRI | EventFlags::RDHUP | EventFlags::ET;
    match direction {
        Direction::Read => reading,
        Direction::Write => reading | EventFlags::OUT,
    }
}

impl From<EventData> for Token {
    fn from(data: EventData) -> Token {
        Token::from_number(data.u64())
    }
}

impl From<Token> for EventData {
    fn from(token: Token) -> EventData {
        EventData::new_u64(token.to_number())
    }
}
