//! What is read of a value: what is open, and the elements of that, on a stack each.

use std::mem;

use super::{Elements, ReadError, ReadErrorKind, Spanned};
use crate::{Position, Span, Value};

/// Something opened and not closed yet.
struct Open {
    kind: OpenKind,
    /// Its bracket or prefix.
    span: Span,
    /// How many elements were there before its own.
    before: usize,
}

pub(super) enum OpenKind {
    List(Dot),
    Vector,
    /// A prefix of one value.
    Prefix(&'static str),
}

/// What a list has had of its dot.
pub(super) enum Dot {
    None,
    /// The dot is there, at that place; its value is not.
    Waiting(Span),
    Done,
}

/// Which places are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// That of the whole.
    Whole,
    /// Those of the elements of the whole, which may stay in pieces.
    Elements,
    /// All.
    All,
}

/// What is read so far.
pub(super) struct Parts {
    detail: Detail,
    open: Vec<Open>,
    /// The elements of all that is open, the outermost first.
    elements: Vec<Spanned>,
}

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
}

impl Parts {
    pub(super) fn new(detail: Detail) -> Self {
        Self {
            detail,
            open: Vec::new(),
            elements: Vec::new(),
        }
    }

    /// Returns how much is open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Returns the error of the text ending here, if something is open.
    pub(super) fn unfinished(&self) -> Option<ReadError> {
        self.open.last().map(Open::unfinished)
    }

    pub(super) fn open(&mut self, kind: OpenKind, span: Span) {
        if self.open.is_empty() {
            self.elements.reserve(USUAL);
        }
        let before = self.elements.len();
        if let OpenKind::Prefix(prefix) = kind {
            let name = match prefix {
                "'" => "quote",
                "#'" => "function",
                other => other,
            };
            self.elements.push(Spanned {
                value: Value::symbol(name),
                span,
                children: Vec::new(),
            });
        }
        self.open.push(Open { kind, span, before });
    }

    /// Notes a dot, if one may stand here.
    pub(super) fn dot(&mut self, span: Span) -> Result<(), ReadErrorKind> {
        let Some(open) = self.open.last_mut() else {
            return Err(ReadErrorKind::DotOutsideList);
        };
        match &mut open.kind {
            OpenKind::List(Dot::None) if self.elements.len() == open.before => {
                Err(ReadErrorKind::NothingBeforeDot)
            }
            OpenKind::List(dot @ Dot::None) => {
                *dot = Dot::Waiting(span);
                Ok(())
            }
            OpenKind::List(Dot::Waiting(_)) => Err(ReadErrorKind::NothingAfterDot),
            OpenKind::List(Dot::Done) => Err(ReadErrorKind::SeveralAfterDot),
            OpenKind::Vector => Err(ReadErrorKind::DotOutsideList),
            OpenKind::Prefix(prefix) => Err(ReadErrorKind::NothingAfter(prefix)),
        }
    }

    /// Makes the value of what a closing bracket closes, and puts it where it belongs; returns it
    /// when it belongs to nothing.
    pub(super) fn close(
        &mut self,
        bracket: char,
        span: Span,
    ) -> Result<Option<Elements>, ReadError> {
        let kind = match self.open.pop() {
            None => ReadErrorKind::UnmatchedClose(bracket),
            Some(open) => match (&open.kind, bracket) {
                (OpenKind::List(Dot::Waiting(dot)), ')') => {
                    return Err(ReadError {
                        kind: ReadErrorKind::NothingAfterDot,
                        span: *dot,
                    });
                }
                (OpenKind::List(_), ')') | (OpenKind::Vector, ']') => {
                    let finished = self.finish(&open, span.end);
                    return self.place(finished);
                }
                (OpenKind::Prefix(..), _) => return Err(open.unfinished()),
                (OpenKind::List(_), close) => ReadErrorKind::MismatchedClose { open: '(', close },
                (OpenKind::Vector, close) => ReadErrorKind::MismatchedClose { open: '[', close },
            },
        };
        Err(ReadError { kind, span })
    }

    /// Puts an atom where it belongs; returns it when it belongs to nothing.
    #[inline]
    pub(super) fn atom(&mut self, value: Value, span: Span) -> Result<Option<Elements>, ReadError> {
        let atom = Spanned {
            value,
            span,
            children: Vec::new(),
        };
        match self.open.last() {
            // By far the most, and nothing comes of them.
            Some(Open {
                kind: OpenKind::List(Dot::None) | OpenKind::Vector,
                ..
            }) => {
                self.elements.push(atom);
                Ok(None)
            }
            _ => self.place(Elements::Other(atom)),
        }
    }

    /// Puts what is finished where it belongs; returns it when it belongs to nothing.
    fn place(&mut self, mut finished: Elements) -> Result<Option<Elements>, ReadError> {
        loop {
            let (open, value) = match (self.open.last_mut(), finished) {
                (Some(open), Elements::Other(value)) => (open, value),
                (_, whole) => return Ok(Some(whole)),
            };
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
            self.elements.push(value);
            let is_prefix = |open: &mut Open| matches!(open.kind, OpenKind::Prefix(_));
            match self.open.pop_if(is_prefix) {
                Some(open) => finished = self.finish(&open, end),
                None => return Ok(None),
            }
        }
    }

    /// Makes what ends at `end`.
    fn finish(&mut self, open: &Open, end: Position) -> Elements {
        let span = Span {
            start: open.span.start,
            end,
        };
        let in_pieces = self.detail == Detail::Elements && self.open.is_empty();
        if in_pieces && matches!(open.kind, OpenKind::List(Dot::None) | OpenKind::Prefix(_)) {
            let elements = mem::take(&mut self.elements);
            return Elements::List { elements, span };
        }
        let (value, children) = if in_pieces || self.detail == Detail::All {
            let children = self.elements.split_off(open.before);
            let values = children.iter().map(|child| child.value.clone());
            (open.kind.value_of(values), children)
        } else {
            let values = self.elements.drain(open.before..);
            let values = values.map(|element| element.value);
            (open.kind.value_of(values), Vec::new())
        };
        Elements::Other(Spanned {
            value,
            span,
            children,
        })
    }
}

impl OpenKind {
    /// Makes the value of all elements.
    fn value_of(&self, mut elements: impl DoubleEndedIterator<Item = Value>) -> Value {
        let tail = match self {
            OpenKind::Vector => return Value::vector(elements),
            OpenKind::List(Dot::Done) => elements.next_back(),
            OpenKind::List(_) | OpenKind::Prefix(_) => None,
        };
        elements.rfold(tail.unwrap_or_default(), |rest, element| {
            Value::cons(element, rest)
        })
    }
}

/// How many elements there is room for at first: those of a longer keyword list.
const USUAL: usize = 32;
