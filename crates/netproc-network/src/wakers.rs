//! Who is woken when a socket may be ready: the kernel's side keeps one waker, a process has many.
//!
//! A socket keeps one waker a direction and wakes the one that is replaced. Two who wait for the
//! same socket would so wake each other for ever. Every wait therefore leaves the same waker with
//! the socket, that of the process, and this passes the word on.
//!
//! It does not own the process: wakers are dropped under locks of others, where nothing of ours
//! may end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

/// Those who serve one process. Its lock is taken last of all, and no other is taken inside.
#[derive(Default)]
pub(crate) struct Wakers(Mutex<List>);

#[derive(Default)]
struct List {
    /// The task of the process, which is woken each time.
    task: Option<Waker>,
    /// Who waits beside it, each woken once.
    guests: Vec<(Guest, Waker)>,
}

/// Who may wait for a process beside its task.
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
    pub(crate) fn set_task(&self, waker: &Waker) {
        match &mut self.lock().task {
            Some(task) => task.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    /// Forgets the task: it is over.
    pub(crate) fn forget_task(&self) {
        self.lock().task = None;
    }

    pub(crate) fn add_guest(&self, guest: Guest, waker: &Waker) {
        let guests = &mut self.lock().guests;
        let same = |(other, theirs): &&mut (Guest, Waker)| {
            *other == guest && (guest != Guest::Server || theirs.will_wake(waker))
        };
        match guests.iter_mut().find(same) {
            Some((_, theirs)) => theirs.clone_from(waker),
            None => guests.push((guest, waker.clone())),
        }
    }

    /// Returns the waker to leave with the socket, and with whatever else is waited for.
    pub(crate) fn shared_waker(self: &Arc<Self>) -> Waker {
        Waker::from(Arc::clone(self))
    }

    pub(crate) fn wake_all(&self) {
        let (task, guests) = {
            let mut list = self.lock();
            (list.task.clone(), std::mem::take(&mut list.guests))
        };
        if let Some(task) = task {
            task.wake();
        }
        for (_, waker) in guests {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn a_guest_is_woken_once_and_the_task_each_time() {
        let (task, guest) = (Arc::<Count>::default(), Arc::<Count>::default());
        let wakers = Wakers::default();
        wakers.set_task(&Waker::from(Arc::clone(&task)));
        let waker = Waker::from(Arc::clone(&guest));
        wakers.add_guest(Guest::Server, &waker);
        wakers.add_guest(Guest::Server, &waker);
        wakers.wake_all();
        wakers.wake_all();
        let counts = [&task, &guest].map(|count| count.0.load(Ordering::Relaxed));
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn of_a_reader_only_the_last_waker_is_kept() {
        let readers: Vec<_> = (0..100).map(|_| Arc::<Count>::default()).collect();
        let wakers = Wakers::default();
        for reader in &readers {
            wakers.add_guest(Guest::Reader, &Waker::from(Arc::clone(reader)));
        }
        assert_eq!(wakers.lock().guests.len(), 1);
        wakers.wake_all();
        let woken = |reader: &Arc<Count>| reader.0.load(Ordering::Relaxed);
        assert_eq!((woken(&readers[0]), woken(&readers[99])), (0, 1));
    }
}
