//! A place that moves through a text.

use super::{ReadError, ReadErrorKind};
use crate::{Position, Span};

/// The rest of a text, and where it starts.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    position: Position,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            position: Position::START,
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Returns the character after the next one.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest.chars().nth(1)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.rest = &self.rest[character.len_utf8()..];
        self.position = self.position.after(character);
        Some(character)
    }

    /// Moves past the prefix if it stands here, and returns whether it did.
    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest.starts_with(prefix);
        if found {
            self.skip(prefix.len());
        }
        found
    }

    /// Moves past the longest run of characters that qualify and returns it.
    pub(super) fn take_while(&mut self, qualifies: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest;
        let end = rest
            .find(|character| !qualifies(character))
            .unwrap_or(rest.len());
        self.skip(end);
        &rest[..end]
    }

    /// Moves on by bytes, which must end between characters.
    fn skip(&mut self, bytes: usize) {
        let end = self.position.offset + bytes;
        while self.position.offset < end && self.next().is_some() {}
    }

    /// Moves past blanks, comments, and a byte order mark or `#!` line at the beginning.
    pub(super) fn skip_blanks(&mut self) {
        if self.position == Position::START {
            self.eat("\u{FEFF}");
        }
        loop {
            self.take_while(is_blank);
            let comment = self.peek() == Some(';') || self.rest.starts_with("#!");
            if !comment {
                return;
            }
            self.take_while(|character| character != '\n');
        }
    }

    pub(super) fn span_from(&self, start: Position) -> Span {
        Span {
            start,
            end: self.position,
        }
    }

    /// Returns an error about what stands between `start` and here.
    pub(super) fn error_from(&self, start: Position, kind: ReadErrorKind) -> ReadError {
        ReadError {
            kind,
            span: self.span_from(start),
        }
    }
}

/// Returns whether the character separates values.
pub(super) fn is_blank(character: char) -> bool {
    character <= ' ' || character == '\u{A0}'
}

/// Returns whether the character ends a symbol or number.
pub(super) fn is_delimiter(character: char) -> bool {
    is_blank(character)
        || matches!(
            character,
            '"' | '\'' | ';' | '#' | '(' | ')' | '[' | ']' | '`' | ','
        )
}
