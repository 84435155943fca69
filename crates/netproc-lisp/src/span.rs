//! Places in a text.

use std::fmt;
use std::ops::Range;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_structs,
    reason = "these three are what people and tools ask for"
)]
pub struct Position {
    /// Bytes before it.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The beginning of every text.
    pub const START: Self = Self {
        offset: 0,
        line: 1,
        column: 1,
    };

    /// Returns the place after a character that stands here.
    pub fn after(self, character: char) -> Self {
        let offset = self.offset + character.len_utf8();
        if character == '\n' {
            Self {
                offset,
                line: self.line + 1,
                column: 1,
            }
        } else {
            Self {
                offset,
                line: self.line,
                column: self.column + 1,
            }
        }
    }
}

impl Position {
    /// Returns the place after a text that stands here.
    pub(crate) fn after_text(self, text: &str) -> Self {
        let mut after = Self {
            offset: self.offset + text.len(),
            ..self
        };
        for byte in text.bytes() {
            if byte == b'\n' {
                after.line += 1;
                after.column = 1;
            } else if byte & 0xC0 != 0x80 {
                // Of the bytes of a character the first counts.
                after.column += 1;
            }
        }
        after
    }
}

impl Default for Position {
    fn default() -> Self {
        Self::START
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// A stretch of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "two ends are all a stretch has")]
pub struct Span {
    /// Where it starts.
    pub start: Position,
    /// Where it has ended: the place after its last character.
    pub end: Position,
}

impl Span {
    /// Returns the bytes of the text that it covers.
    pub fn range(&self) -> Range<usize> {
        self.start.offset..self.end.offset
    }
}

impl fmt::Display for Span {
    /// Writes where it starts.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.start.fmt(formatter)
    }
}
