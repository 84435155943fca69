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

    /// Returns the first byte of the next character, which is all of it in ASCII.
    pub(super) fn peek_byte(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
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
            self.take(prefix.len());
        }
        found
    }

    /// Moves past the longest run of characters that qualify and returns it.
    pub(super) fn take_while(&mut self, qualifies: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|character| !qualifies(character));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Moves to the next byte that is one of these, which must be ASCII, or to the end.
    pub(super) fn take_until(&mut self, stops: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(stops);
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Moves past the rest of a string that has no escapes, and returns it without its quote.
    pub(super) fn take_quoted(&mut self) -> Option<&'a str> {
        let mut bytes = self.rest.bytes();
        let end = bytes.position(|byte| matches!(byte, b'"' | b'\\'))?;
        let quoted = self.rest[end..].starts_with('"').then(|| self.take(end))?;
        self.take(1);
        Some(quoted)
    }

    /// Moves to the end of a symbol or number, or to a backslash in it.
    pub(super) fn take_token(&mut self) -> &'a str {
        let bytes = self.rest.as_bytes();
        let (mut end, mut characters) = (0, 0);
        while let Some(&byte) = bytes.get(end) {
            match ROLES[usize::from(byte)] {
                Role::Continuation => {}
                Role::Stop => break,
                Role::Lead if bytes[end..].starts_with(NO_BREAK_SPACE) => break,
                Role::Lead | Role::Part => characters += 1,
            }
            end += 1;
        }
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        // There is no line end in a token.
        self.position.offset += end;
        self.position.column += characters;
        token
    }

    /// Moves on by bytes, which must end between characters, and returns them.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.position = self.position.after_text(taken);
        taken
    }

    /// Moves past blanks, comments, and a byte order mark or `#!` line at the beginning.
    pub(super) fn skip_blanks(&mut self) {
        if self.position.offset == 0 {
            self.eat("\u{FEFF}");
        }
        while let Some(byte) = self.peek_byte() {
            match byte {
                b'\n' => {
                    self.rest = &self.rest[1..];
                    self.position.offset += 1;
                    self.position.line += 1;
                    self.position.column = 1;
                }
                ..=b' ' => {
                    self.rest = &self.rest[1..];
                    self.position.offset += 1;
                    self.position.column += 1;
                }
                FIRST_OF_NO_BREAK_SPACE if self.eat("\u{A0}") => {}
                b';' => {
                    self.take_until(|byte| byte == b'\n');
                }
                b'#' if self.rest.starts_with("#!") => {
                    self.take_until(|byte| byte == b'\n');
                }
                _ => return,
            }
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

/// The one blank that is not ASCII.
const NO_BREAK_SPACE: &[u8] = "\u{A0}".as_bytes();
const FIRST_OF_NO_BREAK_SPACE: u8 = NO_BREAK_SPACE[0];

/// What a byte is in a symbol or number.
#[derive(Clone, Copy)]
enum Role {
    /// A character of it.
    Part,
    /// The first byte of a character of it, or of a blank.
    Lead,
    /// One more byte of a character.
    Continuation,
    /// A delimiter, or a backslash.
    Stop,
}

const ROLES: [Role; 256] = {
    let mut roles = [Role::Part; 256];
    let mut byte = 0_u8;
    loop {
        roles[byte as usize] = match byte {
            b'\\' => Role::Stop,
            FIRST_OF_NO_BREAK_SPACE => Role::Lead,
            0x80..=0xBF => Role::Continuation,
            _ if byte.is_ascii() && is_delimiter(byte as char) => Role::Stop,
            _ => Role::Part,
        };
        if byte == u8::MAX {
            break roles;
        }
        byte += 1;
    }
};

/// Returns whether the character separates values.
pub(super) const fn is_blank(character: char) -> bool {
    character <= ' ' || character == '\u{A0}'
}

/// Returns whether the character ends a symbol or number.
pub(super) const fn is_delimiter(character: char) -> bool {
    is_blank(character)
        || matches!(
            character,
            '"' | '\'' | ';' | '#' | '(' | ')' | '[' | ']' | '`' | ','
        )
}
