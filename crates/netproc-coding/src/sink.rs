//! Where decoders put what they decode: a text, with line ends converted on the way.

use std::ops::Range;

use memchr::memchr_iter;
use netproc_lisp::{Char, Text};

use crate::codecs::utf8;
use crate::eol::Eol;

/// A text being appended to.
///
/// Line ends are converted within one call: a carriage return that a newline may follow must come
/// together with it.
pub(crate) struct Sink<'a> {
    out: &'a mut Text,
    eol: Eol,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(out: &'a mut Text, eol: Option<Eol>) -> Self {
        Self {
            out,
            eol: eol.unwrap_or(Eol::Unix),
        }
    }

    /// Appends text, its line ends converted.
    pub(crate) fn text(&mut self, text: &str) {
        self.runs(text.as_bytes(), |out, run| out.push_str(&text[run]));
    }

    /// Appends UTF-8, its line ends converted.
    pub(crate) fn utf8(&mut self, bytes: &[u8]) {
        let (text, length) = utf8::valid_prefix(bytes);
        debug_assert_eq!(
            length,
            bytes.len(),
            "a decoder has written what is no UTF-8"
        );
        self.text(text);
        self.raw_bytes(&bytes[length..]);
    }

    /// Appends bytes that are no characters, their line ends converted.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.runs(bytes, |out, run| out.push_bytes(&bytes[run]));
    }

    /// Has `append` take each run between line ends, and converts these.
    fn runs(&mut self, bytes: &[u8], append: impl Fn(&mut Text, Range<usize>)) {
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

    /// Appends one character that may be outside Unicode.
    pub(crate) fn extended(&mut self, character: Char) {
        self.out.push_char(character);
    }

    /// Appends one byte that is no character.
    pub(crate) fn raw(&mut self, byte: u8) {
        self.out.push_raw(byte);
    }

    /// Appends bytes that are no characters, nothing converted.
    pub(crate) fn raw_bytes(&mut self, bytes: &[u8]) {
        self.out.push_bytes(bytes);
    }
}
