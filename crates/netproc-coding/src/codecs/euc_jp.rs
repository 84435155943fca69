//! EUC-JP: JIS X 0208 in pairs, half-width katakana after 0x8E, JIS X 0212 after 0x8F.

use crate::codecs::eight_bit::{self, Step};
use crate::codecs::pairs::{PairSet, katakana, katakana_byte};
use crate::sink::Sink;

pub(crate) fn decode(bytes: &[u8], last: bool, sink: &mut Sink<'_>) -> usize {
    eight_bit::decode(bytes, last, sink, |bytes| {
        let found = match (bytes[0], bytes.get(1), bytes.get(2)) {
            (0x8E | 0x8F | 0xA1..=0xFE, None, _) => return Step::Incomplete,
            (0x8F, Some(0xA1..=0xFE), None) => return Step::Incomplete,
            (0x8E, Some(&byte), _) => katakana(byte).map(|character| (character, 2)),
            (0x8F, Some(&lead), Some(&trail)) => PairSet::JisX0212
                .table()
                .character(lead, trail)
                .map(|character| (character, 3)),
            (lead, Some(&trail), _) => PairSet::JisX0208
                .table()
                .character(lead, trail)
                .map(|character| (character, 2)),
            _ => None,
        };
        found.map_or(Step::Invalid, |(character, length)| {
            Step::Character(character, length)
        })
    })
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
