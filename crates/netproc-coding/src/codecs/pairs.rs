//! Encodings of pairs of bytes, and the sets of characters they are made of.
//!
//! A set is built from `encoding_rs` and a short list of corrections when it is first used, and
//! kept. Looking up a character is then one or two array accesses in either direction.

use std::sync::OnceLock;

use crate::codecs::Place;
use crate::codecs::eight_bit::{EightBit, Progress, Step, spell_pairs};

mod recipe;
mod table;

pub(crate) use self::table::{Spellings, Table};

/// A set of characters with pairs of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PairSet {
    Big5,
    Big5Hkscs,
    Gbk,
    Gb2312,
    Gb18030,
    Cp932,
    Cp949,
    KsC5601,
    /// JIS X 0208 in its 8-bit form.
    JisX0208,
    /// JIS X 0208 as it was in 1978.
    JisX0208Of1978,
    /// JIS X 0212; its pairs follow an 0x8F in EUC-JP.
    JisX0212,
    /// JIS X 0208 with its rows folded, and half-width katakana.
    ShiftJis,
}

impl PairSet {
    /// Returns the table of this set, building it when it is first needed.
    pub(crate) fn table(self) -> &'static Table {
        static TABLES: [OnceLock<Table>; 12] = [const { OnceLock::new() }; 12];
        TABLES[self as usize].get_or_init(|| match self {
            Self::ShiftJis => Table::shift_jis(Self::JisX0208.table()),
            _ => self.recipe().table(),
        })
    }

    /// Returns the encoding in which these pairs stand by themselves.
    pub(crate) fn encoding(self) -> Pairs {
        Pairs {
            table: self.table(),
            has_katakana: matches!(self, Self::Cp932 | Self::ShiftJis),
        }
    }
}

/// An encoding of ASCII, the pairs of a set, and perhaps half-width katakana.
pub(crate) struct Pairs {
    table: &'static Table,
    /// Whether single bytes 0xA1 to 0xDF are half-width katakana.
    has_katakana: bool,
}

impl Pairs {
    /// Writes the bytes of a character; see [`codecs`](crate::codecs).
    pub(crate) fn encode(&self, character: char, place: &mut Place) -> usize {
        if let Some(pair) = self.table.pair(character) {
            place[..2].copy_from_slice(&pair.to_be_bytes());
            2
        } else if self.has_katakana
            && let Some(byte) = katakana_byte(character)
        {
            place[0] = byte;
            1
        } else {
            0
        }
    }
}

impl EightBit for Pairs {
    fn spell(&self, bytes: &[u8], room: &mut [u8]) -> Progress {
        spell_pairs(bytes, room, self.table.spellings())
    }

    fn step(&self, bytes: &[u8]) -> Step {
        let lead = bytes[0];
        if self.has_katakana
            && let Some(character) = katakana(lead)
        {
            return Step::Character(character, 1);
        }
        match bytes.get(1) {
            None if self.table.leads(lead) => Step::Incomplete,
            None => Step::Invalid,
            Some(&trail) => match self.table.character(lead, trail) {
                Some(character) => Step::Character(character, 2),
                None if !trail.is_ascii() && self.table.has_cell(lead, trail) => {
                    Step::Unassigned(2)
                }
                None => Step::Invalid,
            },
        }
    }
}

/// Returns the half-width katakana of a byte of JIS X 0201.
pub(crate) fn katakana(byte: u8) -> Option<char> {
    let offset = byte.checked_sub(0xA1).filter(|&offset| offset < 63)?;
    char::from_u32(0xFF61 + u32::from(offset))
}

/// Returns the byte of JIS X 0201 of a half-width katakana.
pub(crate) fn katakana_byte(character: char) -> Option<u8> {
    let offset = u32::from(character)
        .checked_sub(0xFF61)
        .filter(|&offset| offset < 63)?;
    u8::try_from(0xA1 + offset).ok()
}
