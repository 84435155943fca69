//! Timers on the clock of the network in memory.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use super::MemoryNetwork;
use super::event::Event;
use super::state::Place;

/// A timer; as long as it lives the clock stops at its deadline.
pub(crate) struct MemoryTimer {
    network: MemoryNetwork,
    deadline: Duration,
    planned: Option<(u64, Place)>,
}

impl MemoryTimer {
    pub(super) fn new(network: MemoryNetwork, deadline: Duration) -> MemoryTimer {
        MemoryTimer {
            network,
            deadline,
            planned: None,
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (deadline, planned) = (self.deadline, &mut self.planned);
        self.network.with(|state| {
            if state.now >= deadline {
                return Poll::Ready(());
            }
            let (number, _) = *planned.get_or_insert_with(|| {
                let number = state.number();
                (number, state.plan(deadline, Event::Fire(number)))
            });
            let known = state.timers.get(&number);
            if !known.is_some_and(|known| known.will_wake(cx.waker())) {
                // The old one is woken rather than dropped here, where the lock is held.
                let old = state.timers.insert(number, cx.waker().clone());
                state.woken.extend(old);
            }
            Poll::Pending
        })
    }

    pub(super) async fn await_it(mut self) {
        poll_fn(|cx| self.poll(cx)).await;
    }
}

impl Drop for MemoryTimer {
    fn drop(&mut self) {
        let Some((number, place)) = self.planned else {
            return;
        };
        // The waker is dropped after the lock is gone, since it may be the last hold of a task.
        let _waker = self.network.with(|state| {
            state.events.remove(&place);
            state.timers.remove(&number)
        });
    }
}
