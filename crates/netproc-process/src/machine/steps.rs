//! What the words of the transition table do to the machine.

use crate::{Announcement, Failure, Input, State, Step};

use super::Machine;
use super::flags::Flag;

impl Machine {
    /// Moves on to a state and notes what the user is to be told.
    pub(super) fn enter(&mut self, state: Option<State>, announces: Option<Announcement>) {
        if let Some(state) = state {
            self.state = state;
        }
        match announces {
            Some(Announcement::Open) => {
                let tells = self.flags.has(Flag::TellsOpen);
                self.flags.set(Flag::OpenEvent, tells);
            }
            Some(Announcement::Failed) if !self.flags.has(Flag::TellsFailure) => {}
            Some(Announcement::AcceptFailed) | None => {}
            last => self.last_event = last,
        }
    }

    /// Does one step of a transition.
    pub(super) fn perform(&mut self, step: Step, input: &Input<'_>) {
        match step {
            Step::Learn => self.learn(input),
            Step::Deliver => self.deliver(input),
            Step::FlushInput => self.flush_input(),
            Step::DropInput => self.inbox.clear(),
            Step::Advance => self.advance(input),
            Step::DropMessage => self.drop_message(),
            Step::DropOutput => {
                // What cannot be sent to is at its end, and that is not held back.
                if matches!(input, Input::SendFailed(_)) {
                    self.flags.set(Flag::Halted, false);
                }
                self.drop_output();
            }
            Step::EndOutput => self.end_output(),
            Step::Halt | Step::Resume => {
                let stops = step == Step::Halt;
                self.flags.set(Flag::Stopped, stops);
                self.flags.set(Flag::Halted, stops);
            }
            Step::Close => {
                if !self.flags.has(Flag::CloseGiven) {
                    self.flags.set(Flag::CloseGiven, true);
                    self.flags.set(Flag::ClosePending, true);
                }
            }
            Step::Retire => {
                let deleted = matches!(input, Input::Delete);
                self.flags.set(
                    if deleted {
                        Flag::RetireNow
                    } else {
                        Flag::RetireLast
                    },
                    true,
                );
            }
            Step::Absolve => {
                self.flags.set(Flag::Absolved, true);
                // The peer was faster, but nobody has heard of it yet.
                if self.last_event.is_some() {
                    self.last_event = Some(Announcement::Deleted);
                }
                if self.flags.take(Flag::RetireLast) {
                    self.flags.set(Flag::RetireNow, true);
                }
            }
        }
    }

    /// Takes the addresses or the failure from the input.
    fn learn(&mut self, input: &Input<'_>) {
        match input {
            Input::AddressTried { remote, local } => {
                self.remote = Some(remote.clone());
                if local.is_some() {
                    self.local.clone_from(local);
                }
            }
            Input::Connected { local, remote } => {
                self.local = Some(local.clone());
                self.remote = Some(remote.clone());
            }
            Input::Listening { local } => {
                self.local = Some(local.clone());
                self.settle_contact();
            }
            Input::Bound { local, remote } => {
                self.local = Some(local.clone());
                self.remote = remote.clone().or_else(|| self.initial_target(local));
            }
            Input::Datagram {
                from: Some(from), ..
            } => self.remote = Some(from.clone()),
            Input::ConnectFailed(failure) | Input::SessionFailed(failure) => {
                self.rare().failure = Some(failure.clone());
            }
            Input::LookupFailed { host, text } => {
                let (host, reason) = ((*host).to_owned(), (*text).to_owned());
                self.rare().failure = Some(Failure::Lookup { host, reason });
            }
            _ => {}
        }
    }
}
