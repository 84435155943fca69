//! Which processes are to be served next: those that were woken, one after the other, by whichever
//! thread is free.
//!
//! Everything else a network does in the background is a task of its executor. The turns of
//! processes come by the million, so they have a list of their own, with less to do for each: a
//! process is put on the list under one lock, and under one lock it is taken from there and the
//! one before it is put back.

mod places;

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::changes::Changes;
use crate::process::Process;

use places::Places;
pub(crate) use places::{Handles, Place};

/// The processes of one network that are to be served, and the threads that serve them.
#[derive(Default)]
pub(crate) struct Roster {
    lists: Mutex<Lists>,
    /// Told each time that text was delivered.
    output: Changes,
}

#[derive(Default)]
struct Lists {
    places: Places,
    /// Who serves and found nothing to do, by number.
    idle: Vec<(u64, Waker)>,
    /// How many have served so far.
    numbers: u64,
    /// How often text was delivered.
    outputs: u64,
}

/// A process in its turn, and what comes of that.
struct Served {
    place: Place,
    handles: Handles,
    turned: Turned,
}

/// What came of a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Turned {
    /// The process is over.
    pub(crate) is_over: bool,
    /// Text was delivered, of which nobody has been told yet.
    pub(crate) is_heard: bool,
}

impl Roster {
    /// Makes a place for a process, which is not served yet.
    pub(crate) fn reserve(&self) -> Place {
        self.lock().places.reserve()
    }

    /// Takes the place away; the process is gone.
    pub(crate) fn vacate(&self, place: Place) {
        let gone = self.lock().places.vacate(place);
        drop(gone);
    }

    /// Takes a process in, which is served from now on until it is over, and lives so long
    /// although nobody holds it.
    pub(crate) fn admit(&self, process: &Process) {
        let place = process.shared().wakers.place();
        let handles = Handles::of(process);
        let mut lists = self.lock();
        let refused = lists.places.admit(place, handles);
        let idle = lists.helper();
        drop(lists);
        drop(refused);
        wake(idle);
    }

    /// Lets go of a process that is over, unless it has its turn.
    pub(crate) fn dismiss(&self, place: Place) {
        let gone = self.lock().places.dismiss(place);
        // It may end here, which is nothing to do under a lock.
        drop(gone);
    }

    /// Notes that somebody waits for the process of a place beside the roster.
    pub(crate) fn note_guests(&self, place: Place) {
        self.lock().places.note_guests(place);
    }

    /// Has a process served; tells whether there are guests to be woken, and forgets them.
    pub(crate) fn call(&self, place: Place) -> bool {
        let mut lists = self.lock();
        let called = lists.places.call(place);
        let idle = if called.is_listed {
            lists.idle.pop().map(|(_, waker)| waker)
        } else {
            None
        };
        drop(lists);
        wake(idle);
        called.has_guests
    }

    /// Lets go of all of them: the network is gone.
    pub(crate) fn close(&self) {
        let gone = self.lock().places.close();
        drop(gone);
    }

    /// Notes that text was delivered, and wakes those who wait for any.
    pub(crate) fn note_output(&self) {
        self.lock().outputs += 1;
        self.output.notify();
    }

    /// Waits until text is delivered.
    pub(crate) async fn next_output(&self) {
        let before = self.lock().outputs;
        let has_changed = || self.lock().outputs != before;
        self.output.until(|| has_changed().then_some(())).await;
    }

    /// Serves processes for as long as it is polled; never ready.
    pub(crate) fn serve(&self) -> Serve<'_> {
        let mut lists = self.lock();
        lists.numbers += 1;
        Serve {
            roster: self,
            number: lists.numbers,
            is_idle: false,
            served: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lists {
    /// Puts a process back, and returns it if it is to go, where no lock is held.
    fn take_back(&mut self, served: Served) -> Option<Handles> {
        let Turned { is_over, is_heard } = served.turned;
        self.outputs += u64::from(is_heard);
        self.places.put_back(served.place, served.handles, is_over)
    }

    /// Takes out who is to come and serve: there is more to do than one can do at once.
    fn helper(&mut self) -> Option<Waker> {
        if self.places.ready() == 0 {
            return None;
        }
        self.idle.pop().map(|(_, waker)| waker)
    }

    fn leave(&mut self, number: u64) -> Option<Waker> {
        let place = self.idle.iter().position(|(other, _)| *other == number)?;
        Some(self.idle.swap_remove(place).1)
    }
}

/// Wakes who serves; a socket may be locked that has just told that it is ready.
fn wake(idle: Option<Waker>) {
    if let Some(waker) = idle {
        netproc_socket::wake_unlocked(waker);
    }
}

/// Somebody who serves.
pub(crate) struct Serve<'a> {
    roster: &'a Roster,
    number: u64,
    /// It found nothing to do, and its waker may be among those of the idle.
    is_idle: bool,
    /// Who has its turn, or had it last.
    served: Option<Served>,
}

impl Serve<'_> {
    /// Takes back who had its turn and returns who is next; leaves word to be woken if there is
    /// nobody.
    fn next(&mut self, waker: &Waker) -> Option<&mut Served> {
        let mut lists = self.roster.lock();
        let before = self.served.take();
        let is_heard = before.as_ref().is_some_and(|served| served.turned.is_heard);
        let gone = before.and_then(|served| lists.take_back(served));
        let left = if self.is_idle {
            lists.leave(self.number)
        } else {
            None
        };
        self.served = lists.places.next().map(|(place, handles)| Served {
            place,
            handles,
            turned: Turned::default(),
        });
        let helper = lists.helper();
        self.is_idle = self.served.is_none();
        if self.is_idle {
            lists.idle.push((self.number, waker.clone()));
        }
        drop(lists);
        drop((gone, left));
        if is_heard {
            self.roster.output.notify();
        }
        wake(helper);
        self.served.as_mut()
    }

    /// Takes back who had its turn.
    fn put_back(&mut self) {
        if let Some(served) = self.served.take() {
            let is_heard = served.turned.is_heard;
            let gone = self.roster.lock().take_back(served);
            // It may end here, which is nothing to do under a lock.
            drop(gone);
            if is_heard {
                self.roster.output.notify();
            }
        }
    }
}

impl Future for Serve<'_> {
    type Output = std::convert::Infallible;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        // Whoever stands there now has its turn, before the sockets are looked at again.
        let turns = this.roster.lock().places.ready();
        for _ in 0..=turns {
            match this.next(context.waker()) {
                Some(served) => served.turned = served.handles.serve(),
                None => return Poll::Pending,
            }
        }
        this.put_back();
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Serve<'_> {
    fn drop(&mut self) {
        self.put_back();
        let mut lists = self.roster.lock();
        let left = lists.leave(self.number);
        // If it was woken to serve, somebody else is to do that now.
        let helper = lists.helper();
        drop(lists);
        drop(left);
        wake(helper);
    }
}
