//! Encodings of pairs of bytes, and the sets of characters they are made of.
//!
//! A set is built from `encoding_rs` and a short list of corrections when it is first used, and
//! kept. Looking up a character is then one or two array accesses in either direction.

use std::sync::OnceLock;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS};

use crate::codecs::eight_bit::{self, Step};
use crate::sink::Sink;
use crate::tables::pairs::{self, Instead, Undefined};

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

/// The characters of a set and the way back.
pub(crate) struct Table {
    characters: Vec<u32>,
    first_lead: u8,
    trails: (u8, u8),
    /// For every 256 characters, which page of `pairs` has theirs; 0 for none.
    pages: [u8; PAGES],
    pairs: Vec<[u16; 256]>,
}

/// How a set is made.
struct Recipe {
    encoding: &'static Encoding,
    prefix: &'static [u8],
    leads: (u8, u8),
    trails: (u8, u8),
    /// Whether characters of the private area count.
    private: bool,
    instead: &'static [Instead],
    undefined: &'static [Undefined],
}

impl PairSet {
    /// Returns the table of this set, building it when it is first needed.
    pub(crate) fn table(self) -> &'static Table {
        static TABLES: [OnceLock<Table>; 12] = [const { OnceLock::new() }; 12];
        TABLES[self as usize].get_or_init(|| match self {
            Self::ShiftJis => Table::shift_jis(Self::JisX0208.table()),
            _ => Table::from_recipe(&self.recipe()),
        })
    }

    fn recipe(self) -> Recipe {
        let plain = Recipe {
            encoding: EUC_JP,
            prefix: b"",
            leads: (0xA1, 0xFE),
            trails: (0xA1, 0xFE),
            private: true,
            instead: &[],
            undefined: &[],
        };
        match self {
            Self::Big5 => Recipe {
                encoding: BIG5,
                trails: (0x40, 0xFE),
                instead: pairs::BIG5_INSTEAD,
                undefined: pairs::BIG5_UNDEFINED,
                ..plain
            },
            Self::Big5Hkscs => Recipe {
                encoding: BIG5,
                trails: (0x40, 0xFE),
                instead: pairs::HKSCS_INSTEAD,
                undefined: pairs::HKSCS_UNDEFINED,
                ..plain
            },
            Self::Gbk => Recipe {
                encoding: GBK,
                leads: (0x81, 0xFE),
                trails: (0x40, 0xFE),
                private: false,
                undefined: pairs::GBK_UNDEFINED,
                ..plain
            },
            Self::Gb2312 => Recipe {
                encoding: GBK,
                private: false,
                instead: pairs::GB2312_INSTEAD,
                undefined: pairs::GB2312_UNDEFINED,
                ..plain
            },
            Self::Gb18030 => Recipe {
                encoding: GB18030,
                leads: (0x81, 0xFE),
                trails: (0x40, 0xFE),
                instead: pairs::GB18030_INSTEAD,
                ..plain
            },
            Self::Cp932 => Recipe {
                encoding: SHIFT_JIS,
                leads: (0x81, 0xFC),
                trails: (0x40, 0xFC),
                ..plain
            },
            Self::Cp949 => Recipe {
                encoding: EUC_KR,
                leads: (0x81, 0xFD),
                trails: (0x41, 0xFE),
                ..plain
            },
            Self::KsC5601 => Recipe {
                encoding: EUC_KR,
                instead: pairs::KSC5601_INSTEAD,
                ..plain
            },
            Self::JisX0212 => Recipe {
                prefix: b"\x8F",
                ..plain
            },
            Self::JisX0208Of1978 => Recipe {
                instead: pairs::JISX0208_1978_INSTEAD,
                undefined: pairs::JISX0208_UNDEFINED,
                ..plain
            },
            Self::JisX0208 | Self::ShiftJis => Recipe {
                instead: pairs::JISX0208_INSTEAD,
                undefined: pairs::JISX0208_UNDEFINED,
                ..plain
            },
        }
    }

    /// Returns whether single bytes 0xA1 to 0xDF are half-width katakana.
    const fn has_katakana(self) -> bool {
        matches!(self, Self::Cp932 | Self::ShiftJis)
    }
}

