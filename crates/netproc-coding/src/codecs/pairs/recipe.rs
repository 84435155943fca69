//! How each set is made of one of `encoding_rs` and what is different in Emacs.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS};

use super::{PairSet, Table};
use crate::tables::pairs::{self, Instead, Undefined};

/// How a set is made.
pub(super) struct Recipe {
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
    /// Returns how this set is made; Shift JIS has none, but is made of JIS X 0208.
    pub(super) fn recipe(self) -> Recipe {
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
}

impl Recipe {
    /// Makes the table.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::empty(self.leads, self.trails);
        for lead in self.leads.0..=self.leads.1 {
            for trail in self.trails.0..=self.trails.1 {
                let pair = u16::from_be_bytes([lead, trail]);
                if let Some(character) = self.character(pair) {
                    table.set(pair, character);
                }
            }
        }
        if self.encoding == SHIFT_JIS {
            table.drop_duplicates();
        }
        table
    }

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
