//! Lisp data: values, text, reader, printer, property lists.
//!
//! Keyword lists for network processes are Lisp data, and so are the addresses, property lists
//! and error data that come back. This crate holds that data and nothing that acts on it: no
//! evaluator, no symbol table, no sockets.
//!
//! ```
//! use netproc_lisp::{Value, plist, read};
//!
//! let arguments = read(r#"(:name "web" :host local :service 80)"#)?;
//! assert_eq!(plist::get(&arguments, &Value::keyword(":service")), Value::from(80));
//! assert_eq!(arguments.to_string(), r#"(:name "web" :host local :service 80)"#);
//! # Ok::<(), netproc_lisp::ReadError>(())
//! ```
//!
//! [`Value`] is any Lisp value, [`Text`] a string as Emacs has it, [`read`] and [`Reader`] turn
//! text into values, `Display` turns values into text, and [`plist`] is about property lists.
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
pub use crate::reader::{
    Elements, ReadError, ReadErrorKind, Reader, Spanned, read, read_elements, read_spanned,
};
pub use crate::span::{Position, Span};
pub use crate::symbol::Symbol;
pub use crate::text::{Char, Chars, MalformedText, Text};
pub use crate::value::Value;

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct ReadmeExamples;
