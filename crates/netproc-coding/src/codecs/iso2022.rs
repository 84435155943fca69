//! ISO 2022 in seven bits: escape sequences say which set of characters the bytes mean.

use memchr::memchr;

use crate::batch::Batch;
use crate::codecs::eight_bit::{Progress, ascii_run};
use crate::codecs::pairs::{PairSet, Spellings, katakana, katakana_byte};
use crate::codecs::single_byte::SingleByte;
use crate::sink::Sink;
use crate::spelling::Spelling;
use crate::tables::single_byte;

/// Which sets may be used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// `iso-2022-jp`: ASCII, JIS X 0201 and JIS X 0208.
    Jp,
    /// `iso-2022-jp-2`: also JIS X 0212, GB 2312, KS C 5601, Latin-1 and Greek.
    Jp2,
    /// `iso-2022-7bit`: whatever comes.
    SevenBit,
}

/// A set of characters the bytes 0x21 to 0x7E can stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Set {
    #[default]
    Ascii,
    /// JIS X 0201: ASCII with a yen sign and an overline.
    Roman,
    Katakana,
    Jis1978,
    Jis,
    JisSupplement,
    Gb2312,
    KsC5601,
}

/// A set of characters reached one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upper {
    Latin1,
    Greek,
}

/// The sets in use at some place in the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shift {
    set: Set,
    upper: Option<Upper>,
}

/// What an escape character begins.
pub(crate) enum Escape {
    /// A change of sets, and its length.
    Change(Shift, usize),
    /// One character of the upper set, and its length.
    Upper(char, usize),
    /// Nothing yet.
    Incomplete,
    /// Nothing: it is a character like others.
    Character,
}

impl Set {
    fn pairs(self) -> Option<PairSet> {
        match self {
            Self::Ascii | Self::Roman | Self::Katakana => None,
            Self::Jis1978 => Some(PairSet::JisX0208Of1978),
            Self::Jis => Some(PairSet::JisX0208),
            Self::JisSupplement => Some(PairSet::JisX0212),
            Self::Gb2312 => Some(PairSet::Gb2312),
            Self::KsC5601 => Some(PairSet::KsC5601),
        }
    }

    /// Returns the escape sequence that brings this set into use.
    fn designation(self) -> &'static [u8] {
        match self {
            Self::Ascii => b"\x1B(B",
            Self::Roman => b"\x1B(J",
            Self::Katakana => b"\x1B(I",
            Self::Jis1978 => b"\x1B$@",
            Self::Jis => b"\x1B$B",
            Self::Gb2312 => b"\x1B$A",
            Self::KsC5601 => b"\x1B$(C",
            Self::JisSupplement => b"\x1B$(D",
        }
    }

    /// Appends a character that is not ASCII, without any escape sequence.
    fn encode(self, character: char) -> Option<[u8; 2]> {
        match (self, character) {
            (Self::Roman, '¥') => Some([0x5C, 0]),
            (Self::Roman, '‾') => Some([0x7E, 0]),
            (Self::Katakana, _) => Some([katakana_byte(character)? & 0x7F, 0]),
            _ => Some((self.pairs()?.table().pair(character)? & 0x7F7F).to_be_bytes()),
        }
    }
}

impl Variant {
    /// The sets beside ASCII, the preferred first.
    fn sets(self) -> &'static [Set] {
        match self {
            Self::Jp => &[Set::Jis, Set::Jis1978, Set::Roman],
            Self::Jp2 => &[
                Set::Jis,
                Set::JisSupplement,
                Set::Roman,
                Set::Jis1978,
                Set::Gb2312,
                Set::KsC5601,
            ],
            Self::SevenBit => &[
                Set::Gb2312,
                Set::Jis,
                Set::KsC5601,
                Set::JisSupplement,
                Set::Katakana,
                Set::Jis1978,
                Set::Roman,
            ],
        }
    }

    fn allows(self, set: Set) -> bool {
        set == Set::Ascii || self.sets().contains(&set)
    }
}

impl Shift {
    /// ASCII, as at the start of data.
    pub(crate) const INITIAL: Self = Self {
        set: Set::Ascii,
        upper: None,
    };

    /// Looks at the escape character at the front of `bytes` and what follows it.
    pub(crate) fn escape(self, variant: Variant, bytes: &[u8]) -> Escape {
        let change = |set, length| {
            if variant.allows(set) {
                Escape::Change(Self { set, ..self }, length)
            } else {
                Escape::Character
            }
        };
        let upper = |upper| {
            if variant == Variant::Jp2 {
                Escape::Change(
                    Self {
                        upper: Some(upper),
                        ..self
                    },
                    3,
                )
            } else {
                Escape::Character
            }
        };
        match bytes.get(1..).unwrap_or_default() {
            [] | [b'(' | b'$' | b'&'] | [b'$', b'('] => Escape::Incomplete,
            [b'.' | b'N'] if variant == Variant::Jp2 => Escape::Incomplete,
            [b'(', b'B', ..] => change(Set::Ascii, 3),
            [b'(', b'J', ..] => change(Set::Roman, 3),
            [b'(', b'I', ..] => change(Set::Katakana, 3),
            [b'$', b'@', ..] => change(Set::Jis1978, 3),
            [b'$', b'B', ..] => change(Set::Jis, 3),
            [b'$', b'A', ..] => change(Set::Gb2312, 3),
            [b'$', b'(', b'@', ..] => change(Set::Jis1978, 4),
            [b'$', b'(', b'B', ..] => change(Set::Jis, 4),
            [b'$', b'(', b'A', ..] => change(Set::Gb2312, 4),
            [b'$', b'(', b'C', ..] => change(Set::KsC5601, 4),
            [b'$', b'(', b'D', ..] => change(Set::JisSupplement, 4),
            [b'&', b'@', ..] => Escape::Change(self, 3),
            [b'.', b'A', ..] => upper(Upper::Latin1),
            [b'.', b'F', ..] => upper(Upper::Greek),
            [b'N', byte @ 0x20..=0x7F, ..] => match self.upper_character(*byte) {
                Some(character) => Escape::Upper(character, 3),
                None => Escape::Character,
            },
            _ => Escape::Character,
        }
    }

