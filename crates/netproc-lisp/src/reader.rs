//! Reading values from text, with the place of every element.

use crate::{Span, Value};

mod cursor;
mod error;
mod escape;
mod form;
mod number;
mod parts;

pub use self::error::{ReadError, ReadErrorKind};
pub use self::form::Reader;
pub(crate) use self::number::parse_number;
use self::parts::Detail;

/// A value together with where it was read, and the same for everything inside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a value and its place are all there is"
)]
pub struct Spanned {
    /// The value.
    pub value: Value,
    /// Where it stands in the text.
    pub span: Span,
    /// The elements of a list or vector, in order; empty for anything else.
    ///
    /// The tail of a dotted list counts as its last element. Of `'x` the elements are the symbol
    /// `quote`, which stands at the apostrophe, and `x`.
    pub children: Vec<Spanned>,
}

/// What [`read_elements`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a value is a list or it is none")]
pub enum Elements {
    /// A list that ends in nil, written without a dot.
    List {
        /// The elements, without places inside them.
        elements: Vec<Spanned>,
        /// Where the list stands.
        span: Span,
    },
    /// Any other value, with the places of its elements if it has some.
    Other(Spanned),
}

impl Elements {
    /// Puts a list together.
    pub fn into_spanned(self) -> Spanned {
        match self {
            Self::List { elements, span } => Spanned {
                value: Value::list(elements.iter().map(|element| element.value.clone())),
                span,
                children: elements,
            },
            Self::Other(spanned) => spanned,
        }
    }
}

/// Reads the one value that the text holds.
///
/// What Emacs prints for data is read: numbers, characters, strings, symbols, lists, vectors,
/// quotes, and comments between them. Forms beyond these, such as `#<buffer x>`, `#s(…)` and
/// `#1=`, are refused.
///
/// ```
/// use netproc_lisp::{Value, read};
///
/// assert_eq!(read("(?a #x10 . \"\\x41\")")?, Value::list_with_tail([97, 16], "A"));
/// let error = read("(:name \"web").unwrap_err();
/// assert_eq!(error.to_string(), "line 1, column 8: this string has no closing quote");
/// # Ok::<(), netproc_lisp::ReadError>(())
/// ```
///
/// # Errors
///
/// [`ReadError`] with the place and kind of the first mistake; text after the value is one, and so
/// is no value at all.
#[doc(alias = "read-from-string")]
pub fn read(text: &str) -> Result<Value, ReadError> {
    read_whole(text, Detail::Whole).map(|elements| elements.into_spanned().value)
}

/// Reads the one value that the text holds, and where each of its elements stands.
///
/// ```
/// let list = netproc_lisp::read_spanned("(:name\n  \"web\")")?;
/// let name = &list.children[1];
/// assert_eq!((name.span.start.line, name.span.start.column), (2, 3));
/// assert_eq!(name.span.range(), 9..14);
/// # Ok::<(), netproc_lisp::ReadError>(())
/// ```
///
/// # Errors
///
/// As [`read`].
pub fn read_spanned(text: &str) -> Result<Spanned, ReadError> {
    read_whole(text, Detail::All).map(Elements::into_spanned)
}

/// Reads the one value that the text holds, and leaves a list in its elements.
///
/// Where each of these stands is kept, but not what is inside them. That is less work than
/// [`read_spanned`] for those who go through the elements of one list.
///
/// ```
/// use netproc_lisp::{Elements, read_elements};
///
/// let Elements::List { elements, .. } = read_elements("(:name (quote web))")? else {
///     unreachable!("this is a list");
/// };
/// assert_eq!(elements[1].value.to_string(), "'web");
/// assert_eq!(elements[1].span.range(), 7..18);
/// # Ok::<(), netproc_lisp::ReadError>(())
/// ```
///
/// # Errors
///
/// As [`read`].
pub fn read_elements(text: &str) -> Result<Elements, ReadError> {
    read_whole(text, Detail::Elements)
}

fn read_whole(text: &str, detail: Detail) -> Result<Elements, ReadError> {
    let mut reader = Reader::new(text);
    match reader.next_elements(detail) {
        Some(Ok(elements)) => reader.expect_end().map(|()| elements),
        Some(Err(error)) => Err(error),
        None => Err(reader.missing_value()),
    }
}
