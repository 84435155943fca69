//! Encodings of one byte a character: ASCII and 128 more.

use crate::codecs::eight_bit::{self, Step};
use crate::sink::Sink;

/// The upper half of a character set, and the way back.
pub(crate) struct SingleByte {
    /// The characters of 0x80 to 0xFF; 0 for none. None is above U+FFFF.
    characters: [u16; 128],
    /// Character × 256 + byte, sorted.
    bytes: [u32; 128],
}

impl SingleByte {
    /// Reads the characters of 0x80 to 0xFF, NUL for none.
    pub(crate) const fn new(upper_half: &str) -> Self {
        let text = upper_half.as_bytes();
        let mut characters = [0; 128];
        let mut bytes = [0; 128];
        let (mut at, mut index) = (0, 0);
        while index < 128 {
            let (code, length) = match text[at] {
                lead @ 0..0x80 => (lead as u16, 1),
                lead @ 0..0xE0 => ((lead as u16 & 0x1F) << 6 | text[at + 1] as u16 & 0x3F, 2),
                lead => {
                    let middle = (text[at + 1] as u16 & 0x3F) << 6;
                    (
                        (lead as u16 & 0x0F) << 12 | middle | text[at + 2] as u16 & 0x3F,
                        3,
                    )
                }
            };
            at += length;
            characters[index] = code;
            #[expect(clippy::cast_possible_truncation, reason = "there are 128")]
            let entry = (code as u32) << 8 | 0x80 | index as u32;
            let mut place = index;
            while place > 0 && bytes[place - 1] > entry {
                bytes[place] = bytes[place - 1];
                place -= 1;
            }
            bytes[place] = entry;
            index += 1;
        }
        assert!(at == text.len());
        Self { characters, bytes }
    }

    pub(crate) fn decode(&self, bytes: &[u8], last: bool, sink: &mut Sink<'_>) -> usize {
        eight_bit::decode(bytes, last, sink, |bytes| match self.character(bytes[0]) {
            Some(character) => Step::Character(character, 1),
            None => Step::Invalid,
        })
    }

    /// Returns the character of a byte that is not ASCII.
    pub(crate) fn character(&self, byte: u8) -> Option<char> {
        match self.characters[usize::from(byte & 0x7F)] {
            0 => None,
            code => char::from_u32(code.into()),
        }
    }

    /// Returns the byte of a character that is not ASCII.
    pub(crate) fn encode(&self, character: char) -> Option<u8> {
        let wanted = u32::from(character);
        let place = self
            .bytes
            .binary_search_by_key(&wanted, |entry| entry >> 8)
            .ok()?;
        Some(self.bytes[place].to_le_bytes()[0])
    }
}

/// Decodes ASCII; every other byte stays raw.
pub(crate) fn decode_ascii(bytes: &[u8], last: bool, sink: &mut Sink<'_>) -> usize {
    eight_bit::decode(bytes, last, sink, |_| Step::Invalid)
}
