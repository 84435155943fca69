//! From received bytes to the text for the filter.

use netproc_address::Address;
use netproc_coding::Decoder;
use netproc_lisp::Text;

use crate::{Effect, Error, Input, Party, State};

use super::flags::Flag;
use super::{FilterKind, Machine};

/// What keeps text from the filter, or comes before it.
const IN_THE_WAY: &[Flag] = &[
    Flag::Stopped,
    Flag::Held,
    Flag::OutputEnded,
    Flag::AcceptLog,
    Flag::OpenEvent,
    Flag::ClosePending,
    Flag::RetireNow,
    Flag::RetireLast,
];

impl Machine {
    /// Decodes what arrived.
    pub(super) fn deliver(&mut self, input: &Input<'_>) {
        let bytes = match input {
            Input::Received(bytes) | Input::Message(bytes) | Input::Datagram { bytes, .. } => {
                *bytes
            }
            _ => return,
        };
        let text = self.decode(|decoder, party| {
            let mut text = Text::new();
            // A datagram may come from anybody: nothing is carried from one to the next.
            if party == Party::Datagram {
                decoder.decode_message(bytes, &mut text);
            } else {
                decoder.decode(bytes, &mut text);
            }
            text
        });
        // An empty message is data; an empty piece of a stream is nothing.
        if self.party != Party::Stream || !text.is_empty() {
            self.inbox.push(text);
        }
    }

    fn decode(&mut self, decode: impl FnOnce(&mut Decoder, Party) -> Text) -> Text {
        let before = self.decoder.coding_system();
        let text = decode(&mut self.decoder, self.party);
        if self.decoder.coding_system() != before {
            self.note_detection();
        }
        text
    }

    /// Tells whether nothing stands between what arrives and the filter, so that
    /// [`receive`](Machine::receive) or [`receive_message`](Machine::receive_message) may be used.
    #[inline]
    pub fn is_clear(&self) -> bool {
        self.state == State::Open
            && self.queue.is_none()
            && self.last_event.is_none()
            && self.lost == 0
            && !self.flags.has_any(IN_THE_WAY)
            && self.inbox.len() == 0
            && self.filter_kind() == FilterKind::Function
    }

    /// Decodes bytes that arrived, and returns the text to give to the filter now, unless it is
    /// empty: [`Input::Received`] and its effect in one, for a stream that
    /// [is clear](Machine::is_clear). The text takes the bytes over if they need no decoding.
    ///
    /// On any other process it is just [`Input::Received`], and the text comes by way of the
    /// effects.
    ///
    /// # Errors
    ///
    /// As [`handle`](Machine::handle).
    pub fn receive(&mut self, bytes: &mut Vec<u8>) -> Result<Text, Error> {
        if self.party == Party::Stream && self.is_clear() {
            return Ok(self.decode(|decoder, _| decoder.decode_owned(bytes)));
        }
        self.handle(Input::Received(bytes))?;
        Ok(Text::new())
    }

    /// Decodes a message that arrived, and returns the text to give to the filter now, empty or
    /// not: [`Input::Datagram`] or [`Input::Message`] and its effect in one, for a process of
    /// messages that [is clear](Machine::is_clear). The text takes the bytes over if they need no
    /// decoding.
    ///
    /// On any other process it is just that input, and the text comes by way of the effects.
    ///
    /// # Errors
    ///
    /// As [`handle`](Machine::handle).
    pub fn receive_message(
        &mut self,
        bytes: &mut Vec<u8>,
        from: Option<Address>,
    ) -> Result<Option<Text>, Error> {
        let is_datagram = self.party == Party::Datagram;
        if self.party == Party::Stream || !self.is_clear() {
            let input = match self.party {
                Party::Datagram => Input::Datagram { bytes, from },
                _ => Input::Message(bytes),
            };
            return self.handle(input).map(|()| None);
        }
        if is_datagram && from.is_some() {
            self.remote = from;
        }
        Ok(Some(self.decode(|decoder, _| {
            if is_datagram {
                decoder.decode_message_owned(bytes)
            } else {
                decoder.decode_owned(bytes)
            }
        })))
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
        if self.flags.has(Flag::Halted) {
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
