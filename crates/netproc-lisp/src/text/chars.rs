//! Walking through a text by character.

use std::iter::FusedIterator;

use super::Char;
use super::character::decode_internal;

/// The characters of a text, made by [`Text::chars`](super::Text::chars).
#[derive(Clone, Debug)]
pub struct Chars<'a> {
    bytes: &'a [u8],
    multibyte: bool,
}

impl<'a> Chars<'a> {
    /// The bytes are the internal encoding if `multibyte`, else any bytes.
    pub(super) fn new(bytes: &'a [u8], multibyte: bool) -> Self {
        Self { bytes, multibyte }
    }
}

impl Iterator for Chars<'_> {
    type Item = Char;

    fn next(&mut self) -> Option<Char> {
        let &first = self.bytes.first()?;
        let (character, length) = if self.multibyte {
            // The second alternative is not reached, as the bytes were checked when they came in.
            decode_internal(self.bytes).unwrap_or((Char::from_byte(first), 1))
        } else {
            (Char::from_byte(first), 1)
        };
        self.bytes = &self.bytes[length..];
        Some(character)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let least = if self.multibyte {
            self.bytes.len().div_ceil(5)
        } else {
            self.bytes.len()
        };
        (least, Some(self.bytes.len()))
    }
}

impl FusedIterator for Chars<'_> {}
