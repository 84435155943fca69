//! Serving a process, one thread at a time: what is due is called, sent, read, until nothing moves.

use std::pin::Pin;
use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll, Waker};

use netproc_process::{Input, Party, State as MachineState};

use crate::link::Link;
use crate::shared::{Shared, State};
use crate::traffic::Step;
use crate::turn::Taken;

/// How many steps one process takes before others have their turn.
const STEPS_A_TURN: usize = 16;

impl Shared {
    /// Returns the task that serves the process until it is over.
    pub(crate) fn serve(self: &Arc<Self>) -> Serve {
        Serve {
            shared: Arc::clone(self),
            is_known: false,
        }
    }

    /// Serves the process: calls due callbacks, sends, reads, accepts, until nothing moves.
    ///
    /// Ready when the process is over and its last callback has returned. Pending otherwise,
    /// also when another thread is serving it already. The caller is among the process's
    /// [`Wakers`](crate::wakers::Wakers).
    pub(crate) fn poll_turn(self: &Arc<Self>, waker: &Waker) -> Poll<()> {
        let context = &mut Context::from_waker(&self.waker);
        let Some((turn, mut state)) = self.take_turn(Some(waker)) else {
            // Sending calls nobody, so it needs no turn: it goes on while a callback runs.
            self.flush(context);
            return Poll::Pending;
        };
        let mut is_heard = false;
        for _ in 0..STEPS_A_TURN {
            let mut holds = 0;
            if state.holds() > 0 {
                drop(state);
                holds = self.poll_holds(context);
                state = self.lock();
            }
            let Poll::Ready(delivered) = self.poll_deliver(state, context) else {
                // Who reads the events may wait for what is queued here to be sent.
                self.flush(context);
                return Poll::Pending;
            };
            state = delivered;
            is_heard |= std::mem::take(&mut state.heard);
            let step = match self.step(&mut state, context) {
                // A callback has put a hold on reading: arrange to be woken first.
                Step::Waiting if state.holds() != holds => Step::Moved,
                step => step,
            };
            match step {
                Step::Moved => {
                    state.turn.set_active();
                    if std::mem::take(&mut is_heard) {
                        drop(state);
                        self.note_output();
                        state = self.lock();
                    }
                }
                Step::Waiting => {
                    turn.give_back(state);
                    if is_heard {
                        self.note_output();
                    }
                    return Poll::Pending;
                }
                Step::Over => {
                    // A hold keeps another process's memory, which nobody else might.
                    let holds = state.take_holds();
                    turn.give_back(state);
                    drop(holds);
                    if is_heard {
                        self.note_output();
                    }
                    return Poll::Ready(());
                }
            }
        }
        turn.give_back(state);
        waker.wake_by_ref();
        Poll::Pending
    }

    /// Makes the due calls on this thread, if no other is at it, without reading or writing.
    ///
    /// For verbs such as `delete`, whose sentinel is called before the verb returns.
    pub(crate) fn deliver_now(self: &Arc<Self>) {
        if let Some((turn, state)) = self.take_turn(None) {
            let context = &mut Context::from_waker(&self.waker);
            if let Poll::Ready(state) = self.poll_deliver(state, context) {
                turn.give_back(state);
            }
        }
        self.wakers.wake_all();
    }

    /// Takes the turn, with the lock, or leaves word to be woken when it is free.
    ///
    /// The lock is to be let go of before the turn, which takes it to be given back.
    fn take_turn(
        self: &Arc<Self>,
        waker: Option<&Waker>,
    ) -> Option<(TurnGuard<'_>, MutexGuard<'_, State>)> {
        let mut state = self.lock();
        if let Some(taken) = state.turn.take() {
            let turn = TurnGuard {
                shared: self,
                taken: Some(taken),
            };
            return Some((turn, state));
        }
        if let Some(waker) = waker {
            state.turn.wait(waker);
        }
        None
    }

    /// Moves one thing: sends, else reads or accepts.
    fn step(self: &Arc<Self>, state: &mut State, context: &mut Context<'_>) -> Step {
        if state.link.is_none() {
            return match state.machine.state() {
                // A failed process stays until it is deleted, and then hears of that.
                MachineState::Connect | MachineState::Failed => Step::Waiting,
                _ => Step::Over,
            };
        }
        if let Some(Link::Secure(session)) = &mut state.link {
            let _later = session.poll_rest(context);
        }
        let interest = state.machine.interest();
        if interest.write {
            match self.write_step(state, context) {
                Step::Waiting => {}
                done => return done,
            }
        }
        if state.is_drain_unread() {
            // Nobody wants what the peer sent before it took no more: this is its end.
            self.handle(state, Input::PeerClosed);
            return Step::Moved;
        }
        if !interest.read || state.is_stream() || state.holds() > 0 || state.upgrade().is_some() {
            return Step::Waiting;
        }
        match state.machine.party() {
            Party::Listener => self.accept_step(state, context),
            _ => self.input_step(state, context),
        }
    }

    /// Tells those who wait for output that some was delivered.
    fn note_output(&self) {
        if let Some(inner) = self.inner() {
            inner.note_output();
        }
    }
}

/// The task of one process.
pub(crate) struct Serve {
    shared: Arc<Shared>,
    /// The executor's waker was left, which is the same for as long as the task lives.
    is_known: bool,
}

impl Future for Serve {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Serve { shared, is_known } = self.get_mut();
        if !std::mem::replace(is_known, true) {
            shared.wakers.set_task(context.waker());
        }
        let over = shared.poll_turn(context.waker());
        if over.is_ready() {
            shared.wakers.forget_task();
        }
        over
    }
}

/// Holds the turn; giving it back wakes those who wait for it or for the process to change.
struct TurnGuard<'a> {
    shared: &'a Arc<Shared>,
    taken: Option<Taken>,
}

impl TurnGuard<'_> {
    fn give_back(mut self, state: MutexGuard<'_, State>) {
        self.release(state);
    }

    fn release(&mut self, mut state: MutexGuard<'_, State>) {
        if let Some(taken) = self.taken.take() {
            let waiting = state.turn.give_back(taken);
            let active = state.turn.take_active();
            drop(state);
            for waker in waiting {
                waker.wake();
            }
            // A turn in which nothing happened tells nobody: its own waiter might be listening.
            if active {
                self.shared.notify();
            }
        }
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        if self.taken.is_some() {
            let state = self.shared.lock();
            self.release(state);
        }
    }
}