impl Table {
    fn empty(leads: (u8, u8), trails: (u8, u8)) -> Self {
        let cells = usize::from(leads.1 - leads.0 + 1) * usize::from(trails.1 - trails.0 + 1);
        Self {
            characters: vec![0; cells],
            first_lead: leads.0,
            trails,
            pages: [0; PAGES],
            pairs: vec![[0; 256]],
        }
    }

    fn from_recipe(recipe: &Recipe) -> Self {
        let mut table = Self::empty(recipe.leads, recipe.trails);
        for lead in recipe.leads.0..=recipe.leads.1 {
            for trail in recipe.trails.0..=recipe.trails.1 {
                let pair = u16::from_be_bytes([lead, trail]);
                if let Some(character) = recipe.character(pair) {
                    table.set(pair, character);
                }
            }
        }
        if recipe.encoding == SHIFT_JIS {
            table.drop_duplicates();
        }
        table
    }

    fn shift_jis(jis: &Self) -> Self {
        let mut table = Self::empty((0x81, 0xEF), (0x40, 0xFC));
        for lead in 0x81..=0xEF {
            if (0xA0..0xE0).contains(&lead) {
                continue;
            }
            for trail in (0x40..=0xFC).filter(|&trail| trail != 0x7F) {
                let row = (lead - if lead < 0xE0 { 0x81 } else { 0xC1 }) * 2;
                let column = trail - if trail < 0x7F { 0x40 } else { 0x41 };
                let (row, column) = if column < 94 {
                    (row, column)
                } else {
                    (row + 1, column - 94)
                };
                if let Some(character) = jis.character(0xA1 + row, 0xA1 + column) {
                    table.set(u16::from_be_bytes([lead, trail]), character);
                }
            }
        }
        table
    }

    fn set(&mut self, pair: u16, character: char) {
        let [lead, trail] = pair.to_be_bytes();
        let Some(cell) = self.cell(lead, trail) else {
            return;
        };
        self.characters[cell] = character.into();
        let Some(entry) = self.entry(character) else {
            return;
        };
        // Of duplicates the first is written, but see `drop_duplicates`.
        if *entry == 0 {
            *entry = pair;
        }
    }

    /// Leaves each character one pair: of several pairs with one character, the one Windows
    /// writes.
    fn drop_duplicates(&mut self) {
        let width = usize::from(self.trails.1 - self.trails.0 + 1);
        for cell in 0..self.characters.len() {
            let Some(character) = char::from_u32(self.characters[cell]) else {
                continue;
            };
            let (row, column) = (cell / width, cell % width);
            let pair = cell_pair(self.first_lead, self.trails.0, row, column);
            let Some(entry) = self.entry(character) else {
                continue;
            };
            // Rows of NEC's selection of IBM's characters yield to IBM's own rows, all others stay.
            if *entry != pair && (0xED40..=0xEEFC).contains(entry) {
                *entry = pair;
            }
        }
        for cell in 0..self.characters.len() {
            let Some(character) = char::from_u32(self.characters[cell]) else {
                continue;
            };
            let pair = cell_pair(self.first_lead, self.trails.0, cell / width, cell % width);
            if self.pair(character) != Some(pair) {
                self.characters[cell] = 0;
            }
        }
    }

    fn entry(&mut self, character: char) -> Option<&mut u16> {
        let code = usize::try_from(u32::from(character)).ok()?;
        let page = self.pages.get_mut(code >> 8)?;
        if *page == 0 {
            *page = u8::try_from(self.pairs.len()).ok()?;
            self.pairs.push([0; 256]);
        }
        self.pairs.get_mut(usize::from(*page))?.get_mut(code & 0xFF)
    }

