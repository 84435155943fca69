//! What can be wrong with a text of Lisp data.

use std::fmt;

use crate::{Position, Span};

/// The error of a text that is no Lisp data, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    pub(super) kind: ReadErrorKind,
    pub(super) span: Span,
}

impl ReadError {
    /// Returns what is wrong.
    pub fn kind(&self) -> &ReadErrorKind {
        &self.kind
    }

    /// Returns the stretch of text that is wrong; of something unclosed, its opening.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns where the mistake starts.
    pub fn position(&self) -> Position {
        self.span.start
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.span, self.kind)
    }
}

impl std::error::Error for ReadError {}

/// What is wrong with a text of Lisp data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// There is no value.
    MissingValue,
    /// There is more text after the value.
    TrailingText,
    /// A list or vector is not closed; its opening bracket.
    Unclosed(char),
    /// A closing bracket closes nothing.
    UnmatchedClose(char),
    /// A bracket is closed by one of the other kind.
    MismatchedClose {
        /// The opening bracket.
        open: char,
        /// The closing one.
        close: char,
    },
    /// A string has no closing quote.
    UnclosedString,
    /// A prefix such as `'` has no value after it.
    NothingAfter(&'static str),
    /// A dot stands outside a list.
    DotOutsideList,
    /// A dot has no value before it.
    NothingBeforeDot,
    /// A dot has no value after it.
    NothingAfterDot,
    /// More than one value follows a dot.
    SeveralAfterDot,
    /// An escape is wrong; what was expected.
    Escape(&'static str),
    /// A character literal is wrong; what was expected.
    Character(&'static str),
    /// Digits after `#x` and its kin do not make an integer.
    Integer {
        /// The radix.
        radix: u32,
        /// The text after the radix.
        digits: String,
    },
    /// A kind of value that has no meaning in data.
    Unsupported {
        /// Its first characters.
        syntax: String,
        /// What it is.
        meaning: &'static str,
    },
    /// Brackets and quotes are nested deeper than [`Reader::MAX_DEPTH`](crate::Reader::MAX_DEPTH).
    TooDeep,
}

impl fmt::Display for ReadErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingValue => {
                formatter.write_str("expected a value, found the end of the text")
            }
            Self::TrailingText => {
                formatter.write_str("expected the end of the text after one value")
            }
            Self::Unclosed('(') => formatter.write_str("this list has no closing )"),
            Self::Unclosed(_) => formatter.write_str("this vector has no closing ]"),
            Self::UnmatchedClose(close) => write!(formatter, "this {close} closes nothing"),
            Self::MismatchedClose { open, close } => {
                let expected = if *open == '(' { ')' } else { ']' };
                write!(
                    formatter,
                    "expected {expected} to close {open}, found {close}"
                )
            }
            Self::UnclosedString => formatter.write_str("this string has no closing quote"),
            Self::NothingAfter(prefix) => write!(formatter, "expected a value after {prefix}"),
            Self::DotOutsideList => {
                formatter.write_str("a dot stands between the last two values of a list only")
            }
            Self::NothingBeforeDot => formatter.write_str("expected a value before the dot"),
            Self::NothingAfterDot => formatter.write_str("expected a value after the dot"),
            Self::SeveralAfterDot => formatter.write_str("expected ) after the value after a dot"),
            Self::Escape(expected) | Self::Character(expected) => {
                write!(formatter, "expected {expected}")
            }
            Self::Integer { radix, digits } => {
                write!(
                    formatter,
                    "expected an integer in radix {radix}, found {digits:?}"
                )
            }
            Self::Unsupported { syntax, meaning } => {
                write!(
                    formatter,
                    "{syntax} starts {meaning}, which is not data that can be read"
                )
            }
            Self::TooDeep => write!(
                formatter,
                "nested deeper than {} brackets and quotes",
                crate::Reader::MAX_DEPTH
            ),
        }
    }
}