    fn upper_character(self, byte: u8) -> Option<char> {
        let table: &SingleByte = match self.upper? {
            Upper::Latin1 => &single_byte::ISO_LATIN_1,
            Upper::Greek => &single_byte::GREEK_ISO_8BIT,
        };
        table.character(byte | 0x80)
    }

    pub(crate) fn decode(
        &mut self,
        variant: Variant,
        bytes: &[u8],
        last: bool,
        sink: &mut Sink<'_>,
    ) -> usize {
        let mut batch = Batch::new(sink);
        let mut done = 0;
        while let Some(&first) = bytes.get(done) {
            let rest = &bytes[done..];
            done += match first {
                ESCAPE => match self.escape(variant, rest) {
                    Escape::Change(shift, length) => {
                        batch.part();
                        *self = shift;
                        length
                    }
                    Escape::Upper(character, length) => {
                        batch.character(character);
                        length
                    }
                    Escape::Incomplete if !last => break,
                    Escape::Incomplete | Escape::Character => {
                        batch.ascii(&rest[..1]);
                        1
                    }
                },
                0x80..=0xFF => {
                    batch.raw_bytes(&rest[..1]);
                    1
                }
                _ => match self.set.pairs() {
                    Some(set) => match decode_pairs(set, rest, last, &mut batch) {
                        0 => break,
                        length => length,
                    },
                    None => decode_singles(self.set, rest, &mut batch),
                },
            };
        }
        batch.flush();
        done
    }

    /// Appends a character; `None` when no set has it.
    pub(crate) fn encode(
        &mut self,
        variant: Variant,
        character: char,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        if let Ok(byte @ 0..0x80) = u8::try_from(character) {
            self.reset(out);
            out.push(byte);
            return Some(());
        }
        let (set, bytes) = match self.set.encode(character) {
            Some(bytes) => (self.set, bytes),
            None => variant
                .sets()
                .iter()
                .find_map(|&set| Some((set, set.encode(character)?)))?,
        };
        if self.set != set {
            self.set = set;
            out.extend_from_slice(set.designation());
        }
        out.extend_from_slice(if set.pairs().is_some() {
            &bytes
        } else {
            &bytes[..1]
        });
        Some(())
    }

    /// Appends what brings ASCII back into use.
    pub(crate) fn reset(&mut self, out: &mut Vec<u8>) {
        if self.set != Set::Ascii {
            self.set = Set::Ascii;
            out.extend_from_slice(Set::Ascii.designation());
        }
    }
}

/// Decodes what is at the front while pairs are in use; returns 0 to wait for the second half.
fn decode_pairs(set: PairSet, bytes: &[u8], last: bool, batch: &mut Batch<'_, '_>) -> usize {
    let (read, written) = spell_pairs(bytes, batch.room(), set.table().spellings());
    if read > 0 {
        batch.advance(written);
        return read;
    }
    let is_control = |byte: &u8| *byte <= 0x20 && *byte != ESCAPE || *byte == 0x7F;
    let controls = bytes.iter().take_while(|byte| is_control(byte)).count();
    let length = match bytes.get(1) {
        _ if controls > 0 => controls,
        None if !last => return 0,
        // No character, but kept together, so that the second half is not taken for the first of
        // another pair.
        Some(0x21..=0x7E) => 2,
        _ => 1,
    };
    batch.ascii(&bytes[..length]);
    length
}

/// Spells pairs of bytes, of which a table has those with the highest bit set.
fn spell_pairs(bytes: &[u8], room: &mut [u8], spellings: Spellings<'_>) -> Progress {
    let (mut rest, mut free) = (bytes, room);
    let (all, room) = (bytes.len(), free.len());
    while let [lead, trail, ..] = *rest
        && free.len() >= Spelling::LONGEST
    {
        let spelling = spellings.of(lead ^ 0x80, trail ^ 0x80);
        if spelling.is_none() {
            break;
        }
        free[..Spelling::LONGEST].copy_from_slice(&spelling.bytes());
        rest = &rest[2..];
        free = &mut free[spelling.length()..];
    }
    (all - rest.len(), room - free.len())
}

/// Decodes what is at the front while single bytes are in use.
fn decode_singles(set: Set, bytes: &[u8], batch: &mut Batch<'_, '_>) -> usize {
    let special = |byte: u8| match (set, byte) {
        (Set::Roman, 0x5C) => Some('¥'),
        (Set::Roman, 0x7E) => Some('‾'),
        (Set::Katakana, 0x21..=0x5F) => katakana(byte | 0x80),
        _ => None,
    };
    if let Some(character) = special(bytes[0]) {
        batch.character(character);
        return 1;
    }
    let end = memchr(ESCAPE, bytes).unwrap_or(bytes.len());
    let end = ascii_run(&bytes[..end]);
    let run = if set == Set::Ascii {
        end
    } else {
        bytes[..end]
            .iter()
            .take_while(|&&byte| special(byte).is_none())
            .count()
    };
    batch.ascii(&bytes[..run]);
    run
}

pub(crate) const ESCAPE: u8 = 0x1B;
