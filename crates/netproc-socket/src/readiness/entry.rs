//! What is known of one socket: ready or not, and who waits for it.
//!
//! The kernel tells of a change once. So a socket counts as ready from then on, until a call on it
//! shows that it is not. Two things must not be lost on the way:
//!
//! - *A change that comes while a call finds nothing.* Every post raises a count that stands in the
//!   same word as the flags. A caller takes a [`Mark`] of that word before the call, and
//!   [`clear`](Entry::clear) takes the flags away only if the count is still that of the mark. A
//!   post of something that came before the call has been seen by the call; one of something that
//!   came later raises the count before it is cleared, and nothing is cleared, or sets the flag
//!   after.
//! - *A change that comes while somebody begins to wait.* A post sets the flags and takes the wakers
//!   under one lock; who waits looks at the flags once more under that lock before leaving a waker.
//!
//! A read that fills only part of its buffer has emptied a TCP socket (epoll(7), questions and
//! answers), unless the end or an urgent byte is there: [`drained`](Entry::drained) leaves those to
//! be found by a further read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use rustix::event::epoll::EventFlags;

use super::{lead, sleep};

/// What a socket may be ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Write,
}

impl Direction {
    const fn flag(self) -> u32 {
        match self {
            Direction::Read => READ,
            Direction::Write => WRITE,
        }
    }
}

const READ: u32 = 1;
const WRITE: u32 = 2;
/// The peer has ended, or there is an error: a short read is not the last.
const END: u32 = 4;
/// An urgent byte came once: from then on reads stop at it.
const URGENT: u32 = 8;
/// One step of the count, which takes the rest of the word.
const STEP: u32 = 16;

/// The state of an [`Entry`] at some moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(u32);

/// What is known of one socket.
#[derive(Default)]
pub(crate) struct Entry {
    word: AtomicU32,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// Which of the sockets that had this entry one after the other has it now.
    generation: u32,
    /// Whether the kernel tells of room to write.
    writing: bool,
    /// The reader's waker stays when it was woken.
    reader_stays: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
    /// Those who wait beside the two; few sockets ever have any.
    crowd: Option<Box<Crowd>>,
}

#[derive(Default)]
struct Crowd(Vec<Other>);

struct Other {
    number: u64,
    direction: Direction,
    waker: Waker,
}

impl Waiting {
    fn place(&mut self, direction: Direction) -> &mut Option<Waker> {
        match direction {
            Direction::Read => &mut self.reader,
            Direction::Write => &mut self.writer,
        }
    }
}

impl Entry {
    /// Gives the entry to a socket, and returns its generation.
    pub(super) fn begin(&self, first: Direction) -> u32 {
        let mut waiting = self.lock();
        waiting.writing = first == Direction::Write;
        waiting.generation
    }

    /// Takes it away: what is still told of that socket means nothing any more.
    pub(super) fn end(&self) {
        let mut waiting = self.lock();
        let generation = waiting.generation.wrapping_add(1);
        let last = std::mem::take(&mut *waiting);
        waiting.generation = generation;
        self.word.store(0, Ordering::Release);
        drop(waiting);
        // Wakers are foreign; they end where no lock is held.
        drop(last);
    }

