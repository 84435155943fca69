//! Characters as their bytes in UTF-8, for tables that decoders look into once a character.

/// A character in UTF-8, or none, in four bytes.
///
/// The bytes stand in their order, the first in the lowest eight bits. The highest eight bits hold
/// the length, where the character leaves them free; else they hold its fourth byte, which is
/// greater than any length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelling(u32);

impl Spelling {
    /// No character.
    pub(crate) const NONE: Self = Self(0);

    /// The most bytes of one.
    pub(crate) const LONGEST: usize = 4;

    /// Returns the spelling of a character.
    pub(crate) const fn new(character: char) -> Self {
        let mut bytes = [0; Self::LONGEST];
        let length = character.encode_utf8(&mut bytes).len();
        if length < Self::LONGEST {
            #[expect(clippy::cast_possible_truncation, reason = "it is at most four")]
            let length = length as u8;
            bytes[3] = length;
        }
        Self(u32::from_le_bytes(bytes))
    }

    pub(crate) const fn is_none(self) -> bool {
        self.0 == Self::NONE.0
    }

    /// Returns the bytes, and rubbish after as many as there are.
    pub(crate) const fn bytes(self) -> [u8; Self::LONGEST] {
        self.0.to_le_bytes()
    }

    /// Returns how many bytes there are, 0 for no character.
    pub(crate) fn length(self) -> usize {
        usize::from(self.bytes()[3]).min(Self::LONGEST)
    }

    /// Returns how many bytes there are in the spelling of a character below U+10000.
    pub(crate) fn short_length(self) -> usize {
        usize::from(self.bytes()[3])
    }

    pub(crate) fn character(self) -> Option<char> {
        let bytes = self.bytes();
        str::from_utf8(&bytes[..self.length()]).ok()?.chars().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_spelled_as_in_utf_8() {
        for character in '\0'..=char::MAX {
            let spelling = Spelling::new(character);
            let mut utf8 = [0; 4];
            let utf8 = character.encode_utf8(&mut utf8).as_bytes();
            assert_eq!(&spelling.bytes()[..spelling.length()], utf8);
            assert_eq!(spelling.character(), Some(character));
            assert!(!spelling.is_none());
        }
    }

    #[test]
    fn none_has_no_bytes() {
        assert_eq!(Spelling::NONE.length(), 0);
        assert_eq!(Spelling::NONE.character(), None);
    }
}