    fn cell(&self, lead: u8, trail: u8) -> Option<usize> {
        let row = usize::from(lead.checked_sub(self.first_lead)?);
        let column = usize::from(trail.checked_sub(self.trails.0)?);
        let width = usize::from(self.trails.1 - self.trails.0 + 1);
        (column < width).then_some(row * width + column)
    }

    /// Returns the character of a pair.
    pub(crate) fn character(&self, lead: u8, trail: u8) -> Option<char> {
        match *self.characters.get(self.cell(lead, trail)?)? {
            0 => None,
            code => char::from_u32(code),
        }
    }

    /// Returns the pair of a character, lead byte first.
    pub(crate) fn pair(&self, character: char) -> Option<u16> {
        let code = usize::try_from(u32::from(character)).ok()?;
        let page = *self.pages.get(code >> 8)?;
        match *self.pairs.get(usize::from(page))?.get(code & 0xFF)? {
            0 => None,
            pair => Some(pair),
        }
    }

    /// Returns whether `byte` may begin a pair.
    fn leads(&self, byte: u8) -> bool {
        self.has_cell(byte, self.trails.0)
    }

    /// Returns whether there is a place for this pair, empty or not.
    pub(crate) fn has_cell(&self, lead: u8, trail: u8) -> bool {
        self.cell(lead, trail)
            .is_some_and(|cell| cell < self.characters.len())
    }
}

impl Recipe {
    fn character(&self, pair: u16) -> Option<char> {
        if let Some(&(first, _, code)) = self
            .instead
            .iter()
            .rev()
            .find(|(first, last, _)| (first..=last).contains(&&pair))
        {
            return char::from_u32(code + u32::from(pair - first));
        }
        if self
            .undefined
            .iter()
            .any(|(first, last)| (first..=last).contains(&&pair))
        {
            return None;
        }
        let [lead, trail] = pair.to_be_bytes();
        let mut bytes = self.prefix.to_vec();
        bytes.extend_from_slice(&[lead, trail]);
        let decoded = self
            .encoding
            .decode_without_bom_handling_and_without_replacement(&bytes)?;
        let mut characters = decoded.chars();
        let character = characters.next()?;
        let alone = characters.next().is_none();
        let private = ('\u{E000}'..='\u{F8FF}').contains(&character);
        (alone && (self.private || !private)).then_some(character)
    }
}

fn cell_pair(first_lead: u8, first_trail: u8, row: usize, column: usize) -> u16 {
    let pair = (usize::from(first_lead) + row) << 8 | (usize::from(first_trail) + column);
    u16::try_from(pair).unwrap_or(0)
}

pub(crate) fn decode(bytes: &[u8], set: PairSet, last: bool, sink: &mut Sink<'_>) -> usize {
    let table = set.table();
    eight_bit::decode(bytes, last, sink, |bytes| {
        let lead = bytes[0];
        if set.has_katakana()
            && let Some(character) = katakana(lead)
        {
            return Step::Character(character, 1);
        }
        match bytes.get(1) {
            None if table.leads(lead) => Step::Incomplete,
            None => Step::Invalid,
            Some(&trail) => match table.character(lead, trail) {
                Some(character) => Step::Character(character, 2),
                None if !trail.is_ascii() && table.has_cell(lead, trail) => Step::Unassigned(2),
                None => Step::Invalid,
            },
        }
    })
}

/// Appends a character that is not ASCII; `None` when the set does not have it.
pub(crate) fn encode(character: char, set: PairSet, out: &mut Vec<u8>) -> Option<()> {
    if set.has_katakana()
        && let Some(byte) = katakana_byte(character)
    {
        out.push(byte);
        return Some(());
    }
    out.extend_from_slice(&set.table().pair(character)?.to_be_bytes());
    Some(())
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

/// Planes 0 to 2 in pages of 256 characters.
const PAGES: usize = 0x300;
