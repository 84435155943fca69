//! Forms: brackets, dots, quotes and atoms, read with a stack of their own.

use std::iter::FusedIterator;
use std::mem;

use super::cursor::{Cursor, is_delimiter};
use super::escape::{read_character, read_string};
use super::{ReadError, ReadErrorKind, Spanned, parse_number};
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

/// Something opened and not closed yet.
struct Open {
    kind: OpenKind,
    /// Its bracket or prefix.
    span: Span,
    children: Vec<Spanned>,
}

enum OpenKind {
    List(Dot),
    Vector,
    /// A prefix of one value.
    Prefix(&'static str),
}

/// What a list has had of its dot.
enum Dot {
    None,
    /// The dot is there, at that place; its value is not.
    Waiting(Span),
    Done,
}

/// What a step of reading came to.
enum Step {
    Value(Spanned),
    Opened(Open),
    Closed(char, Span),
    Dot(Span),
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
        self.cursor.skip_blanks();
        if self.failed || self.cursor.peek().is_none() {
            return None;
        }
        let result = self.read_value();
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

    fn read_value(&mut self) -> Result<Spanned, ReadError> {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            self.cursor.skip_blanks();
            if self.cursor.peek().is_none() {
                return Err(match stack.last() {
                    Some(open) => open.unfinished(),
                    None => self.missing_value(),
                });
            }
            let finished = match self.step()? {
                Step::Value(value) => Some(value),
                Step::Opened(open) => {
                    if stack.len() >= Self::MAX_DEPTH {
                        return Err(ReadError {
                            kind: ReadErrorKind::TooDeep,
                            span: open.span,
                        });
                    }
                    stack.push(open);
                    None
                }
                Step::Closed(bracket, span) => Some(close(stack.pop(), bracket, span)?),
                Step::Dot(span) => {
                    stack
                        .last_mut()
                        .map_or(Err(ReadErrorKind::DotOutsideList), Open::dot)
                        .map_err(|kind| ReadError { kind, span })?;
                    if let Some(Open {
                        kind: OpenKind::List(dot),
                        ..
                    }) = stack.last_mut()
                    {
                        *dot = Dot::Waiting(span);
                    }
                    None
                }
            };
            if let Some(value) = finished
                && let Some(whole) = place(value, &mut stack)?
            {
                return Ok(whole);
            }
        }
    }

    /// Reads one bracket, prefix, dot or atom; there is at least one character.
    fn step(&mut self) -> Result<Step, ReadError> {
        let cursor = &mut self.cursor;
        let start = cursor.position();
        let prefix = match (cursor.peek(), cursor.peek_second()) {
            (Some('\''), _) => Some(("'", "quote")),
            (Some('`'), _) => Some(("`", "`")),
            (Some(','), Some('@')) => Some((",@", ",@")),
            (Some(','), _) => Some((",", ",")),
            (Some('#'), Some('\'')) => Some(("#'", "function")),
            _ => None,
        };
        if let Some((prefix, symbol)) = prefix {
            cursor.eat(prefix);
            let span = cursor.span_from(start);
            let name = Spanned {
                value: Value::symbol(symbol),
                span,
                children: Vec::new(),
            };
            return Ok(Step::Opened(Open {
                kind: OpenKind::Prefix(prefix),
                span,
                children: vec![name],
            }));
        }
        let value = match cursor.peek() {
            Some(bracket @ ('(' | '[')) => {
                cursor.next();
                let kind = if bracket == '(' {
                    OpenKind::List(Dot::None)
                } else {
                    OpenKind::Vector
                };
                let span = cursor.span_from(start);
                return Ok(Step::Opened(Open {
                    kind,
                    span,
                    children: Vec::new(),
                }));
            }
            Some(bracket @ (')' | ']')) => {
                cursor.next();
                return Ok(Step::Closed(bracket, cursor.span_from(start)));
            }
            Some('"') => Value::from(read_string(cursor)?),
            Some('?') => Value::Integer(read_character(cursor)?),
            Some('#') => read_hash(cursor)?,
            _ => match read_token(cursor)? {
                Some(value) => value,
                None => return Ok(Step::Dot(cursor.span_from(start))),
            },
        };
        Ok(Step::Value(Spanned {
            value,
            span: cursor.span_from(start),
            children: Vec::new(),
        }))
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<(Value, Span), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let spanned = self.next_spanned()?;
        Some(spanned.map(|spanned| (spanned.value, spanned.span)))
    }
}

impl FusedIterator for Reader<'_> {}

