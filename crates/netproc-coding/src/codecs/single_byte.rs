//! Encodings of one byte a character: ASCII and 128 more.

use std::sync::OnceLock;

use crate::codecs::character_map::CharacterMap;
use crate::codecs::eight_bit::{EightBit, Progress, Step};
use crate::spelling::Spelling;

/// The characters of all bytes, and the way back.
pub(crate) struct SingleByte {
    /// None is above U+FFFF.
    spellings: [Spelling; 256],
    /// Made when something is first encoded.
    bytes: OnceLock<CharacterMap<u8>>,
}

impl SingleByte {
    /// Reads the characters of 0x80 to 0xFF, NUL for none.
    pub(crate) const fn new(upper_half: &str) -> Self {
        let text = upper_half.as_bytes();
        let mut spellings = [Spelling::NONE; 256];
        let (mut byte, mut at) = (0_u32, 0);
        while byte <= 0xFF {
            let (code, length) = match (byte, text[at]) {
                (0..0x80, _) => (byte, 0),
                (_, lead @ 0..0x80) => (lead as u32, 1),
                (_, lead @ 0..0xE0) => ((lead as u32 & 0x1F) << 6 | low_bits(text[at + 1]), 2),
                (_, lead) => {
                    let low = low_bits(text[at + 1]) << 6 | low_bits(text[at + 2]);
                    ((lead as u32 & 0x0F) << 12 | low, 3)
                }
            };
            if let Some(character) = char::from_u32(code)
                && (byte < 0x80 || code > 0)
            {
                spellings[byte as usize] = Spelling::new(character);
            }
            at += length;
            byte += 1;
        }
        assert!(at == text.len());
        Self {
            spellings,
            bytes: OnceLock::new(),
        }
    }

    /// Spells the first half of what is seen, if it is all characters.
    #[inline]
    fn spell_group(&self, window: &Window, place: &mut Place) -> Option<usize> {
        let group = window.first_chunk()?;
        match u128::from_le_bytes(*group) & HIGH_BITS {
            0 => {
                place[..GROUP].copy_from_slice(group);
                Some(GROUP)
            }
            others if are_few(others) => self.spell_between_ascii(window, others, place),
            _ => self.spell_each(group, place),
        }
    }

    /// Spells a group that is ASCII but for a few bytes, of which the highest bits are given.
    fn spell_between_ascii(
        &self,
        window: &Window,
        mut others: u128,
        place: &mut Place,
    ) -> Option<usize> {
        let (mut read, mut written) = (0, 0);
        while others != 0 {
            // All that could be ASCII is written, and what is not is written over.
            *chunk_mut::<GROUP>(place, written)? = *chunk(window, read)?;
            let at = others.trailing_zeros() as usize / 8;
            written += at - read;
            let spelling = self.spellings[usize::from(window[at])];
            if spelling.is_none() {
                return None;
            }
            *chunk_mut(place, written)? = spelling.bytes();
            written += spelling.length();
            read = at + 1;
            others &= others - 1;
        }
        *chunk_mut::<GROUP>(place, written)? = *chunk(window, read)?;
        Some(written + GROUP - read)
    }

    /// Spells a group without a look at what is ASCII and what is not.
    fn spell_each(&self, group: &[u8; GROUP], place: &mut Place) -> Option<usize> {
        let mut written = 0;
        let mut whole = true;
        for &byte in group {
            let spelling = self.spellings[usize::from(byte)];
            *chunk_mut(place, written)? = spelling.bytes();
            written += spelling.short_length();
            whole &= !spelling.is_none();
        }
        whole.then_some(written)
    }

    /// Returns the character of a byte.
    pub(crate) fn character(&self, byte: u8) -> Option<char> {
        self.spellings[usize::from(byte)].character()
    }

    /// Returns the bytes of the characters that are not ASCII.
    pub(crate) fn bytes(&self) -> &CharacterMap<u8> {
        self.bytes.get_or_init(|| {
            let mut bytes = CharacterMap::new();
            for byte in 0x80..=0xFF {
                let place = self
                    .character(byte)
                    .and_then(|character| bytes.place(character));
                if let Some(place) = place
                    && *place == 0
                {
                    *place = byte;
                }
            }
            bytes
        })
    }
}

impl EightBit for SingleByte {
    /// Spells groups as long as there are some, and one by one what is in none.
    fn spell(&self, bytes: &[u8], room: &mut [u8]) -> Progress {
        let (mut read, mut written) = (0, 0);
        while let Some(window) = chunk(bytes, read)
            && let Some(place) = chunk_mut(room, written)
            && let Some(length) = self.spell_group(window, place)
        {
            read += GROUP;
            written += length;
        }
        if read > 0 {
            return (read, written);
        }
        for &byte in bytes[read..].iter().take(GROUP) {
            let spelling = self.spellings[usize::from(byte)];
            let place = chunk_mut(room, written).filter(|_| !spelling.is_none());
            let Some(place) = place else {
                break;
            };
            *place = spelling.bytes();
            read += 1;
            written += spelling.length();
        }
        (read, written)
    }

    fn step(&self, bytes: &[u8]) -> Step {
        self.character(bytes[0])
            .map_or(Step::Invalid, |character| Step::Character(character, 1))
    }
}

/// Returns the bits of a character that are in a byte after its first.
const fn low_bits(byte: u8) -> u32 {
    byte as u32 & 0x3F
}

/// ASCII; every other byte stays raw.
pub(crate) struct Ascii;

impl EightBit for Ascii {
    fn spell(&self, _: &[u8], _: &mut [u8]) -> Progress {
        (0, 0)
    }

    fn step(&self, _: &[u8]) -> Step {
        Step::Invalid
    }
}

/// Returns the bytes from a place on, so many as wanted.
fn chunk<const LENGTH: usize>(bytes: &[u8], start: usize) -> Option<&[u8; LENGTH]> {
    bytes.get(start..)?.first_chunk()
}

fn chunk_mut<const LENGTH: usize>(bytes: &mut [u8], start: usize) -> Option<&mut [u8; LENGTH]> {
    bytes.get_mut(start..)?.first_chunk_mut()
}

/// Returns whether fewer than four of the bits that are the highest of a byte are set.
#[expect(clippy::cast_possible_truncation, reason = "each half is added")]
fn are_few(high_bits: u128) -> bool {
    // There are at most two in each byte of the sum, and the product has them all in its highest.
    let (low, high) = (high_bits as u64, (high_bits >> 64) as u64);
    let sums = (low >> 7) + (high >> 7);
    sums.wrapping_mul(0x0101_0101_0101_0101) >> 56 < 4
}

/// A group and as much after it, so that it can be read from anywhere in it.
type Window = [u8; 2 * GROUP];

/// Room for a group, and for what is written over.
type Place = [u8; GROUP * Spelling::LONGEST];

/// How many bytes are looked at together.
const GROUP: usize = 16;

/// What is set in bytes that are not ASCII.
const HIGH_BITS: u128 = u128::from_ne_bytes([0x80; GROUP]);
