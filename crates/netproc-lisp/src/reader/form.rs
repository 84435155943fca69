//! Forms: brackets, dots, quotes and atoms.

use std::iter::FusedIterator;

use super::cursor::{Cursor, is_delimiter};
use super::escape::{read_character, read_string};
use super::parts::{Detail, Dot, OpenKind, Parts};
use super::{Elements, ReadError, ReadErrorKind, Spanned, parse_number};
use crate::{BigInteger, Position, Span, Symbol, Value};

/// Reads the values of a text one after another.
///
/// After an error there is nothing more to come.
///
/// ```
/// use netproc_lisp::Reader;
///
/// let values: Result<Vec<_>, _> = Reader::new("(a) ; first\n [b]").collect();
/// let (second, span) = &values?[1];
/// assert_eq!((second.to_string().as_str(), span.start.line), ("[b]", 2));
/// # Ok::<(), netproc_lisp::ReadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    cursor: Cursor<'a>,
    failed: bool,
}

/// What a step of reading came to.
enum Step {
    Value(Value),
    Opened(OpenKind),
    Closed(char),
    Dot,
}

impl<'a> Reader<'a> {
    /// The most brackets and quotes that may be open at once.
    pub const MAX_DEPTH: usize = 1000;

    /// Starts reading at the beginning of the text.
    pub fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            failed: false,
        }
    }

    /// Returns where the next value will be looked for.
    pub fn position(&self) -> Position {
        self.cursor.position()
    }

    /// Reads the next value with the place of each element; `None` at the end of the text.
    ///
    /// # Errors
    ///
    /// Inside the option, [`ReadError`] with the place and kind of the mistake.
    pub fn next_spanned(&mut self) -> Option<Result<Spanned, ReadError>> {
        let elements = self.next_elements(Detail::All)?;
        Some(elements.map(Elements::into_spanned))
    }

    /// Reads the next value with some of the places in it; `None` at the end of the text.
    pub(super) fn next_elements(&mut self, detail: Detail) -> Option<Result<Elements, ReadError>> {
        self.cursor.skip_blanks();
        if self.failed || self.cursor.peek_byte().is_none() {
            return None;
        }
        let result = self.read_value(detail);
        self.failed = result.is_err();
        Some(result)
    }

    /// Refuses anything but blanks and comments in what is left.
    pub(super) fn expect_end(&mut self) -> Result<(), ReadError> {
        self.cursor.skip_blanks();
        let start = self.cursor.position();
        if self.cursor.next().is_none() {
            return Ok(());
        }
        Err(self.cursor.error_from(start, ReadErrorKind::TrailingText))
    }

    pub(super) fn missing_value(&self) -> ReadError {
        self.cursor
            .error_from(self.cursor.position(), ReadErrorKind::MissingValue)
    }

    fn read_value(&mut self, detail: Detail) -> Result<Elements, ReadError> {
        let mut parts = Parts::new(detail);
        loop {
            self.cursor.skip_blanks();
            let start = self.cursor.position();
            let step = match self.cursor.peek() {
                Some(next) => self.step(next)?,
                None => return Err(parts.unfinished().unwrap_or_else(|| self.missing_value())),
            };
            let span = self.cursor.span_from(start);
            let error = |kind| ReadError { kind, span };
            let whole = match step {
                Step::Value(value) => parts.atom(value, span)?,
                Step::Opened(_) if parts.depth() >= Self::MAX_DEPTH => {
                    return Err(error(ReadErrorKind::TooDeep));
                }
                Step::Opened(kind) => {
                    parts.open(kind, span);
                    None
                }
                Step::Closed(bracket) => parts.close(bracket, span)?,
                Step::Dot => {
                    parts.dot(span).map_err(error)?;
                    None
                }
            };
            if let Some(whole) = whole {
                return Ok(whole);
            }
        }
    }

    /// Reads one bracket, prefix, dot or atom, of which `next` is the first character.
    fn step(&mut self, next: char) -> Result<Step, ReadError> {
        let cursor = &mut self.cursor;
        let opened = |cursor: &mut Cursor<'_>, kind| {
            cursor.next();
            Ok(Step::Opened(kind))
        };
        Ok(match next {
            '(' => return opened(cursor, OpenKind::List(Dot::None)),
            '[' => return opened(cursor, OpenKind::Vector),
            '\'' => return opened(cursor, OpenKind::Prefix("'")),
            '`' => return opened(cursor, OpenKind::Prefix("`")),
            ',' if cursor.eat(",@") => Step::Opened(OpenKind::Prefix(",@")),
            ',' => return opened(cursor, OpenKind::Prefix(",")),
            '#' if cursor.eat("#'") => Step::Opened(OpenKind::Prefix("#'")),
            ')' | ']' => {
                cursor.next();
                Step::Closed(next)
            }
            '"' => Step::Value(read_string(cursor)?.into()),
            '?' => Step::Value(Value::Integer(read_character(cursor)?)),
            '#' => Step::Value(read_hash(cursor)?),
            _ => read_token(cursor)?.map_or(Step::Dot, Step::Value),
        })
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<(Value, Span), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let elements = self.next_elements(Detail::Whole)?;
        let spanned = elements.map(Elements::into_spanned);
        Some(spanned.map(|spanned| (spanned.value, spanned.span)))
    }
}

