//! Where decoders put what they decode: a text, with line ends converted on the way.

use std::ops::Range;

use memchr::memchr_iter;
use netproc_lisp::{Char, Text};

use crate::eol::Eol;

/// A text being appended to.
///
/// Line ends are converted within one call: a decoder must hand over a run of ASCII whole, and
/// must keep back a carriage return that ends the data for as long as a newline may follow.
pub(crate) struct Sink<'a> {
    out: &'a mut Text,
    eol: Eol,
    /// Characters handed over one by one, not yet appended.
    pending: [u8; PENDING],
    used: usize,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(out: &'a mut Text, eol: Option<Eol>) -> Self {
        Self {
            out,
            eol: eol.unwrap_or(Eol::Unix),
            pending: [0; PENDING],
            used: 0,
        }
    }

    /// Appends text, its line ends converted.
    pub(crate) fn text(&mut self, text: &str) {
        self.runs(text.as_bytes(), |out, run| out.push_str(&text[run]));
    }

    /// Appends ASCII bytes, their line ends converted.
    pub(crate) fn ascii(&mut self, bytes: &[u8]) {
        match str::from_utf8(bytes) {
            Ok(text) => self.text(text),
            Err(_) => self.raw_bytes(bytes),
        }
    }

    /// Appends bytes that are no characters, their line ends converted.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.runs(bytes, |out, run| out.push_bytes(&bytes[run]));
    }

    /// Has `append` take each run between line ends, and converts these.
    fn runs(&mut self, bytes: &[u8], append: impl Fn(&mut Text, Range<usize>)) {
        self.flush();
        let mut start = 0;
        match self.eol {
            Eol::Unix => {}
            Eol::Dos => {
                for at in memchr_iter(b'\r', bytes) {
                    if bytes.get(at + 1) == Some(&b'\n') {
                        append(self.out, start..at);
                        start = at + 1;
                    }
                }
            }
            Eol::Mac => {
                for at in memchr_iter(b'\r', bytes) {
                    append(self.out, start..at);
                    self.out.push_raw(b'\n');
                    start = at + 1;
                }
            }
        }
        append(self.out, start..bytes.len());
    }

    /// Appends one character as it is.
    pub(crate) fn character(&mut self, character: char) {
        if self.used + 4 > PENDING {
            self.flush();
        }
        self.used += character.encode_utf8(&mut self.pending[self.used..]).len();
    }

    /// Appends one character that may be outside Unicode.
    pub(crate) fn extended(&mut self, character: Char) {
        self.flush();
        self.out.push_char(character);
    }

    /// Appends one byte that is no character.
    pub(crate) fn raw(&mut self, byte: u8) {
        self.flush();
        self.out.push_raw(byte);
    }

    /// Appends bytes that are no characters, nothing converted.
    pub(crate) fn raw_bytes(&mut self, bytes: &[u8]) {
        self.flush();
        self.out.push_bytes(bytes);
    }

    /// Appends what was handed over one by one; must be called in the end.
    pub(crate) fn flush(&mut self) {
        if let Ok(text) = str::from_utf8(&self.pending[..self.used])
            && !text.is_empty()
        {
            self.out.push_str(text);
        }
        self.used = 0;
    }
}

impl Drop for Sink<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}

/// How many bytes of characters are gathered before they are appended.
const PENDING: usize = 256;
