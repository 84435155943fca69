//! Characters on their way to a sink, gathered so that each costs no more than its bytes.

use netproc_lisp::Char;

use crate::sink::Sink;
use crate::spelling::Spelling;

/// UTF-8 that a decoder has written and the sink has not got yet.
///
/// It is looked through once for many characters, which takes a small part of the time that
/// writing them takes. In the end [`flush`](Self::flush) must be called.
pub(crate) struct Batch<'sink, 'text> {
    sink: &'sink mut Sink<'text>,
    bytes: [u8; SIZE],
    used: usize,
}

impl<'sink, 'text> Batch<'sink, 'text> {
    pub(crate) fn new(sink: &'sink mut Sink<'text>) -> Self {
        Self {
            sink,
            bytes: [0; SIZE],
            used: 0,
        }
    }

    /// Returns room for more UTF-8, which [`advance`](Self::advance) then takes; at least
    /// [`ROOM`] bytes.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.bytes.len() - self.used < ROOM {
            self.pass();
        }
        &mut self.bytes[self.used..]
    }

    /// Takes so many bytes that were written into the room.
    pub(crate) fn advance(&mut self, written: usize) {
        self.used = (self.used + written).min(self.bytes.len());
    }

    /// Appends one character.
    pub(crate) fn character(&mut self, character: char) {
        let length = character.encode_utf8(self.room()).len();
        self.advance(length);
    }

    /// Appends one character that may be outside Unicode.
    pub(crate) fn extended(&mut self, character: Char) {
        self.flush();
        self.sink.extended(character);
    }

    /// Appends ASCII.
    pub(crate) fn ascii(&mut self, bytes: &[u8]) {
        if bytes.len() > ROOM && self.bypass(bytes) {
            return;
        }
        for piece in bytes.chunks(ROOM) {
            self.room()[..piece.len()].copy_from_slice(piece);
            self.advance(piece.len());
        }
    }

    /// Says that what comes is no neighbour of what was: no line end is half in each.
    pub(crate) fn part(&mut self) {
        if self.ends_in_carriage_return() {
            self.flush();
        }
    }

    /// Appends bytes that are no characters, nothing converted.
    pub(crate) fn raw_bytes(&mut self, bytes: &[u8]) {
        self.flush();
        self.sink.raw_bytes(bytes);
    }

    /// Hands ASCII over as it stands, unless a carriage return waits; returns whether it did.
    pub(crate) fn bypass(&mut self, ascii: &[u8]) -> bool {
        if self.used > 0 {
            self.pass();
        }
        let free = self.used == 0;
        if free {
            self.sink.utf8(ascii);
        }
        free
    }

    /// Hands over what is there, but for a carriage return at the end, which a newline may follow.
    fn pass(&mut self) {
        let kept = self.ends_in_carriage_return();
        self.used -= usize::from(kept);
        self.flush();
        if kept {
            self.bytes[0] = b'\r';
            self.used = 1;
        }
    }

    fn ends_in_carriage_return(&self) -> bool {
        self.bytes[..self.used].ends_with(b"\r")
    }

    /// Hands over what is there.
    pub(crate) fn flush(&mut self) {
        if self.used > 0 {
            self.sink.utf8(&self.bytes[..self.used]);
            self.used = 0;
        }
    }
}

/// How many bytes are gathered.
const SIZE: usize = 2048;

/// How much room there always is.
pub(crate) const ROOM: usize = 16 * Spelling::LONGEST;
