//! Who is woken when a socket may be ready: the kernel's side keeps one waker, a process has many.
//!
//! A socket keeps one waker a direction and wakes the one that is replaced. Two who wait for the
//! same socket would so wake each other for ever. Every wait therefore leaves the same waker with
//! the socket, that of the process, and this passes the word on: to the roster, which has the
//! process served, and to the guests.
//!
//! It does not own the process: wakers are dropped under locks of others, where nothing of ours
//! may end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use crate::roster::{Place, Roster};

/// Those who serve one process.
///
/// Its lock is taken last of all, and no other is taken inside; then that of the roster.
pub(crate) struct Wakers {
    roster: Arc<Roster>,
    place: Place,
    /// Who waits beside the roster, each woken once.
    guests: Mutex<Vec<(Guest, Waker)>>,
}

/// Who may wait for a process beside the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guest {
    /// A wait that serves this process itself; there may be several.
    Server,
    /// The reading half of a byte stream, of which the last waker counts.
    Reader,
    /// The writing half, likewise.
    Writer,
}

impl Wakers {
    /// Begins with a process that is not to be served yet.
    pub(crate) fn new(roster: Arc<Roster>) -> Self {
        Wakers {
            place: roster.reserve(),
            roster,
            guests: Mutex::default(),
        }
    }

    pub(crate) fn add_guest(&self, guest: Guest, waker: &Waker) {
        let mut guests = self.lock();
        let same = |(other, theirs): &&mut (Guest, Waker)| {
            *other == guest && (guest != Guest::Server || theirs.will_wake(waker))
        };
        match guests.iter_mut().find(same) {
            Some((_, theirs)) => theirs.clone_from(waker),
            None => guests.push((guest, waker.clone())),
        }
        drop(guests);
        self.roster.note_guests(self.place);
    }

    /// Returns the waker to leave with the socket, and with whatever else is waited for.
    pub(crate) fn shared_waker(self: &Arc<Self>) -> Waker {
        Waker::from(Arc::clone(self))
    }

    /// Has the process served, and wakes the guests.
    pub(crate) fn wake_all(&self) {
        if self.roster.call(self.place) {
            let guests = std::mem::take(&mut *self.lock());
            for (_, waker) in guests {
                netproc_socket::wake_unlocked(waker);
            }
        }
    }

    /// Has the roster let go of the process, which is over.
    pub(crate) fn dismiss(&self) {
        self.roster.dismiss(self.place);
    }

    pub(crate) fn roster(&self) -> &Roster {
        &self.roster
    }

    pub(crate) fn place(&self) -> Place {
        self.place
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Guest, Waker)>> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Wakers {
    fn drop(&mut self) {
        self.roster.vacate(self.place);
    }
}

impl Wake for Wakers {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn wakers() -> Wakers {
        Wakers::new(Arc::default())
    }

    #[test]
    fn a_guest_is_woken_once() {
        let guest = Arc::<Count>::default();
        let wakers = wakers();
        let waker = Waker::from(Arc::clone(&guest));
        wakers.add_guest(Guest::Server, &waker);
        wakers.add_guest(Guest::Server, &waker);
        wakers.wake_all();
        wakers.wake_all();
        assert_eq!(guest.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn of_a_reader_only_the_last_waker_is_kept() {
        let readers: Vec<_> = (0..100).map(|_| Arc::<Count>::default()).collect();
        let wakers = wakers();
        for reader in &readers {
            wakers.add_guest(Guest::Reader, &Waker::from(Arc::clone(reader)));
        }
        assert_eq!(wakers.lock().len(), 1);
        wakers.wake_all();
        let woken = |reader: &Arc<Count>| reader.0.load(Ordering::Relaxed);
        assert_eq!((woken(&readers[0]), woken(&readers[99])), (0, 1));
    }
}
