//! Who looks at the set: a thread that waits for its own future, or `async-io`.
//!
//! One thread at a time waits at the set itself, which wakes it without a detour. The set is a
//! source of `async-io` as well, behind a gate: an epoll set of its own, with the other in it. The
//! gate is shut while a thread waits at the set, or each event would wake two threads.
//!
//! At any time one of three holds, so that no event lies unseen:
//!
//! 1. a thread waits at the set;
//! 2. the gate is open, and whoever runs `async-io` is told;
//! 3. the watch ticks, which opens the gate if no thread has come back within two ticks.
//!
//! A thread comes to the set and shuts the gate under one lock, and under that lock it has the
//! watch tick when it goes. To look at the set in passing, without waiting, is both at once. Most
//! go for microseconds, to run what was woken, and would open and shut the gate for nothing. One
//! whose future has ended opens it at once, if there is anybody under another executor. The watch
//! stops when all is quiet, so an idle program does nothing.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use async_io::{Async, Timer};
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

use super::set;

/// How often the watch ticks while there is traffic.
const TICK: Duration = Duration::from_millis(10);

/// How many ticks nothing may happen before the watch stops.
const QUIET_TICKS: u32 = 3;

/// Whether anybody ever waited on a thread that never comes to the set.
static OTHERS_WAIT: AtomicBool = AtomicBool::new(false);

/// Notes that somebody waits on a thread that is not in this crate's `block_on`.
pub(super) fn note_other() {
    if !OTHERS_WAIT.load(Ordering::Relaxed) {
        OTHERS_WAIT.store(true, Ordering::Relaxed);
    }
}

/// Who looks at the set.
pub(super) struct Lead {
    gate: Async<OwnedFd>,
    state: Mutex<State>,
}

struct State {
    /// A thread waits at the set.
    is_watched: bool,
    /// The gate is open.
    is_open: bool,
    /// The watch ticks.
    is_ticking: bool,
    /// How often a thread came or went.
    moves: u64,
    /// The same when the watch ticked last, and how many ticks it has been so.
    seen: u64,
    quiet: u32,
    timer: Timer,
}

