//! Bytes that one process's callback sends to another: the sender stops reading while they pile up.
//!
//! A process whose callback answers, as an echo server's does, stops reading until its own queue is
//! down: its machine sees to that. A forwarder sends elsewhere: without more, it would read as fast
//! as its peer writes and queue without bound at the other process. So a callback that sends to a
//! process whose queue is over its high-water mark puts a hold on the process it belongs to, until
//! that queue is below its low-water mark. Nothing is dropped, and a queue is bounded by its mark
//! plus what each callback sends in one call.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;

use netproc_process::ProcessId;

use crate::shared::{Shared, State};

/// Why a process does not read just now: another one has too much to send.
pub(crate) struct Hold {
    congested: ProcessId,
    room: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Shared {
    /// Stops reading here until `congested` has sent most of what it has queued.
    pub(crate) fn hold_for(&self, congested: &Arc<Shared>) {
        let mut state = self.lock();
        let holds = &mut state.rare().holds;
        if holds.iter().any(|hold| hold.congested == congested.id) {
            return;
        }
        let target = Arc::clone(congested);
        holds.push(Hold {
            congested: congested.id,
            room: Box::pin(async move {
                target
                    .wait_until(|state| (!state.machine.is_congested()).then_some(()))
                    .await;
            }),
        });
    }

    /// Lifts the holds whose reason is gone, and returns how many are left; takes no lock of
    /// another process while it has its own.
    pub(crate) fn poll_holds(&self, context: &mut Context<'_>) -> usize {
        let holds = self.lock().take_holds();
        let Some(mut holds) = holds else {
            return 0;
        };
        holds.retain_mut(|hold| hold.room.as_mut().poll(context).is_pending());
        let left = holds.len();
        if left > 0 {
            self.lock().rare().holds = holds;
        }
        left
    }
}

impl State {
    /// Returns how many other processes have to send before this one reads on.
    pub(crate) fn holds(&self) -> usize {
        self.rare.as_ref().map_or(0, |rare| rare.holds.len())
    }

    /// Takes all holds off, if there are any, to be looked at or dropped without the lock.
    pub(crate) fn take_holds(&mut self) -> Option<Vec<Hold>> {
        let holds = &mut self.rare.as_mut()?.holds;
        (!holds.is_empty()).then(|| std::mem::take(holds))
    }
}
