//! The kinds of value that keywords take, named so that people and completion can use them.

use std::fmt;

use netproc_lisp::Value;

/// One kind of value that a keyword takes.
///
/// ```
/// use netproc_keywords::Shape;
///
/// let port = Shape::Integer { minimum: 0, maximum: 65535 };
/// assert_eq!(port.to_string(), "integer from 0 to 65535");
/// assert!(port.accepts(&80.into()));
/// assert!(!port.accepts(&70000.into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// `nil`.
    Nil,
    /// `t`.
    True,
    /// This symbol.
    Symbol(&'static str),
    /// Any value: `nil` is off, everything else on.
    Anything,
    /// A string.
    String,
    /// An integer within bounds, both included.
    Integer {
        /// The least value.
        minimum: i64,
        /// The greatest value.
        maximum: i64,
    },
    /// The name of a function, or a function object.
    Function,
    /// A buffer object.
    Buffer,
    /// The name of a coding system.
    CodingSystem,
    /// Two coding systems, `(decoding . encoding)`.
    CodingPair,
    /// An address: a vector, a string, or `(family . bytes)`.
    Address,
    /// A list.
    List,
}

impl Shape {
    /// Tells whether `value` has this shape, judged by its outside alone.
    ///
    /// A string is a [`Shape::String`] and any symbol may be the name of a coding system: whether
    /// a service or a coding system of that name exists is not asked.
    pub fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Nil => value.is_nil(),
            Self::True => value
                .as_symbol()
                .is_some_and(|symbol| symbol.as_str() == "t"),
            Self::Symbol(name) => value
                .as_symbol()
                .is_some_and(|symbol| symbol.as_str() == name),
            Self::Anything => true,
            Self::String => matches!(value, Value::String(_)),
            Self::Integer { minimum, maximum } => value
                .as_integer()
                .is_some_and(|integer| (minimum..=maximum).contains(&integer)),
            Self::Function => {
                matches!(value, Value::Symbol(_) | Value::Opaque(_) | Value::Cons(_))
            }
            Self::Buffer => matches!(value, Value::Opaque(_)),
            Self::CodingSystem => matches!(value, Value::Symbol(_)),
            Self::CodingPair => matches!(value, Value::Cons(_)),
            Self::Address => {
                matches!(value, Value::Vector(_) | Value::String(_) | Value::Cons(_))
            }
            Self::List => matches!(value, Value::Nil | Value::Cons(_)),
        }
    }

    /// Returns the article that goes before the noun, with a space, or nothing.
    pub(crate) fn article(self) -> &'static str {
        match self {
            Self::Integer { .. } | Self::Address => "an ",
            Self::String | Self::Function | Self::Buffer | Self::CodingSystem | Self::List => "a ",
            Self::Nil | Self::True | Self::Symbol(_) | Self::Anything | Self::CodingPair => "",
        }
    }

    /// Returns the values of this shape that can be offered to somebody who is typing, in
    /// Lisp syntax and sorted as they should be shown; none where there are too many to name.
    pub fn candidates(self) -> Vec<String> {
        match self {
            Self::Nil => vec!["nil".to_owned()],
            Self::True => vec!["t".to_owned()],
            Self::Symbol(name) => vec![name.to_owned()],
            Self::Anything => vec!["t".to_owned(), "nil".to_owned()],
            Self::CodingSystem => netproc_coding::names().map(str::to_owned).collect(),
            Self::String
            | Self::Integer { .. }
            | Self::Function
            | Self::Buffer
            | Self::CodingPair
            | Self::Address
            | Self::List => Vec::new(),
        }
    }
}

impl fmt::Display for Shape {
    /// Writes a short noun phrase, such as `string` or `integer from 0 to 65535`; symbols stand
    /// as they are typed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nil => formatter.write_str("nil"),
            Self::True => formatter.write_str("t"),
            Self::Symbol(name) => formatter.write_str(name),
            Self::Anything => formatter.write_str("anything (nil is off)"),
            Self::String => formatter.write_str("string"),
            Self::Integer { minimum, maximum } => {
                if minimum == i64::from(i32::MIN) && maximum == i64::from(i32::MAX) {
                    formatter.write_str("integer")
                } else if maximum == i64::from(i32::MAX) {
                    write!(formatter, "integer from {minimum}")
                } else {
                    write!(formatter, "integer from {minimum} to {maximum}")
                }
            }
            Self::Function => formatter.write_str("function"),
            Self::Buffer => formatter.write_str("buffer"),
            Self::CodingSystem => formatter.write_str("coding system"),
            Self::CodingPair => formatter.write_str("(decoding . encoding)"),
            Self::Address => formatter.write_str("address"),
            Self::List => formatter.write_str("list"),
        }
    }
}
