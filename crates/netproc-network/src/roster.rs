//! Which processes are to be served next: those that were woken, one after the other, by whichever
//! thread is free.
//!
//! Everything else a network does in the background is a task of its executor. The turns of
//! processes come by the million, so they have a list of their own, with less to do for each.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use netproc_process::ProcessId;

use crate::changes::Count;
use crate::process::Process;

/// The processes of one network that are to be served, and the threads that serve them.
#[derive(Default)]
pub(crate) struct Roster {
    lists: Mutex<Lists>,
    /// How often text was delivered, for those who wait for any.
    pub(crate) output: Count,
}

#[derive(Default)]
struct Lists {
    /// Those to be served next.
    ready: VecDeque<Process>,
    /// Who serves and found nothing to do, by number.
    idle: Vec<(u64, Waker)>,
    /// How many have served so far.
    numbers: u64,
    /// Every process that is not over, so that it lives although nobody holds it.
    alive: HashMap<ProcessId, Process>,
    is_closed: bool,
}

impl Roster {
    /// Takes a process in, which is served from now on until it is over.
    pub(crate) fn admit(&self, process: &Process) {
        let mut lists = self.lock();
        if !lists.is_closed {
            lists.alive.insert(process.id(), process.clone());
            drop(lists);
            self.list(process.clone());
        }
    }

    /// Puts a process on the list; it must not be there already.
    pub(crate) fn list(&self, process: Process) {
        let mut lists = self.lock();
        if lists.is_closed {
            return;
        }
        lists.ready.push_back(process);
        let idle = lists.idle.pop();
        drop(lists);
        if let Some((_, waker)) = idle {
            waker.wake();
        }
    }

    /// Lets go of a process that is over.
    pub(crate) fn dismiss(&self, id: ProcessId) {
        let gone = self.lock().alive.remove(&id);
        // It may end here, which is nothing to do under a lock.
        drop(gone);
    }

    /// Lets go of all of them: the network is gone.
    pub(crate) fn close(&self) {
        let gone = {
            let mut lists = self.lock();
            lists.is_closed = true;
            let Lists { ready, alive, .. } = &mut *lists;
            (std::mem::take(ready), std::mem::take(alive))
        };
        // They may end here.
        drop(gone);
    }

    /// Serves processes for as long as it is polled; never ready.
    pub(crate) fn serve(&self) -> Serve<'_> {
        let mut lists = self.lock();
        lists.numbers += 1;
        Serve {
            roster: self,
            number: lists.numbers,
            is_idle: false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lists {
    /// Takes out who is to come and serve: there is more to do than one can do at once.
    fn helper(&mut self) -> Option<Waker> {
        if self.ready.is_empty() {
            return None;
        }
        self.idle.pop().map(|(_, waker)| waker)
    }

    fn leave(&mut self, number: u64) -> Option<Waker> {
        let place = self.idle.iter().position(|(other, _)| *other == number)?;
        Some(self.idle.swap_remove(place).1)
    }
}

/// Somebody who serves.
pub(crate) struct Serve<'a> {
    roster: &'a Roster,
    number: u64,
    /// It found nothing to do, and its waker may be among those of the idle.
    is_idle: bool,
}

impl Serve<'_> {
    /// Returns who is to be served next; leaves word to be woken if there is nobody.
    fn next(&mut self, waker: &Waker) -> Option<Process> {
        let mut lists = self.roster.lock();
        let left = if self.is_idle {
            lists.leave(self.number)
        } else {
            None
        };
        let next = lists.ready.pop_front();
        let helper = lists.helper();
        self.is_idle = next.is_none();
        if self.is_idle {
            lists.idle.push((self.number, waker.clone()));
        }
        drop(lists);
        drop(left);
        if let Some(helper) = helper {
            helper.wake();
        }
        next
    }
}

impl Future for Serve<'_> {
    type Output = std::convert::Infallible;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        // Whoever stands there now has its turn, before the sockets are looked at again.
        let turns = this.roster.lock().ready.len();
        for _ in 0..=turns {
            match this.next(context.waker()) {
                Some(process) => process.serve(this.roster),
                None => return Poll::Pending,
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Serve<'_> {
    fn drop(&mut self) {
        let mut lists = self.roster.lock();
        let left = lists.leave(self.number);
        // If it was woken to serve, somebody else is to do that now.
        let helper = lists.helper();
        drop(lists);
        drop(left);
        if let Some(helper) = helper {
            helper.wake();
        }
    }
}
