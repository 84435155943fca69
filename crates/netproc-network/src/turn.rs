//! Whose turn it is to serve a process: one thread at a time, so callbacks never overlap.

use std::cell::Cell;
use std::task::Waker;

/// A thread, as long as it lives; cheaper than the id that the standard library looks up.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ThreadMark(usize);

fn this_thread() -> ThreadMark {
    thread_local! {
        static PLACE: Cell<u8> = const { Cell::new(0) };
    }
    // No two threads have theirs in one place.
    ThreadMark(PLACE.with(|place| std::ptr::from_ref(place).addr()))
}

/// The right to serve one process, and who waits for it.
#[derive(Default)]
pub(crate) struct Turn {
    holder: Option<ThreadMark>,
    /// The holder asked, from inside a callback, to be allowed in once more.
    nesting: bool,
    waiting: Vec<Waker>,
    /// How many callbacks run, one inside the other.
    calls: u32,
    /// Something was done since the turn was taken: those who wait for a change are to look.
    active: bool,
}

/// How a turn was taken, to be given back the same way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// From the outside.
    Outer,
    /// From inside one of the process's own callbacks.
    Nested,
}

impl Turn {
    /// Takes the turn unless another thread, or this one further out, has it.
    pub(crate) fn take(&mut self) -> Option<Taken> {
        match self.holder {
            None => {
                self.holder = Some(this_thread());
                Some(Taken::Outer)
            }
            Some(holder) if self.nesting && holder == this_thread() => {
                self.nesting = false;
                Some(Taken::Nested)
            }
            Some(_) => None,
        }
    }

    /// Gives the turn back and returns those who waited for it, to be woken without locks.
    pub(crate) fn give_back(&mut self, taken: Taken) -> Vec<Waker> {
        match taken {
            Taken::Outer => {
                self.holder = None;
                std::mem::take(&mut self.waiting)
            }
            Taken::Nested => {
                self.nesting = true;
                Vec::new()
            }
        }
    }

    /// Remembers to wake somebody when the turn is free.
    pub(crate) fn wait(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
    }

    /// Allows this thread in once more, or forbids it; returns what it was before, `None` unless
    /// this thread holds the turn.
    pub(crate) fn set_nesting(&mut self, nesting: bool) -> Option<bool> {
        self.is_held_here()
            .then(|| std::mem::replace(&mut self.nesting, nesting))
    }

    /// Notes that something was done.
    pub(crate) fn set_active(&mut self) {
        self.active = true;
    }

    /// Tells whether something was done since the last time this was asked.
    pub(crate) fn take_active(&mut self) -> bool {
        std::mem::take(&mut self.active)
    }

    pub(crate) fn begin_call(&mut self) {
        self.calls += 1;
        self.active = true;
    }

    pub(crate) fn end_call(&mut self) {
        self.calls -= 1;
    }

    /// Tells whether a callback is running, on whichever thread.
    pub(crate) fn is_calling(&self) -> bool {
        self.calls > 0
    }

    /// Tells whether this thread holds the turn, so is inside one of the callbacks.
    pub(crate) fn is_held_here(&self) -> bool {
        self.holder == Some(this_thread())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn one_thread_at_a_time() {
        let mut turn = Turn::default();
        let taken = turn.take().expect("a free turn");
        assert!(turn.take().is_none());
        turn.give_back(taken);
        assert!(turn.take().is_some());
    }

    #[test]
    fn the_holder_may_nest_when_it_asks() {
        let mut turn = Turn::default();
        let outer = turn.take().expect("a free turn");
        turn.set_nesting(true);
        let inner = turn.take().expect("a nested turn");
        assert!(inner == Taken::Nested && turn.take().is_none());
        turn.give_back(inner);
        turn.set_nesting(false);
        assert!(turn.is_held_here());
        turn.give_back(outer);
        assert!(!turn.is_held_here());
    }

    #[test]
    fn another_thread_cannot_change_who_may_nest() {
        let mut turn = Turn::default();
        let outer = turn.take().expect("a free turn");
        assert_eq!(turn.set_nesting(true), Some(false));
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(turn.set_nesting(true), None));
        });
        let inner = turn.take().expect("nesting still allowed");
        turn.give_back(inner);
        turn.give_back(outer);
    }
}
