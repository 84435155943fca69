//! From received bytes to the text for the filter.

use netproc_lisp::Text;

use crate::{Effect, Input, Party};

use super::flags::Flag;
use super::{FilterKind, Machine};

impl Machine {
    /// Decodes what arrived.
    pub(super) fn deliver(&mut self, input: &Input<'_>) {
        let bytes = match input {
            Input::Received(bytes) | Input::Message(bytes) | Input::Datagram { bytes, .. } => {
                *bytes
            }
            _ => return,
        };
        let mut text = Text::new();
        let before = self.decoder.coding_system();
        // A datagram may come from anybody: nothing is carried from one to the next.
        if self.party == Party::Datagram {
            self.decoder.decode_message(bytes, &mut text);
        } else {
            self.decoder.decode(bytes, &mut text);
        }
        if self.decoder.coding_system() != before {
            self.note_detection();
        }
        // An empty message is data; an empty piece of a stream is nothing.
        if self.party != Party::Stream || !text.is_empty() {
            self.inbox.push(text);
        }
    }

    /// Hands out what the decoder still holds; no more bytes will complete it.
    pub(super) fn flush_input(&mut self) {
        let mut text = Text::new();
        self.decoder.finish(&mut text);
        if !text.is_empty() {
            self.inbox.push(text);
        }
    }

    /// Returns the next text for the filter, unless it is not to be given now.
    pub(super) fn next_text(&mut self) -> Option<Effect> {
        if self.is_stopped() {
            return None;
        }
        let effect: fn(Text) -> Effect = match self.filter_kind() {
            FilterKind::Unread => return None,
            FilterKind::Default => Effect::Insert,
            FilterKind::Function => Effect::Filter,
        };
        self.inbox.pop().map(effect)
    }

    /// Tells whether received text waits for the filter.
    pub fn has_undelivered_input(&self) -> bool {
        self.inbox.len() > 0
    }

    /// Makes the end of input close the process, or not. Default: it does.
    ///
    /// With `true` a process whose peer half-closed stays open until our side ends too: for users
    /// of byte streams, who decide when they have written enough.
    pub fn set_half_open(&mut self, half_open: bool) {
        self.flags.set(Flag::HalfOpen, half_open);
    }
}
