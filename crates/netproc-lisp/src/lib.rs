//! Lisp data: values, text, reader, printer, property lists.
//!
//! Keyword lists for network processes are Lisp data, and so are the addresses, property lists
//! and error data that come back. This crate holds that data and nothing that acts on it: no
//! evaluator, no symbol table, no sockets.
//!
#![forbid(unsafe_code)]

mod cons;
mod integer;
mod opaque;
pub mod plist;
mod printer;
mod reader;
mod span;
mod symbol;
mod text;
mod value;

pub use crate::cons::{Cons, ImproperList, ListIter};
pub use crate::integer::BigInteger;
pub use crate::opaque::Opaque;
pub use crate::reader::{ReadError, ReadErrorKind, Reader, Spanned, read, read_spanned};
pub use crate::span::{Position, Span};
pub use crate::symbol::Symbol;
pub use crate::text::{Char, Chars, MalformedText, Text};
pub use crate::value::Value;