impl Open {
    /// Returns the error of this being open at the end of the text.
    fn unfinished(&self) -> ReadError {
        let kind = match &self.kind {
            OpenKind::List(_) => ReadErrorKind::Unclosed('('),
            OpenKind::Vector => ReadErrorKind::Unclosed('['),
            OpenKind::Prefix(prefix) => ReadErrorKind::NothingAfter(prefix),
        };
        ReadError {
            kind,
            span: self.span,
        }
    }

    /// Checks that a dot may stand here.
    fn dot(&mut self) -> Result<(), ReadErrorKind> {
        match &self.kind {
            OpenKind::List(Dot::None) if self.children.is_empty() => {
                Err(ReadErrorKind::NothingBeforeDot)
            }
            OpenKind::List(Dot::None) => Ok(()),
            OpenKind::List(Dot::Waiting(_)) => Err(ReadErrorKind::NothingAfterDot),
            OpenKind::List(Dot::Done) => Err(ReadErrorKind::SeveralAfterDot),
            OpenKind::Vector => Err(ReadErrorKind::DotOutsideList),
            OpenKind::Prefix(prefix) => Err(ReadErrorKind::NothingAfter(prefix)),
        }
    }

    /// Makes the value that ends at `end`.
    fn finish(mut self, end: Position) -> Spanned {
        let children = mem::take(&mut self.children);
        let values = children.iter().map(|child| child.value.clone());
        let value = match self.kind {
            OpenKind::Vector => Value::vector(values),
            OpenKind::List(Dot::Done) => {
                let tail = children.last().map(|child| child.value.clone());
                Value::list_with_tail(values.take(children.len().saturating_sub(1)), tail)
            }
            OpenKind::List(_) | OpenKind::Prefix(..) => Value::list(values),
        };
        Spanned {
            value,
            span: Span {
                start: self.span.start,
                end,
            },
            children,
        }
    }
}

/// Makes the value of what a closing bracket closes.
fn close(open: Option<Open>, bracket: char, span: Span) -> Result<Spanned, ReadError> {
    let kind = match open {
        None => ReadErrorKind::UnmatchedClose(bracket),
        Some(open) => match (&open.kind, bracket) {
            (OpenKind::List(Dot::Waiting(dot)), ')') => {
                return Err(ReadError {
                    kind: ReadErrorKind::NothingAfterDot,
                    span: *dot,
                });
            }
            (OpenKind::List(_), ')') | (OpenKind::Vector, ']') => {
                return Ok(open.finish(span.end));
            }
            (OpenKind::Prefix(..), _) => return Err(open.unfinished()),
            (OpenKind::List(_), close) => ReadErrorKind::MismatchedClose { open: '(', close },
            (OpenKind::Vector, close) => ReadErrorKind::MismatchedClose { open: '[', close },
        },
    };
    Err(ReadError { kind, span })
}

/// Puts a finished value where it belongs; returns it when it belongs to nothing.
fn place(mut value: Spanned, stack: &mut Vec<Open>) -> Result<Option<Spanned>, ReadError> {
    while let Some(open) = stack.last_mut() {
        if let OpenKind::List(dot) = &mut open.kind {
            match dot {
                Dot::None => {}
                Dot::Waiting(_) => *dot = Dot::Done,
                Dot::Done => {
                    return Err(ReadError {
                        kind: ReadErrorKind::SeveralAfterDot,
                        span: value.span,
                    });
                }
            }
        }
        let end = value.span.end;
        open.children.push(value);
        if !matches!(open.kind, OpenKind::Prefix(..)) {
            return Ok(None);
        }
        match stack.pop() {
            Some(open) => value = open.finish(end),
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

/// Reads a symbol or number; `None` for a lone dot.
fn read_token(cursor: &mut Cursor<'_>) -> Result<Option<Value>, ReadError> {
    let mut token = String::new();
    let mut quoted = false;
    loop {
        token.push_str(cursor.take_while(|next| !is_delimiter(next) && next != '\\'));
        if cursor.peek() != Some('\\') {
            break;
        }
        let backslash = cursor.position();
        cursor.next();
        quoted = true;
        let kind = ReadErrorKind::Escape("a character after the backslash");
        token.push(
            cursor
                .next()
                .ok_or_else(|| cursor.error_from(backslash, kind))?,
        );
    }
    Ok(match token.as_str() {
        "." if !quoted => None,
        name if quoted => Some(Value::symbol(name)),
        name => Some(parse_number(name).unwrap_or_else(|| Value::symbol(name))),
    })
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
