//! Reading values from text, with the place of every element.

use crate::{Span, Value};

mod cursor;
mod error;
mod escape;
mod form;
mod number;

pub use self::error::{ReadError, ReadErrorKind};
pub use self::form::Reader;
pub(crate) use self::number::parse_number;

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
    read_spanned(text).map(|spanned| spanned.value)
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
    let mut reader = Reader::new(text);
    match reader.next_spanned() {
        Some(Ok(spanned)) => reader.expect_end().map(|()| spanned),
        Some(Err(error)) => Err(error),
        None => Err(reader.missing_value()),
    }
}
