//! How many lookups run at once; a resolver that does not answer must not take every thread.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// How many lookups run at the same time in a process; further ones wait for their turn.
///
/// An abandoned lookup keeps its place until the C library gives up on it.
pub const LOOKUP_LIMIT: usize = 64;

static GATE: Mutex<Gate> = Mutex::new(Gate {
    inside: 0,
    waiting: VecDeque::new(),
});

struct Gate {
    inside: usize,
    waiting: VecDeque<Arc<Mutex<Waiter>>>,
}

/// One who waits for a place.
#[derive(Default)]
struct Waiter {
    waker: Option<Waker>,
    admitted: bool,
    gone: bool,
}

/// A place inside; dropping it lets the next one in.
pub(super) struct Place(());

impl Drop for Place {
    fn drop(&mut self) {
        let waker = hand_on();
        // Woken with no lock held: a waker may run anything.
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Gives a place to the first in the queue, or back; returns whom to wake.
fn hand_on() -> Option<Waker> {
    let mut gate = lock(&GATE);
    while let Some(next) = gate.waiting.pop_front() {
        let mut next = lock(&next);
        if !next.gone {
            // The place changes hands, so the number inside stays.
            next.admitted = true;
            return next.waker.take();
        }
    }
    gate.inside -= 1;
    None
}

/// Waits for a place; those who came first go first.
pub(super) async fn enter() -> Place {
    let mut waiting = {
        let mut gate = lock(&GATE);
        if gate.inside < LOOKUP_LIMIT {
            gate.inside += 1;
            return Place(());
        }
        let waiter = Arc::new(Mutex::new(Waiter::default()));
        gate.waiting.push_back(waiter.clone());
        Waiting {
            waiter,
            taken: false,
        }
    };
    poll_fn(|cx| {
        let mut waiter = lock(&waiting.waiter);
        if waiter.admitted {
            return Poll::Ready(());
        }
        waiter.waker = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
    waiting.taken = true;
    Place(())
}

/// Leaves the queue when the wait is given up.
struct Waiting {
    waiter: Arc<Mutex<Waiter>>,
    taken: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.taken {
            return;
        }
        let admitted = {
            let mut waiter = lock(&self.waiter);
            waiter.gone = true;
            waiter.admitted
        };
        if admitted {
            // The place came too late for this one: the next in the queue gets it.
            drop(Place(()));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use futures_lite::future::block_on;

    use super::*;

    #[test]
    fn places_are_limited_and_handed_on_in_order() {
        let mut places: Vec<Place> = (0..LOOKUP_LIMIT).map(|_| block_on(enter())).collect();
        let mut cx = Context::from_waker(Waker::noop());
        let mut second = pin!(enter());
        {
            let mut abandoned = Box::pin(enter());
            assert!(abandoned.as_mut().poll(&mut cx).is_pending());
            assert!(second.as_mut().poll(&mut cx).is_pending());
        }
        places.pop();
        assert!(second.as_mut().poll(&mut cx).is_ready());
        places.clear();
        assert!(lock(&GATE).inside < LOOKUP_LIMIT);
    }
}
