//! Datagrams and records on their way to the filter: received together, given to it one by one.
//!
//! Whatever a filter does counts from the next message on, as it does when each is received by
//! itself: before each message it is asked anew whether anything stands in the way. If so, the rest
//! waits as it would in the kernel, unless the process is over; then it is dropped like that.
//!
//! The memory is the thread's. While the filter runs the process has it, so that a wait inside the
//! filter goes on where the filter was called. What is to outlast the turn is copied.

use std::collections::VecDeque;
use std::sync::MutexGuard;
use std::task::{Context, Poll};

use netproc_address::{Address, Kind};
use netproc_lisp::Text;
use netproc_process::Input;
use netproc_socket::{Batch, Message};

use crate::direct::Direct;
use crate::process::Process;
use crate::scratch;
use crate::shared::{Shared, State};

/// Messages that a process has received and not given to its filter.
#[derive(Default)]
#[expect(
    clippy::box_collection,
    reason = "without the box every process were two words larger"
)]
pub(crate) enum Messages {
    #[default]
    None,
    /// A turn is at it.
    Batch(Box<Batch>),
    /// They wait, like those in the kernel, until the process reads.
    Unread(Box<VecDeque<Unread>>),
}

/// A message that was received and not given to the filter.
pub(crate) struct Unread {
    bytes: Vec<u8>,
    from: Option<Address>,
}

impl From<Message<'_>> for Unread {
    fn from(message: Message<'_>) -> Self {
        Unread {
            bytes: message.bytes.to_vec(),
            from: message.from,
        }
    }
}

impl Process {
    /// Receives what is there and calls the filter with each message, for as long as nothing else
    /// is due; the caller holds the turn.
    pub(crate) fn receive_directly<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        context: &mut Context<'_>,
        spare: &mut Option<Process>,
    ) -> Direct<'a> {
        let shared = self.shared();
        if let Messages::Unread(_) = state.messages {
            return Direct::Elsewhere(state);
        }
        if let Messages::None = state.messages {
            match Shared::poll_arrival(&mut state, context) {
                Poll::Pending => return Direct::Waiting(state),
                Poll::Ready(Err(_)) => return Direct::Elsewhere(state),
                Poll::Ready(Ok(())) => {}
            }
            shared.receive_batch(&mut state, Batch::MOST);
        }
        let mut count = 0;
        while state.is_clear() {
            let Some(filter) = state.callbacks.filter.function().cloned() else {
                break;
            };
            let Some(text) = state.next_text(shared.read_size) else {
                break;
            };
            state.turn.begin_call();
            drop(state);
            self.call_filter(&*filter, &text, spare);
            state = shared.lock();
            state.turn.end_call();
            state.give_back(text.into_internal_bytes());
            count += 1;
        }
        state.leave_batch();
        state.turn.set_active();
        if count < Batch::MOST {
            Direct::Moved(state)
        } else {
            Direct::Plenty(state)
        }
    }
}

impl Shared {
    /// Receives up to so many messages.
    fn receive_batch(&self, state: &mut State, most: usize) {
        let Some(socket) = state.socket() else { return };
        let mut batch = scratch::batch();
        let outcome = socket.try_receive_batch(&mut batch, most);
        match outcome {
            Ok(more) => {
                state.readable = more;
                let is_over = batch.is_empty() && batch.has_ended();
                state.messages = Messages::Batch(batch);
                if is_over {
                    self.handle(state, Input::PeerClosed);
                }
            }
            Err(error) => {
                scratch::give_back_batch(batch);
                state.readable = false;
                self.read_failed(state, &error);
            }
        }
    }

    /// Receives one message the long way.
    pub(crate) fn receive_message(&self, state: &mut State) {
        self.receive_batch(state, 1);
        state.leave_batch();
        self.hand_over(state);
    }

    /// Gives the machine the first message that waits.
    pub(crate) fn hand_over(&self, state: &mut State) {
        state.leave_batch();
        let Some(Unread { bytes, from }) = state.take_unread() else {
            return;
        };
        state.note_received(bytes.len());
        let input = match state.kind() {
            Kind::Datagram => Input::Datagram {
                bytes: &bytes,
                from,
            },
            _ => Input::Message(&bytes),
        };
        self.handle(state, input);
    }
}

impl State {
    /// Returns the text of the next message, for the filter.
    fn next_text(&mut self, room: usize) -> Option<Text> {
        let Messages::Batch(batch) = &mut self.messages else {
            return None;
        };
        let message = batch.next_message()?;
        let mut bytes = scratch::room(room);
        bytes.extend_from_slice(message.bytes);
        let length = bytes.len();
        // A machine that is clear refuses nothing.
        let text = self.machine.receive_message(&mut bytes, message.from);
        if bytes.capacity() > 0 {
            scratch::give_back(bytes);
        }
        self.note_received(length);
        text.ok()?
    }

    /// Tells whether messages were received that the filter has not had.
    pub(crate) fn has_messages(&self) -> bool {
        !matches!(self.messages, Messages::None)
    }

    fn take_unread(&mut self) -> Option<Unread> {
        let Messages::Unread(unread) = &mut self.messages else {
            return None;
        };
        let first = unread.pop_front();
        if unread.is_empty() {
            self.messages = Messages::None;
        }
        first
    }

    /// Gives the memory of a batch back to the thread, and keeps what is left of it.
    fn leave_batch(&mut self) {
        let mut batch = match std::mem::take(&mut self.messages) {
            Messages::Batch(batch) => batch,
            others => return self.messages = others,
        };
        if !batch.is_empty() && self.link.is_some() {
            let mut unread = Box::new(VecDeque::new());
            while let Some(message) = batch.next_message() {
                unread.push_back(message.into());
            }
            self.messages = Messages::Unread(unread);
        }
        scratch::give_back_batch(batch);
    }

    /// Drops what waits for the filter, as the kernel does when a socket is closed.
    pub(crate) fn drop_messages(&mut self) {
        if let Messages::Unread(_) = self.messages {
            self.messages = Messages::None;
        }
    }
}
