//! EUC-JP: JIS X 0208 in pairs, half-width katakana after 0x8E, JIS X 0212 after 0x8F.

use crate::codecs::Place;
use crate::codecs::eight_bit::{EightBit, Progress, Step, spell_pairs};
use crate::codecs::pairs::{PairSet, Table, katakana, katakana_byte};

/// The encoding.
pub(crate) struct EucJp {
    pairs: &'static Table,
}

impl EucJp {
    pub(crate) fn new() -> Self {
        Self {
            pairs: PairSet::JisX0208.table(),
        }
    }

    /// Writes the bytes of a character; see [`codecs`](crate::codecs).
    pub(crate) fn encode(&self, character: char, place: &mut Place) -> usize {
        if let Some(pair) = self.pairs.pair(character) {
            place[..2].copy_from_slice(&pair.to_be_bytes());
            2
        } else if let Some(byte) = katakana_byte(character) {
            place[..2].copy_from_slice(&[0x8E, byte]);
            2
        } else if let Some(pair) = PairSet::JisX0212.table().pair(character) {
            place[0] = 0x8F;
            place[1..3].copy_from_slice(&pair.to_be_bytes());
            3
        } else {
            0
        }
    }
}

impl EightBit for EucJp {
    fn spell(&self, bytes: &[u8], room: &mut [u8]) -> Progress {
        spell_pairs(bytes, room, self.pairs.spellings())
    }

    fn step(&self, bytes: &[u8]) -> Step {
        match *bytes {
            [0x8E | 0x8F | 0xA1..=0xFE] | [0x8F, 0xA1..=0xFE] => Step::Incomplete,
            [0x8E, byte, ..] => match katakana(byte) {
                Some(character) => Step::Character(character, 2),
                None => Step::Invalid,
            },
            [0x8F, lead, trail, ..] => pair(PairSet::JisX0212.table(), lead, trail, 3),
            [lead, trail, ..] => pair(self.pairs, lead, trail, 2),
            _ => Step::Invalid,
        }
    }
}

fn pair(table: &Table, lead: u8, trail: u8, length: usize) -> Step {
    match table.character(lead, trail) {
        Some(character) => Step::Character(character, length),
        None if table.has_cell(lead, trail) => Step::Unassigned(length),
        None => Step::Invalid,
    }
}
