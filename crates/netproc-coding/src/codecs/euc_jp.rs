//! EUC-JP: JIS X 0208 in pairs, half-width katakana after 0x8E, JIS X 0212 after 0x8F.

use crate::codecs::eight_bit::{self, Step};
use crate::codecs::pairs::{PairSet, katakana, katakana_byte};
use crate::sink::Sink;

pub(crate) fn decode(bytes: &[u8], last: bool, sink: &mut Sink<'_>) -> usize {
    eight_bit::decode(bytes, last, sink, |bytes| match *bytes {
        [0x8E | 0x8F | 0xA1..=0xFE] | [0x8F, 0xA1..=0xFE] => Step::Incomplete,
        [0x8E, byte, ..] => match katakana(byte) {
            Some(character) => Step::Character(character, 2),
            None => Step::Invalid,
        },
        [0x8F, lead, trail, ..] => pair(PairSet::JisX0212, lead, trail, 3),
        [lead, trail, ..] => pair(PairSet::JisX0208, lead, trail, 2),
        _ => Step::Invalid,
    })
}

fn pair(set: PairSet, lead: u8, trail: u8, length: usize) -> Step {
    let table = set.table();
    match table.character(lead, trail) {
        Some(character) => Step::Character(character, length),
        None if table.has_cell(lead, trail) => Step::Unassigned(length),
        None => Step::Invalid,
    }
}

/// Appends a character that is not ASCII; `None` when none of the sets has it.
pub(crate) fn encode(character: char, out: &mut Vec<u8>) -> Option<()> {
    if let Some(pair) = PairSet::JisX0208.table().pair(character) {
        out.extend_from_slice(&pair.to_be_bytes());
    } else if let Some(byte) = katakana_byte(character) {
        out.extend_from_slice(&[0x8E, byte]);
    } else {
        out.push(0x8F);
        let Some(pair) = PairSet::JisX0212.table().pair(character) else {
            out.pop();
            return None;
        };
        out.extend_from_slice(&pair.to_be_bytes());
    }
    Some(())
}
