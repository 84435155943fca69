//! GB 18030: pairs, and groups of four bytes for everything else in Unicode.
//!
//! The groups follow the standard. In Emacs 28 those from 81 35 F4 37 on are off by one or more.

use encoding_rs::GB18030;

use crate::codecs::Place;
use crate::codecs::eight_bit::{EightBit, Progress, Step, spell_pairs};
use crate::codecs::pairs::{PairSet, Table};

/// The encoding.
pub(crate) struct Gb18030 {
    pairs: &'static Table,
}

impl Gb18030 {
    pub(crate) fn new() -> Self {
        Self {
            pairs: PairSet::Gb18030.table(),
        }
    }

    /// Writes the bytes of a character; see [`codecs`](crate::codecs).
    pub(crate) fn encode(&self, character: char, place: &mut Place) -> usize {
        if let Some(pair) = self.pairs.pair(character) {
            place[..2].copy_from_slice(&pair.to_be_bytes());
            return 2;
        }
        let group = group(character);
        *place = group.unwrap_or_default();
        group.map_or(0, |group| group.len())
    }

    /// Returns the character of a group of four bytes.
    fn character(&self, group: [u8; 4]) -> Option<char> {
        let [first, second, third, fourth] = group.map(u32::from);
        let number =
            ((first - 0x81) * 10 + (second - 0x30)) * 1260 + (third - 0x81) * 10 + (fourth - 0x30);
        let whole = u32::from_be_bytes(group);
        if let Some(&(_, character)) = DISPLACED.iter().find(|(other, _)| *other == whole) {
            return Some(character);
        }
        let character = if number >= PLANES {
            char::from_u32(number - PLANES + 0x1_0000)?
        } else {
            let decoded = GB18030.decode_without_bom_handling_and_without_replacement(&group)?;
            decoded.chars().next()?
        };
        // A character that has a pair is never written as a group, so the group must stay bytes.
        self.pairs.pair(character).is_none().then_some(character)
    }
}

impl EightBit for Gb18030 {
    fn spell(&self, bytes: &[u8], room: &mut [u8]) -> Progress {
        spell_pairs(bytes, room, self.pairs.spellings())
    }

    fn step(&self, bytes: &[u8]) -> Step {
        let group = bytes.first_chunk::<4>();
        match (bytes[0], bytes.get(1)) {
            (0x80 | 0xFF, _) => Step::Invalid,
            (_, None) => Step::Incomplete,
            (_, Some(b'0'..=b'9')) => match (bytes.get(2), bytes.get(3), group) {
                (Some(0x81..=0xFE) | None, None, _) => Step::Incomplete,
                (Some(0x81..=0xFE), Some(b'0'..=b'9'), Some(group)) => {
                    match self.character(*group) {
                        Some(character) => Step::Character(character, 4),
                        None => Step::Invalid,
                    }
                }
                _ => Step::Invalid,
            },
            (lead, Some(&trail)) => match self.pairs.character(lead, trail) {
                Some(character) => Step::Character(character, 2),
                None => Step::Invalid,
            },
        }
    }
}

/// Returns the group of four bytes of a character that has no pair.
fn group(character: char) -> Option<[u8; 4]> {
    let code = u32::from(character);
    if code >= 0x1_0000 {
        return Some(group_of(PLANES + (code - 0x1_0000)));
    }
    let mut utf8 = [0; 4];
    let (bytes, _, replaced) = GB18030.encode(character.encode_utf8(&mut utf8));
    match <[u8; 4]>::try_from(&*bytes) {
        Ok(group) if !replaced => Some(group),
        _ => displaced(character),
    }
}

fn displaced(character: char) -> Option<[u8; 4]> {
    let (group, _) = DISPLACED.iter().find(|(_, other)| *other == character)?;
    Some(group.to_be_bytes())
}

fn group_of(number: u32) -> [u8; 4] {
    let digit = |value: u32, first: u8| first + value.to_le_bytes()[0];
    [
        digit(number / 12600, 0x81),
        digit(number / 1260 % 10, 0x30),
        digit(number / 10 % 126, 0x81),
        digit(number % 10, 0x30),
    ]
}

/// The number of the first group beyond the basic plane: 90 30 81 30.
const PLANES: u32 = 189_000;

/// Groups that stand for a private character, because the character they would stand for by their
/// number has a pair.
const DISPLACED: &[(u32, char)] = &[
    (0x8235_9037, '\u{E81E}'),
    (0x8235_9038, '\u{E826}'),
    (0x8235_9039, '\u{E82B}'),
    (0x8235_9130, '\u{E82C}'),
    (0x8235_9131, '\u{E832}'),
    (0x8235_9132, '\u{E843}'),
    (0x8235_9133, '\u{E854}'),
    (0x8235_9134, '\u{E864}'),
    (0x8431_8236, '\u{E78D}'),
    (0x8431_8237, '\u{E78F}'),
    (0x8431_8238, '\u{E78E}'),
    (0x8431_8239, '\u{E790}'),
    (0x8431_8330, '\u{E791}'),
    (0x8431_8331, '\u{E792}'),
    (0x8431_8332, '\u{E793}'),
    (0x8431_8333, '\u{E794}'),
    (0x8431_8334, '\u{E795}'),
    (0x8431_8335, '\u{E796}'),
    (0x9532_9031, '\u{E816}'),
    (0x9532_9033, '\u{E817}'),
    (0x9532_9730, '\u{E818}'),
    (0x9536_B937, '\u{E831}'),
    (0x9630_BA35, '\u{E83B}'),
    (0x9635_B630, '\u{E855}'),
];