impl Lead {
    /// Begins with the gate open.
    pub(super) fn new(epoll: &OwnedFd) -> io::Result<Lead> {
        start_reactor();
        let gate = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&gate, epoll, EventData::new_u64(0), EventFlags::IN)?;
        let lead = Lead {
            gate: Async::new_nonblocking(gate)?,
            state: Mutex::new(State {
                is_watched: false,
                is_open: true,
                is_ticking: false,
                moves: 0,
                seen: 0,
                quiet: 0,
                timer: Timer::never(),
            }),
        };
        // Nothing is in the set yet, so nobody is told before the set stands where it is found.
        let waker = Waker::from(Arc::new(Gate));
        match lead.gate.poll_readable(&mut Context::from_waker(&waker)) {
            Poll::Ready(Err(error)) => Err(error),
            _ => Ok(lead),
        }
    }

    /// Comes to wait at the set; false when another thread is there already.
    pub(super) fn come(&self, epoll: &OwnedFd) -> bool {
        let mut state = self.lock();
        if state.is_watched {
            return false;
        }
        state.is_watched = true;
        self.arrive(&mut state, epoll);
        true
    }

    /// Goes, to come back soon or not at all.
    pub(super) fn go(&self) {
        let mut state = self.lock();
        state.is_watched = false;
        state.depart();
    }

    /// Comes and goes at once: a thread that always has something to do only looks at the set in
    /// passing, and is there all the same.
    pub(super) fn pass(&self, epoll: &OwnedFd) {
        let mut state = self.lock();
        if !state.is_watched {
            self.arrive(&mut state, epoll);
            state.depart();
        }
    }

    fn arrive(&self, state: &mut State, epoll: &OwnedFd) {
        state.moves += 1;
        if state.is_open {
            state.is_open = false;
            self.set_gate(epoll, EventFlags::empty());
        }
    }

    /// Goes for good: whoever waits under another executor is not made to wait for the watch.
    pub(super) fn leave(&self, epoll: &OwnedFd) {
        if OTHERS_WAIT.load(Ordering::Relaxed) {
            let mut state = self.lock();
            if !state.is_watched && !state.is_open {
                state.is_open = true;
                self.set_gate(epoll, EventFlags::IN);
            }
        }
    }

    /// Does something while no thread waits at the set, and none can come; else nothing.
    pub(super) fn when_away(&self, act: impl FnOnce()) {
        let state = self.lock();
        if !state.is_watched {
            act();
        }
    }

    fn tick(&self, epoll: &OwnedFd) {
        let mut state = self.lock();
        if !state.is_ticking {
            return;
        }
        if state.seen != state.moves {
            state.seen = state.moves;
            state.quiet = 0;
            return state.start_tick();
        }
        state.quiet += 1;
        if !state.is_watched {
            state.is_ticking = false;
            if !state.is_open {
                state.is_open = true;
                self.set_gate(epoll, EventFlags::IN);
            }
        } else if state.quiet < QUIET_TICKS {
            state.start_tick();
        } else {
            state.is_ticking = false;
        }
    }

    fn set_gate(&self, epoll: &OwnedFd, events: EventFlags) {
        // The set is in the gate for good, so there is nothing that could be wrong.
        let _changed = epoll::modify(self.gate.as_fd(), epoll, EventData::new_u64(0), events);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn depart(&mut self) {
        self.moves += 1;
        if !self.is_ticking {
            self.is_ticking = true;
            self.seen = self.moves;
            self.quiet = 0;
            self.start_tick();
        }
    }

    fn start_tick(&mut self) {
        let waker = Waker::from(Arc::new(Tick));
        let context = &mut Context::from_waker(&waker);
        // On a machine that stood still the time may be up at once; nobody would be woken then.
        loop {
            self.timer.set_after(TICK);
            if Pin::new(&mut self.timer).poll(context).is_pending() {
                return;
            }
        }
    }
}

/// Woken by the timer of the watch.
struct Tick;

impl Wake for Tick {
    fn wake(self: Arc<Self>) {
        if let Some(set) = set() {
            set.lead.tick(&set.epoll);
        }
    }
}

/// Woken by `async-io` when the gate is open and something is ready behind it.
struct Gate;

impl Wake for Gate {
    fn wake(self: Arc<Self>) {
        let Some(set) = set() else { return };
        let waker = Waker::from(self);
        let context = &mut Context::from_waker(&waker);
        // What comes after the look makes the gate ready once more, for it tells a state and not
        // a change.
        while let Poll::Ready(Ok(())) = set.lead.gate.poll_readable(context) {
            set.look();
        }
    }
}

/// Has `async-io` open its descriptors, which it does when it is first needed, and panics then if
/// none are left.
pub(super) fn start_reactor() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        // A timer that is up needs no reactor; this one is put there, and taken back.
        let mut timer = Timer::after(Duration::from_secs(60));
        let _up = Pin::new(&mut timer).poll(&mut Context::from_waker(Waker::noop()));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead() -> (Lead, OwnedFd) {
        let epoll = epoll::create(CreateFlags::CLOEXEC).expect("a set");
        (Lead::new(&epoll).expect("a lead"), epoll)
    }

    #[test]
    fn the_gate_opens_when_a_thread_does_not_come_back() {
        let (lead, epoll) = lead();
        assert!(lead.come(&epoll));
        lead.go();
        assert!(!lead.lock().is_open, "it may come back");
        lead.tick(&epoll);
        assert!(lead.lock().is_open);
    }

    #[test]
    fn the_gate_stays_shut_for_a_thread_that_looks_in_passing() {
        let (lead, epoll) = lead();
        for _ in 0..10 {
            lead.pass(&epoll);
            lead.pass(&epoll);
            lead.tick(&epoll);
            assert!(!lead.lock().is_open);
        }
    }
}
