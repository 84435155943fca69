//! What is to be done next, and what is waited for.

use std::borrow::Cow;

use crate::{Announcement, Effect, Event, Input, Interest, State, message, transition};

use super::flags::Flag;
use super::{FilterKind, Machine};

/// How many pieces of text may wait for the filter before reading stops.
const UNDELIVERED: usize = 16;

impl Machine {
    /// Returns what to do next: [`poll_socket_effect`](Machine::poll_socket_effect) first, then
    /// [`poll_callback_effect`](Machine::poll_callback_effect).
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.settle();
        self.poll_socket_effect()
            .or_else(|| self.poll_callback_effect())
    }

    /// Tells whether there is nothing to do: no effect of any kind, whoever asks.
    #[inline]
    pub fn is_quiet(&self) -> bool {
        self.inbox.len() == 0
            && !self.flags.has(Flag::AcceptLog)
            && !self.flags.has(Flag::OpenEvent)
            && !self.is_ending()
            && !self.wants_socket()
    }

    /// Tells whether [`poll_socket_effect`](Machine::poll_socket_effect) has something to give.
    #[inline]
    pub fn wants_socket(&self) -> bool {
        self.lost > 0
            || self.flags.has(Flag::ClosePending)
            || self.flags.has(Flag::RetireNow)
            || self.wants_shutdown()
    }

    /// Returns what to do with the socket and the table next; no callback is among it.
    pub fn poll_socket_effect(&mut self) -> Option<Effect> {
        if self.wants_shutdown() {
            self.flags.set(Flag::ShutDown, true);
            return Some(Effect::Shutdown);
        }
        if self.flags.take(Flag::ClosePending) {
            return Some(Effect::Close);
        }
        if self.lost > 0 {
            return Some(Effect::LostBytes(std::mem::take(&mut self.lost)));
        }
        self.flags.take(Flag::RetireNow).then_some(Effect::Retire)
    }

    /// Returns which of the user's functions to call next, or to leave the table before that.
    ///
    /// Call it only when the callback given before has returned. While the process is stopped or
    /// its filter is t, data and what comes after it stays here; when sending has failed, the end
    /// is no longer held back by a stop.
    pub fn poll_callback_effect(&mut self) -> Option<Effect> {
        if self.flags.take(Flag::AcceptLog) {
            return Some(self.accept_log());
        }
        if self.flags.take(Flag::OpenEvent) {
            return Some(Effect::Sentinel(self.open_event()));
        }
        if self.inbox.len() > 0 {
            return self.next_text();
        }
        if !self.is_ending() {
            return None;
        }
        if let Some(effect) = self.accept_failure_log() {
            return Some(effect);
        }
        self.settle();
        if self.flags.take(Flag::RetireLast) {
            return Some(Effect::Retire);
        }
        let event = self.last_event.take()?;
        Some(Effect::Sentinel(self.event_text(event)))
    }

    /// Tells whether [`poll_callback_effect`](Machine::poll_callback_effect) has something to give,
    /// so that somebody must be found to call it.
    pub fn wants_callback(&self) -> bool {
        if self.flags.has(Flag::AcceptLog) || self.flags.has(Flag::OpenEvent) {
            return true;
        }
        if self.inbox.len() > 0 {
            return !self.flags.has(Flag::Halted) && self.filter_kind() != FilterKind::Unread;
        }
        self.is_drained()
            || self.flags.has(Flag::RetireLast)
            || self.last_event.is_some()
            || self
                .rare
                .as_ref()
                .is_some_and(|rare| !rare.accept_errors.is_empty())
    }

    /// Tells whether the sentinel is still to hear that the connection stands, or that it failed.
    pub fn owes_outcome(&self) -> bool {
        let failed = self.state == State::Failed && self.last_event.is_some();
        failed || self.flags.has(Flag::OpenEvent)
    }

    /// Returns which readiness of the socket the process waits for.
    pub fn interest(&self) -> Interest {
        let reads = match self.state {
            State::Listen => true,
            State::Open | State::Drain => {
                self.inbox.len() < UNDELIVERED
                    && !self.flags.has(Flag::Held)
                    && self.filter_kind() != FilterKind::Unread
            }
            _ => false,
        };
        Interest {
            read: reads && !self.flags.has(Flag::Halted),
            write: self.front().is_some(),
        }
    }

    /// Tells whether there may be more to tell than text: without, there is not.
    #[inline]
    fn is_ending(&self) -> bool {
        self.state == State::Finish
            || self.flags.has(Flag::RetireLast)
            || self.last_event.is_some()
            || self.rare.is_some()
    }

    /// Tells whether the peer closed, everything was handed out and sent, and nobody keeps it open.
    fn is_drained(&self) -> bool {
        self.state == State::Finish
            && self.inbox.len() == 0
            && self.queue.is_none()
            && !self.flags.has(Flag::AcceptLog)
            && !self.flags.has(Flag::OpenEvent)
            && (!self.flags.has(Flag::HalfOpen) || self.flags.has(Flag::OutputEnded))
    }

    /// Closes a process whose peer closed, once it has drained.
    fn settle(&mut self) {
        if !self.is_drained() {
            return;
        }
        if let Some(line) = transition(self.party, self.state, Event::Drained) {
            for &step in line.steps {
                // `drained` carries nothing; the steps of its line look at no input.
                self.perform(step, &Input::PeerClosed);
            }
            self.enter(line.to, line.announces);
        }
    }

    fn open_event(&self) -> Cow<'static, str> {
        match &self.remote {
            Some(peer) if self.flags.has(Flag::Accepted) => message::open_from(peer).into(),
            _ => message::OPEN.into(),
        }
    }

    fn event_text(&self, event: Announcement) -> Cow<'static, str> {
        match event {
            Announcement::Deleted => message::DELETED.into(),
            Announcement::Failed | Announcement::SessionFailed => match self.failure() {
                Some(failure) => failure.announcement().into(),
                None => message::BROKEN.into(),
            },
            _ => message::BROKEN.into(),
        }
    }

    fn accept_log(&mut self) -> Effect {
        let message = match &self.remote {
            Some(peer) => message::accept_from(peer),
            None => String::new(),
        };
        let function = std::mem::take(&mut self.rare().accept_log);
        self.drop_idle_rare();
        Effect::Log { function, message }
    }

    fn accept_failure_log(&mut self) -> Option<Effect> {
        let failure = self.rare.as_mut()?.accept_errors.pop_front()?;
        let effect = Effect::Log {
            function: self.log().clone(),
            message: failure.accept_message(),
        };
        self.drop_idle_rare();
        Some(effect)
    }
}