    /// Returns the state before a call, to be given to [`clear`](Entry::clear) after it.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.word.load(Ordering::Acquire))
    }

    /// Notes that a call would have blocked: the socket is not ready.
    pub(crate) fn clear(&self, mark: Mark, direction: Direction) {
        let gone = match direction {
            Direction::Read => READ | END,
            Direction::Write => WRITE,
        };
        self.take_away(mark, gone);
    }

    /// Notes that a read left nothing behind but, possibly, the end or what is urgent.
    pub(crate) fn drained(&self, mark: Mark) {
        if mark.0 & (END | URGENT) == 0 {
            self.take_away(mark, READ);
        }
    }

    fn take_away(&self, mark: Mark, gone: u32) {
        let without = |word: u32| {
            let untold = word / STEP == mark.0 / STEP;
            (untold && word & gone != 0).then_some(word & !gone)
        };
        // It fails when there is nothing to take away, or something was told meanwhile.
        let _told = self
            .word
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, without);
    }

    /// Notes what the kernel told, wakes who stands by and returns who else is to be woken.
    pub(super) fn post(&self, generation: u32, events: EventFlags) -> Woken {
        let end = EventFlags::RDHUP | EventFlags::HUP | EventFlags::ERR;
        let mut told = 0;
        if events.intersects(EventFlags::IN | EventFlags::PRI | end) {
            told |= READ;
        }
        if events.intersects(EventFlags::OUT | EventFlags::HUP | EventFlags::ERR) {
            told |= WRITE;
        }
        if events.intersects(end) {
            told |= END;
        }
        if events.intersects(EventFlags::PRI) {
            told |= URGENT;
        }
        let mut waiting = self.lock();
        if waiting.generation != generation {
            return Woken::default();
        }
        let next = |word: u32| Some((word | told).wrapping_add(STEP));
        let _always = self
            .word
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        let mut woken = Woken::default();
        if told & READ != 0 {
            if !waiting.reader_stays {
                woken.reader = waiting.reader.take();
            } else if let Some(reader) = &waiting.reader {
                // A clone, to wake it without the lock, would cost more than the rest of this.
                let _panicked = catch_unwind(AssertUnwindSafe(|| reader.wake_by_ref()));
            }
        }
        if told & WRITE != 0 {
            woken.writer = waiting.writer.take();
        }
        if let Some(Crowd(others)) = waiting.crowd.as_deref_mut() {
            let called = |other: &mut Other| told & other.direction.flag() != 0;
            let called = others.extract_if(.., called);
            woken.others.extend(called.map(|other| other.waker));
        }
        woken
    }

    /// Tells whether the kernel is to be asked to tell of room to write, which is asked once.
    pub(super) fn begin_writing(&self) -> bool {
        !std::mem::replace(&mut self.lock().writing, true)
    }

    /// Undoes [`begin_writing`](Entry::begin_writing): the kernel refused.
    pub(super) fn stop_writing(&self) {
        self.lock().writing = false;
    }

    /// Polls for readiness; keeps one waker a direction, and wakes the one that is replaced.
    pub(crate) fn poll(&self, direction: Direction, context: &mut Context<'_>) -> Poll<()> {
        if self.is_ready(direction) {
            return Poll::Ready(());
        }
        let replaced = {
            let mut waiting = self.lock();
            if self.is_ready(direction) {
                return Poll::Ready(());
            }
            let place = waiting.place(direction);
            if place
                .as_ref()
                .is_some_and(|left| left.will_wake(context.waker()))
            {
                return Poll::Pending;
            }
            let replaced = place.replace(context.waker().clone());
            if direction == Direction::Read {
                waiting.reader_stays = false;
            }
            replaced
        };
        note_waiting();
        if let Some(waker) = replaced {
            waker.wake();
        }
        Poll::Pending
    }

    /// Leaves a waker that is woken each time there is something to read, until another is left;
    /// it is woken under the lock.
    pub(crate) fn stand_by(&self, waker: &Waker) {
        let replaced = {
            let mut waiting = self.lock();
            waiting.reader_stays = true;
            waiting.reader.replace(waker.clone())
        };
        if let Some(waker) = replaced {
            waker.wake();
        }
    }

    /// Tells whether there may be something to read; who left a waker for good need not poll.
    #[inline]
    pub(crate) fn is_readable(&self) -> bool {
        let ready = self.is_ready(Direction::Read);
        if !ready {
            note_waiting();
        }
        ready
    }

    /// Waits for readiness; any number may wait at once.
    pub(crate) fn wait(&self, direction: Direction) -> Wait<'_> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        Wait {
            entry: self,
            direction,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
        }
    }

    fn is_ready(&self, direction: Direction) -> bool {
        self.word.load(Ordering::Acquire) & direction.flag() != 0
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note_waiting() {
    if !sleep::is_running_here() {
        lead::note_other();
    }
}

/// Who is to be woken; without memory of its own unless there are many.
#[derive(Default)]
pub(super) struct Woken {
    reader: Option<Waker>,
    writer: Option<Waker>,
    others: Vec<Waker>,
}

impl Woken {
    /// Has `wake` wake each of them.
    pub(super) fn each(self, wake: impl Fn(Waker)) {
        if let Some(reader) = self.reader {
            wake(reader);
        }
        if let Some(writer) = self.writer {
            wake(writer);
        }
        if !self.others.is_empty() {
            self.others.into_iter().for_each(wake);
        }
    }
}

/// The future of [`Entry::wait`].
#[must_use = "a future does nothing unless it is polled"]
pub(crate) struct Wait<'a> {
    entry: &'a Entry,
    direction: Direction,
    number: u64,
}

