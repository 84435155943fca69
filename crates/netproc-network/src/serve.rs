//! Serving a process, one thread at a time: what is due is called, sent, read, until nothing moves.

use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll, Waker};

use netproc_process::{Input, Party, State as MachineState};

use crate::direct::Direct;
use crate::link::Link;
use crate::process::Process;
use crate::roster::{Handles, Turned};
use crate::shared::{Shared, State};
use crate::traffic::Step;
use crate::turn::Taken;

/// How many steps one process takes before others have their turn.
const STEPS_A_TURN: usize = 16;

impl Handles {
    /// Gives the process the turn for which it was on the roster.
    pub(crate) fn serve(&mut self) -> Turned {
        let waker = &self.process.shared().waker;
        self.process.poll_turn(waker, &mut self.spare)
    }
}

impl Process {
    /// Serves the process: calls due callbacks, sends, reads, accepts, until nothing moves.
    ///
    /// It is over when its last callback has returned; it may not have been served at all, when
    /// another thread is at it. The caller is among the process's
    /// [`Wakers`](crate::wakers::Wakers), and lends a handle of the process if it has one to spare.
    pub(crate) fn poll_turn(&self, waker: &Waker, spare: &mut Option<Process>) -> Turned {
        let shared = self.shared();
        let context = &mut Context::from_waker(&shared.waker);
        let mut turned = Turned::default();
        let Some((turn, mut state)) = shared.take_turn(Some(waker)) else {
            // Sending calls nobody, so it needs no turn: it goes on while a callback runs.
            shared.flush(context);
            return turned;
        };
        for _ in 0..STEPS_A_TURN {
            state = match self.read_directly(state, context, spare) {
                Direct::Elsewhere(state) => state,
                Direct::Moved(mut moved) => {
                    turned.is_heard |= std::mem::take(&mut moved.heard);
                    state = moved;
                    continue;
                }
                Direct::Plenty(mut moved) => {
                    turned.is_heard |= std::mem::take(&mut moved.heard);
                    state = moved;
                    break;
                }
                Direct::Waiting(state) => {
                    turn.give_back(state);
                    return turned;
                }
            };
            let mut holds = 0;
            if state.holds() > 0 {
                drop(state);
                holds = shared.poll_holds(context);
                state = shared.lock();
            }
            let Poll::Ready(delivered) = self.poll_deliver(state, context) else {
                // Who reads the events may wait for what is queued here to be sent.
                shared.flush(context);
                return turned;
            };
            state = delivered;
            turned.is_heard |= std::mem::take(&mut state.heard);
            let step = match shared.step(&mut state, context) {
                // A callback has put a hold on reading: arrange to be woken first.
                Step::Waiting if state.holds() != holds => Step::Moved,
                step => step,
            };
            match step {
                Step::Moved => {
                    state.turn.set_active();
                    if std::mem::take(&mut turned.is_heard) {
                        drop(state);
                        shared.wakers.roster().note_output();
                        state = shared.lock();
                    }
                }
                Step::Waiting => {
                    turn.give_back(state);
                    return turned;
                }
                Step::Over => {
                    // A hold keeps another process's memory, which nobody else might.
                    let holds = state.take_holds();
                    turn.give_back(state);
                    drop(holds);
                    turned.is_over = true;
                    return turned;
                }
            }
        }
        turn.give_back(state);
        waker.wake_by_ref();
        turned
    }

    /// Makes the due calls on this thread, if no other is at it, without reading or writing.
    ///
    /// For verbs such as `delete`, whose sentinel is called before the verb returns.
    pub(crate) fn deliver_now(&self) {
        let shared = self.shared();
        if let Some((turn, state)) = shared.take_turn(None) {
            let context = &mut Context::from_waker(&shared.waker);
            if let Poll::Ready(mut state) = self.poll_deliver(state, context) {
                let is_over = state.is_over();
                let holds = is_over.then(|| state.take_holds());
                turn.give_back(state);
                drop(holds);
                if is_over {
                    // A program that never waits would keep it, and all others, for ever.
                    shared.wakers.dismiss();
                }
            }
        }
        shared.wakers.wake_all();
    }
}

impl Shared {
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
            return if state.is_over() {
                Step::Over
            } else {
                Step::Waiting
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
}

impl State {
    /// Tells whether nothing will move any more.
    fn is_over(&self) -> bool {
        // A failed process stays until it is deleted, and then hears of that.
        let stays = matches!(
            self.machine.state(),
            MachineState::Connect | MachineState::Failed
        );
        self.link.is_none() && !stays
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
            if !waiting.is_empty() {
                waiting.into_iter().for_each(Waker::wake);
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
