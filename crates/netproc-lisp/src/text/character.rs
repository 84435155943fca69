//! One character of a text, and its bytes in the internal encoding.

/// The highest character number there is.
const HIGHEST: u32 = 0x3F_FFFF;
/// What is added to a raw byte to get its character number.
const RAW_OFFSET: u32 = 0x3F_FF00;

/// A character as Emacs has it: Unicode, or a raw byte, or one of those outside Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "these three cover all character numbers"
)]
pub enum Char {
    /// A Unicode scalar value.
    Unicode(char),
    /// A byte 0x80 to 0xFF that belongs to no character.
    Raw(u8),
    /// A number that is no Unicode scalar value: a surrogate, or 0x110000 to 0x3FFF7F.
    Extended(u32),
}

impl Char {
    /// Returns the character of that number, or `None` above 0x3FFFFF.
    pub fn from_code(code: u32) -> Option<Self> {
        if let Some(unicode) = char::from_u32(code) {
            return Some(Self::Unicode(unicode));
        }
        match code {
            0x3F_FF80..=HIGHEST => u8::try_from(code - RAW_OFFSET).ok().map(Self::Raw),
            0..=HIGHEST => Some(Self::Extended(code)),
            _ => None,
        }
    }

    /// Returns the character of one byte: ASCII as such, anything else raw.
    pub fn from_byte(byte: u8) -> Self {
        if byte.is_ascii() {
            Self::Unicode(byte.into())
        } else {
            Self::Raw(byte)
        }
    }

    /// Returns the number Emacs gives the character, 0x3FFF80 to 0x3FFFFF for raw bytes.
    #[doc(alias = "string-to-char")]
    pub fn code(self) -> u32 {
        match self {
            Self::Unicode(unicode) => unicode.into(),
            Self::Raw(byte) if byte.is_ascii() => byte.into(),
            Self::Raw(byte) => RAW_OFFSET + u32::from(byte),
            Self::Extended(code) => code,
        }
    }

    /// Returns the character, if it is a Unicode one.
    pub fn to_unicode(self) -> Option<char> {
        if let Self::Unicode(unicode) = self {
            Some(unicode)
        } else {
            None
        }
    }

    /// Returns the same character in the variant that belongs to its number.
    ///
    /// `None` for an [`Extended`](Self::Extended) of a number that is no character at all.
    pub(super) fn normalized(self) -> Option<Self> {
        Self::from_code(self.code())
    }
}

impl From<char> for Char {
    fn from(unicode: char) -> Self {
        Self::Unicode(unicode)
    }
}

/// Appends the internal encoding of a normalized character.
pub(super) fn push_internal(character: Char, out: &mut Vec<u8>) {
    match character {
        Char::Unicode(unicode) => {
            out.extend_from_slice(unicode.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Char::Raw(byte) => out.extend_from_slice(&[0xC0 | (byte >> 6 & 1), 0x80 | (byte & 0x3F)]),
        Char::Extended(code) => {
            let low = |shift: u32| 0x80 | (code >> shift & 0x3F).to_le_bytes()[0];
            let high = |mark: u8, shift: u32| mark | (code >> shift).to_le_bytes()[0];
            match code {
                0..0x1_0000 => out.extend_from_slice(&[high(0xE0, 12), low(6), low(0)]),
                0x1_0000..0x20_0000 => {
                    out.extend_from_slice(&[high(0xF0, 18), low(12), low(6), low(0)]);
                }
                _ => out.extend_from_slice(&[0xF8, low(18), low(12), low(6), low(0)]),
            }
        }
    }
}

/// Decodes the character at the front of `bytes` and returns it with its length.
///
/// `None` when the bytes are no character's internal encoding in its shortest form.
pub(super) fn decode_internal(bytes: &[u8]) -> Option<(Char, usize)> {
    let lead = *bytes.first()?;
    let (length, bits, least) = match lead {
        0x00..=0x7F => return Some((Char::Unicode(lead.into()), 1)),
        0xC0 | 0xC1 => {
            let low = *bytes.get(1)?;
            let raw = 0x80 | (lead & 1) << 6 | (low & 0x3F);
            return (low & 0xC0 == 0x80).then_some((Char::Raw(raw), 2));
        }
        0xC2..=0xDF => (2, lead & 0x1F, 0x80),
        0xE0..=0xEF => (3, lead & 0x0F, 0x800),
        0xF0..=0xF7 => (4, lead & 0x07, 0x1_0000),
        0xF8 => (5, 0, 0x20_0000),
        _ => return None,
    };
    let mut code = u32::from(bits);
    for &byte in bytes.get(1..length)? {
        if byte & 0xC0 != 0x80 {
            return None;
        }
        code = code << 6 | u32::from(byte & 0x3F);
    }
    match Char::from_code(code)? {
        // A raw byte has the two-byte form only.
        Char::Raw(_) => None,
        _ if code < least => None,
        character => Some((character, length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(character: Char) -> Vec<u8> {
        let mut out = Vec::new();
        push_internal(character, &mut out);
        out
    }

    #[test]
    fn raw_bytes_are_c0_and_c1_pairs() {
        assert_eq!(encoded(Char::Raw(0x80)), [0xC0, 0x80]);
        assert_eq!(encoded(Char::Raw(0xBF)), [0xC0, 0xBF]);
        assert_eq!(encoded(Char::Raw(0xC0)), [0xC1, 0x80]);
        assert_eq!(encoded(Char::Raw(0xFF)), [0xC1, 0xBF]);
    }

    #[test]
    fn characters_outside_unicode_have_three_to_five_bytes() {
        assert_eq!(encoded(Char::Extended(0xD800)), [0xED, 0xA0, 0x80]);
        assert_eq!(encoded(Char::Extended(0x11_0000)), [0xF4, 0x90, 0x80, 0x80]);
        assert_eq!(
            encoded(Char::Extended(0x20_0000)),
            [0xF8, 0x88, 0x80, 0x80, 0x80]
        );
        assert_eq!(
            encoded(Char::Extended(0x3F_FF7F)),
            [0xF8, 0x8F, 0xBF, 0xBD, 0xBF]
        );
    }

    #[test]
    fn every_kind_of_character_decodes_to_itself() {
        let sparse = (0..=HIGHEST).step_by(61);
        for code in sparse.chain([0x7F, 0x80, 0xD7FF, 0xD800, 0x10_FFFF, 0x3F_FF7F, HIGHEST]) {
            let character = Char::from_code(code).unwrap();
            let bytes = encoded(character);
            assert_eq!(
                decode_internal(&bytes),
                Some((character, bytes.len())),
                "{code:x}"
            );
            assert_eq!(character.code(), code);
        }
    }

    #[test]
    fn overlong_and_truncated_forms_are_no_characters() {
        for bytes in [
            &[0xC2][..],
            &[0xE0, 0x80, 0x80],
            &[0xF0, 0x80, 0x80, 0x80],
            &[0xF8, 0x80, 0x80, 0x80, 0x80],
            &[0xF8, 0x8F, 0xBF, 0xBE, 0x80],
            &[0xF9, 0x80, 0x80, 0x80, 0x80],
            &[0x80],
            &[0xC0, 0x41],
            &[],
        ] {
            assert_eq!(decode_internal(bytes), None, "{bytes:x?}");
        }
    }
}