impl Wait<'_> {
    fn forget(&self, waiting: &mut Waiting) -> Option<Other> {
        let Crowd(others) = waiting.crowd.as_deref_mut()?;
        let mine = |other: &Other| other.number == self.number;
        let place = others.iter().position(mine)?;
        Some(others.swap_remove(place))
    }
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut waiting = self.entry.lock();
        if self.entry.is_ready(self.direction) {
            return Poll::Ready(());
        }
        let last = self.forget(&mut waiting);
        let crowd = waiting.crowd.get_or_insert_default();
        crowd.0.push(Other {
            number: self.number,
            direction: self.direction,
            waker: context.waker().clone(),
        });
        drop(waiting);
        drop(last);
        note_waiting();
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut waiting = self.entry.lock();
        let last = self.forget(&mut waiting);
        drop(waiting);
        drop(last);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    /// How long a change may take to be seen.
    const LIMIT: Duration = Duration::from_secs(30);

    /// Unparks a thread.
    struct Unpark(thread::Thread);

    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn post(entry: &Entry, generation: u32, events: EventFlags) {
        entry.post(generation, events).each(Waker::wake);
    }

    /// Takes what producers add and tell of, as a reader does that believes in short reads or not.
    fn take_all(short: bool) {
        const PRODUCERS: usize = 3;
        const EACH: usize = 20_000;
        let (entry, queue) = (Arc::new(Entry::default()), Arc::new(AtomicUsize::new(0)));
        let generation = entry.begin(Direction::Read);
        for _ in 0..PRODUCERS {
            let (entry, queue) = (Arc::clone(&entry), Arc::clone(&queue));
            thread::spawn(move || {
                for _ in 0..EACH {
                    queue.fetch_add(1, Ordering::SeqCst);
                    post(&entry, generation, EventFlags::IN);
                }
            });
        }
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let context = &mut Context::from_waker(&waker);
        let mut taken = 0;
        while taken < PRODUCERS * EACH {
            let mark = entry.mark();
            match queue.swap(0, Ordering::SeqCst) {
                0 => entry.clear(mark, Direction::Read),
                count => {
                    taken += count;
                    if short {
                        entry.drained(mark);
                    }
                }
            }
            while taken < PRODUCERS * EACH && entry.poll(Direction::Read, context).is_pending() {
                let begun = Instant::now();
                thread::park_timeout(LIMIT);
                assert!(begun.elapsed() < LIMIT, "a change was lost");
            }
        }
    }

    #[test]
    fn no_change_is_lost_between_a_call_and_a_wait() {
        take_all(false);
        take_all(true);
    }

    #[test]
    fn what_comes_during_a_call_outlives_it() {
        let entry = Entry::default();
        let generation = entry.begin(Direction::Read);
        post(&entry, generation, EventFlags::IN);
        let mark = entry.mark();
        post(&entry, generation, EventFlags::IN);
        entry.clear(mark, Direction::Read);
        assert!(entry.is_ready(Direction::Read));
        entry.clear(entry.mark(), Direction::Read);
        assert!(!entry.is_ready(Direction::Read));
    }

    #[test]
    fn a_short_read_is_not_the_last_before_an_end_or_behind_what_is_urgent() {
        for inhibits in [
            EventFlags::RDHUP,
            EventFlags::HUP,
            EventFlags::ERR,
            EventFlags::PRI,
        ] {
            let entry = Entry::default();
            let generation = entry.begin(Direction::Read);
            post(&entry, generation, EventFlags::IN | inhibits);
            entry.drained(entry.mark());
            assert!(entry.is_ready(Direction::Read));
            entry.clear(entry.mark(), Direction::Read);
            assert!(!entry.is_ready(Direction::Read));
        }
    }

    #[test]
    fn a_waker_that_stands_by_is_woken_each_time() {
        struct Count(AtomicUsize);
        impl std::task::Wake for Count {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        let count = Arc::new(Count(AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&count));
        let entry = Entry::default();
        let generation = entry.begin(Direction::Read);
        entry.stand_by(&waker);
        assert!(!entry.is_readable());
        for times in 1..=3 {
            post(&entry, generation, EventFlags::IN);
            assert!(entry.is_readable());
            assert_eq!(count.0.load(Ordering::SeqCst), times);
            entry.clear(entry.mark(), Direction::Read);
        }
        let other = &mut Context::from_waker(Waker::noop());
        assert!(entry.poll(Direction::Read, other).is_pending());
        assert_eq!(
            count.0.load(Ordering::SeqCst),
            4,
            "it hears that it is replaced"
        );
        post(&entry, generation, EventFlags::IN);
        assert_eq!(count.0.load(Ordering::SeqCst), 4);
    }

    #[test]
    fn a_socket_hears_nothing_of_the_one_before_it() {
        let entry = Entry::default();
        let before = entry.begin(Direction::Read);
        entry.end();
        let now = entry.begin(Direction::Read);
        post(&entry, before, EventFlags::IN);
        assert!(!entry.is_ready(Direction::Read));
        post(&entry, now, EventFlags::IN);
        assert!(entry.is_ready(Direction::Read));
    }

    #[test]
    fn an_entry_fits_a_cache_line() {
        assert_eq!(size_of::<Entry>(), 64);
    }
}
