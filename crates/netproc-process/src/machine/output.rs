//! From the user's text to bytes that are sent or wait.

use std::borrow::Cow;

use netproc_lisp::Text;

use crate::{Error, Input, Outgoing, Party, State};

use super::Machine;
use super::flags::Flag;

impl Machine {
    /// Encodes text that the user sends, and returns what is to go out.
    ///
    /// The bytes are the text's own if its coding changes nothing. They belong to this very
    /// moment of the stream: before anything else is done with the machine, write what the socket
    /// takes, unless [`must_queue`](Machine::must_queue), and [`queue`](Machine::queue) the rest.
    ///
    /// Returns `None` when nothing is to go out: the text is empty, or we have sent our end of
    /// file, after which sending succeeds and goes nowhere.
    ///
    /// # Errors
    ///
    /// [`Error::NotRunning`] unless the process is open. One that is still connecting takes the
    /// text too; it goes out, or is reported lost, when that is decided.
    #[doc(alias = "process-send-string")]
    pub fn begin_send<'t>(&mut self, text: &'t Text) -> Result<Option<Cow<'t, [u8]>>, Error> {
        if !self.can_send()? || text.is_empty() {
            return Ok(None);
        }
        if text.is_multibyte() {
            // The first characters sent complete the system.
            self.flags.set(Flag::EncodeNil, false);
        }
        if let Some(bytes) = self.encoder.encode_borrowed(text) {
            return Ok(Some(Cow::Borrowed(bytes)));
        }
        let mut bytes = Vec::with_capacity(text.byte_len());
        if self.party == Party::Datagram {
            // The receiver of one datagram need not be that of the next.
            self.encoder.encode_message(text, &mut bytes);
        } else {
            self.encoder.encode(text, &mut bytes);
        }
        Ok(Some(Cow::Owned(bytes)))
    }

    /// Encodes text and queues all of it: [`begin_send`](Machine::begin_send) for those who write
    /// from the queue only.
    ///
    /// # Errors
    ///
    /// As [`begin_send`](Machine::begin_send).
    pub fn send(&mut self, text: &Text) -> Result<(), Error> {
        if let Some(bytes) = self.begin_send(text)? {
            self.queue(bytes);
        }
        Ok(())
    }

    /// Tells whether bytes that are sent now go anywhere: false after our end of file.
    ///
    /// # Errors
    ///
    /// [`Error::NotRunning`] unless the process is open or connecting.
    pub fn can_send(&self) -> Result<bool, Error> {
        match self.state {
            State::Connect | State::Open | State::Finish if self.party != Party::Listener => {
                Ok(!self.flags.has(Flag::OutputEnded))
            }
            _ => Err(self.not_running()),
        }
    }

    /// Tells whether bytes must wait behind others, or for the connection.
    pub fn must_queue(&self) -> bool {
        self.queue.is_some() || self.state == State::Connect
    }

    /// Adds bytes to those that wait; each call is one message unless the process is a stream.
    ///
    /// A datagram goes to the target of this moment. Bytes for a process that has ended meanwhile
    /// are reported lost.
    pub fn queue<'b>(&mut self, bytes: impl Into<Cow<'b, [u8]>>) {
        let bytes = bytes.into();
        match self.state {
            State::Connect | State::Open | State::Finish => {}
            _ => {
                self.lost += bytes.len();
                return;
            }
        }
        if self.flags.has(Flag::ShutDown) || (self.party == Party::Stream && bytes.is_empty()) {
            return;
        }
        let to = match self.party {
            Party::Datagram => self.remote.clone(),
            _ => None,
        };
        let queue = self.queue.get_or_insert_default();
        match self.party {
            Party::Stream => queue.push_bytes(bytes),
            _ => queue.push_message(bytes, to),
        }
        if self.is_above_high_water() {
            self.flags.set(Flag::Congested, true);
        }
    }

    /// Stops reading until the queue is down at the low-water mark, if it went over the high one.
    ///
    /// For what the process's own callbacks send, as an echo does: so its memory is bounded. What
    /// others send does not stop its reading; two ends that both send much would else wait for
    /// each other for ever. They had better wait by themselves while it
    /// [is congested](Machine::is_congested).
    pub fn hold_reading(&mut self) {
        let congested = self.is_congested();
        self.flags.set(Flag::Held, congested);
    }

    /// Returns what to send next, once there is a socket to send it on.
    pub fn front(&self) -> Option<Outgoing<'_>> {
        if !matches!(self.state, State::Open | State::Finish) {
            return None;
        }
        let (bytes, to) = self.queue.as_ref()?.front()?;
        // What was queued before the target was known goes to whatever it became.
        let to = if self.party == Party::Datagram {
            to.or(self.remote.as_ref())
        } else {
            None
        };
        Some(Outgoing { bytes, to })
    }

    /// Returns how many bytes wait to be sent.
    pub fn queued(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.len())
    }

    /// Tells whether bytes were lost that no effect has told of yet: the connection ended, or was
    /// deleted, before they were sent.
    pub fn has_lost(&self) -> bool {
        self.lost > 0
    }

    /// Tells whether so much waits that the sender had better wait too.
    pub fn is_above_high_water(&self) -> bool {
        self.queued() >= self.high_water as usize
    }

    /// Tells whether the queue went over the high-water mark and is not yet down at the low one.
    pub fn is_congested(&self) -> bool {
        self.flags.has(Flag::Congested)
    }

    /// Sets how many bytes may wait before the process is congested, and how few must wait before
    /// it is not any more. Default: [`HIGH_WATER`](crate::HIGH_WATER) and [`LOW_WATER`](crate::LOW_WATER),
    /// or what the server has.
    ///
    /// A low mark above the high one counts as equal to it.
    pub fn set_water_marks(&mut self, high: u32, low: u32) {
        self.high_water = high;
        self.low_water = low.min(high);
        self.note_level();
    }

    /// Tells whether we have sent, or will send, our end of file.
    pub fn output_ended(&self) -> bool {
        self.flags.has(Flag::OutputEnded)
    }

    pub(super) fn check_sent(&self, sent: usize) -> Result<(), Error> {
        let queued = match self.party {
            Party::Stream => self.queued(),
            _ => self.front().map_or(0, |front| front.bytes.len()),
        };
        if sent > queued {
            Err(Error::Overrun { sent, queued })
        } else {
            Ok(())
        }
    }

    pub(super) fn advance(&mut self, input: &Input<'_>) {
        let (Some(queue), &Input::Sent(sent)) = (&mut self.queue, input) else {
            return;
        };
        if self.party == Party::Stream {
            queue.advance(sent);
        } else {
            queue.pop_message();
        }
        self.note_level();
    }

    pub(super) fn drop_message(&mut self) {
        if let Some(queue) = &mut self.queue {
            self.lost += queue.pop_message().unwrap_or(0);
        }
        self.note_level();
    }

    pub(super) fn drop_output(&mut self) {
        self.lost += self.queued();
        self.queue = None;
        self.note_level();
    }

    pub(super) fn end_output(&mut self) {
        if self.flags.has(Flag::OutputEnded) {
            return;
        }
        self.finish_encoding();
        self.flags.set(Flag::OutputEnded, true);
    }

    /// Queues what the encoder must write before it ends or changes.
    pub(super) fn finish_encoding(&mut self) {
        let mut tail = Vec::new();
        self.encoder.finish(&mut tail);
        if !tail.is_empty() && matches!(self.can_send(), Ok(true)) {
            self.queue(tail);
        }
    }

    /// Tells whether the socket is to be shut down for writing now.
    pub(super) fn wants_shutdown(&self) -> bool {
        self.flags.has(Flag::OutputEnded)
            && !self.flags.has(Flag::ShutDown)
            && self.queue.is_none()
            && matches!(self.state, State::Open | State::Finish)
    }

    fn note_level(&mut self) {
        if self.queue.as_ref().is_some_and(|queue| queue.is_empty()) {
            self.queue = None;
        }
        let queued = self.queued();
        if queued >= self.high_water as usize {
            self.flags.set(Flag::Congested, self.queue.is_some());
        } else if queued <= self.low_water as usize {
            self.flags.set(Flag::Congested, false);
        }
        if !self.is_congested() {
            self.flags.set(Flag::Held, false);
        }
    }
}