impl FusedIterator for Reader<'_> {}

/// Reads a symbol or number; `None` for a lone dot.
fn read_token(cursor: &mut Cursor<'_>) -> Result<Option<Value>, ReadError> {
    let token = cursor.take_token();
    if cursor.peek_byte() != Some(b'\\') {
        return Ok(match token {
            "." => None,
            name => Some(parse_number(name).unwrap_or_else(|| Value::symbol(name))),
        });
    }
    let mut name = String::from(token);
    while cursor.peek_byte() == Some(b'\\') {
        let backslash = cursor.position();
        cursor.next();
        let kind = ReadErrorKind::Escape("a character after the backslash");
        let escaped = cursor.next();
        name.push(escaped.ok_or_else(|| cursor.error_from(backslash, kind))?);
        name.push_str(cursor.take_token());
    }
    Ok(Some(Value::symbol(&name)))
}

/// Reads what starts with a number sign, other than `#'` and a `#!` line.
fn read_hash(cursor: &mut Cursor<'_>) -> Result<Value, ReadError> {
    let start = cursor.position();
    let text = cursor.rest();
    cursor.next();
    let digits = cursor.take_while(|digit| digit.is_ascii_digit());
    let radix = match cursor.peek() {
        Some('x' | 'X') if digits.is_empty() => Some(16),
        Some('o' | 'O') if digits.is_empty() => Some(8),
        Some('b' | 'B') if digits.is_empty() => Some(2),
        Some('r' | 'R') if !digits.is_empty() => Some(digits.parse().unwrap_or(u32::MAX)),
        _ => None,
    };
    if let Some(radix) = radix {
        cursor.next();
        let token = cursor.take_while(|next| !is_delimiter(next));
        return BigInteger::parse(token, radix).ok_or_else(|| {
            let kind = ReadErrorKind::Integer {
                radix,
                digits: token.to_owned(),
            };
            cursor.error_from(start, kind)
        });
    }
    if digits.is_empty() && cursor.eat("#") {
        return Ok(Value::from(Symbol::new("")));
    }
    let meaning = match cursor.next() {
        Some('<') => "a printed object such as a buffer or process",
        Some('=' | '#') if !digits.is_empty() => "a shared or circular structure",
        Some('s') => "a record or hash table",
        Some(':') => "an uninterned symbol",
        Some('_') => "a symbol without shorthand",
        Some('(') => "a string with text properties",
        Some('[') => "a compiled function",
        Some('&' | '^') => "a bool vector or char table",
        Some('@' | '$') => "a part of a compiled file",
        _ => "nothing known",
    };
    let span = cursor.span_from(start);
    let syntax = text[..span.range().len()].to_owned();
    Err(ReadError {
        kind: ReadErrorKind::Unsupported { syntax, meaning },
        span,
    })
}
