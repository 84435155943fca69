//! What happened, kept until Emacs asks for it; and the byte that wakes Emacs.
//!
//! Emacs waits on the reading end of a pipe. At most one byte is in it: whoever puts something
//! into the mailbox writes one unless one is there already.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use netproc::Value;

use crate::inbox::Piece;

/// How many events may wait for Emacs; the network reads no more while there are as many.
const ROOM: usize = 64;

/// One thing that happened.
#[derive(Debug)]
pub(crate) enum Notice {
    /// Something arrived on a process.
    Data { id: i64, piece: Piece },
    /// A process changed: Emacs's words for it, its exit status, its addresses, and what its TLS
    /// peer showed.
    Changed {
        id: i64,
        message: String,
        exit: Value,
        facts: Value,
        peer: Value,
    },
    /// A server accepted a connection, or failed to.
    Log {
        server: i64,
        connection: Option<Accepted>,
        message: String,
    },
    /// What was asked for is done, or failed with a condition.
    Reply {
        request: i64,
        outcome: Result<Value, Value>,
    },
}

/// A new connection of a server.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) facts: Value,
}

/// A queue that many threads fill and Emacs empties.
#[derive(Default)]
pub(crate) struct Mailbox {
    state: Mutex<State>,
    emptied: Condvar,
}

#[derive(Default)]
struct State {
    notices: VecDeque<Notice>,
    bell: Option<OwnedFd>,
    /// A byte is in the pipe.
    rung: bool,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the pipe that wakes Emacs; what waits already is announced there.
    pub(crate) fn set_bell(&self, bell: OwnedFd) {
        let mut state = self.lock();
        state.bell = Some(bell);
        state.rung = false;
        if !state.notices.is_empty() {
            state.ring();
        }
    }

    /// Puts something in at once, whatever is in there already.
    pub(crate) fn post(&self, notice: Notice) {
        let mut state = self.lock();
        state.notices.push_back(notice);
        state.ring();
    }

    /// Puts something in, after waiting for room.
    pub(crate) fn post_in_turn(&self, notice: Notice) {
        let state = self.lock();
        let mut state = self
            .emptied
            .wait_while(state, |state| state.notices.len() >= ROOM)
            .unwrap_or_else(PoisonError::into_inner);
        state.notices.push_back(notice);
        state.ring();
    }

    /// Takes everything out.
    pub(crate) fn take(&self) -> VecDeque<Notice> {
        let mut state = self.lock();
        state.rung = false;
        let notices = std::mem::take(&mut state.notices);
        self.emptied.notify_all();
        notices
    }

    /// Wakes Emacs though there may be nothing to take.
    pub(crate) fn ring(&self) {
        self.lock().ring();
    }
}

impl State {
    fn ring(&mut self) {
        if !self.rung
            && let Some(bell) = &self.bell
        {
            // A pipe that Emacs has closed wakes nobody; the next start gives another.
            self.rung = rustix::io::write(bell, b"!").is_ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(request: i64) -> Notice {
        Notice::Reply {
            request,
            outcome: Ok(Value::Nil),
        }
    }

    #[test]
    fn one_byte_wakes_for_many_notices() {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let mailbox = Mailbox::default();
        mailbox.post(reply(1));
        mailbox.set_bell(writer.into());
        mailbox.post(reply(2));
        mailbox.ring();
        let mut room = [0; 8];
        assert_eq!(rustix::io::read(&reader, &mut room).expect("a byte"), 1);
        assert_eq!(mailbox.take().len(), 2);
        mailbox.ring();
        assert_eq!(rustix::io::read(&reader, &mut room).expect("a byte"), 1);
    }
}
