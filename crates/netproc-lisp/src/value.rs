//! The one type for every Lisp value.

use std::sync::Arc;

use crate::{BigInteger, Char, Cons, ImproperList, ListIter, Opaque, Symbol, Text};

mod equality;

/// A Lisp value.
///
/// Values are immutable, cheap to clone, and may go from thread to thread. Equality is that of
/// Emacs's `equal`: by structure, floats by their bits (so NaN equals itself and 0.0 is not
/// -0.0), text by its characters, [`Opaque`] by identity. `Display` prints as `prin1` does.
///
/// ```
/// use netproc_lisp::Value;
///
/// let value = Value::list([Value::keyword(":coding"), Value::cons("utf-8", Value::Nil)]);
/// assert_eq!(value.to_string(), r#"(:coding ("utf-8"))"#);
/// ```
#[derive(Clone, Default)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the kinds of Lisp data are a closed set"
)]
pub enum Value {
    /// Nil: false, and the empty list.
    #[default]
    Nil,
    /// Any symbol but nil, keywords and `t` included.
    Symbol(Symbol),
    /// An integer of 64 bits.
    Integer(i64),
    /// An integer that does not fit 64 bits.
    BigInteger(BigInteger),
    /// A floating-point number.
    Float(f64),
    /// A string.
    String(Arc<Text>),
    /// A pair, and so every list but the empty one.
    Cons(Arc<Cons>),
    /// A vector. Thousands of vectors one directly inside the other drop by recursion.
    Vector(Arc<[Value]>),
    /// A value of the host, such as a closure.
    Opaque(Opaque),
}

impl Value {
    /// Returns the symbol `t`.
    pub fn t() -> Self {
        Self::Symbol(Symbol::new("t"))
    }

    /// Returns the symbol of that name; `nil` gives [`Value::Nil`].
    #[doc(alias = "intern")]
    pub fn symbol(name: &str) -> Self {
        if name == "nil" {
            Self::Nil
        } else {
            Self::Symbol(Symbol::new(name))
        }
    }

    /// Returns the keyword of that name, adding the leading colon if it is missing.
    pub fn keyword(name: &str) -> Self {
        if name.starts_with(':') {
            Self::Symbol(Symbol::new(name))
        } else {
            Self::Symbol(Symbol::new(format!(":{name}")))
        }
    }

    /// Returns a string of characters.
    pub fn string(text: &str) -> Self {
        Self::String(Arc::new(Text::from(text)))
    }

    /// Returns a string of bytes (in Emacs's words a unibyte string).
    pub fn bytes(bytes: &[u8]) -> Self {
        Self::String(Arc::new(Text::unibyte(bytes)))
    }

    /// Returns a pair.
    pub fn cons(car: impl Into<Self>, cdr: impl Into<Self>) -> Self {
        Self::Cons(Arc::new(Cons {
            car: car.into(),
            cdr: cdr.into(),
        }))
    }

    /// Returns a proper list of the elements; of none, nil.
    pub fn list<I>(elements: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        Self::list_with_tail(elements, Self::Nil)
    }

    /// Returns a list of the elements that ends in `tail` instead of nil.
    #[doc(alias = "list*")]
    pub fn list_with_tail<I>(elements: I, tail: impl Into<Self>) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        let elements: Vec<Self> = elements.into_iter().map(Into::into).collect();
        elements
            .into_iter()
            .rfold(tail.into(), |rest, element| Self::cons(element, rest))
    }

    /// Returns a vector of the elements.
    pub fn vector<I>(elements: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        Self::Vector(elements.into_iter().map(Into::into).collect())
    }

    /// Returns whether the value is nil.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Returns whether the value counts as true, which is everything but nil.
    pub fn is_true(&self) -> bool {
        !self.is_nil()
    }

    /// Returns whether the value is the symbol of that name; nil is the symbol `nil`.
    pub fn is_symbol(&self, name: &str) -> bool {
        match self {
            Self::Nil => name == "nil",
            Self::Symbol(symbol) => symbol.as_str() == name,
            _ => false,
        }
    }

    /// Returns whether the value is a symbol whose name starts with a colon.
    #[doc(alias = "keywordp")]
    pub fn is_keyword(&self) -> bool {
        matches!(self, Self::Symbol(symbol) if symbol.is_keyword())
    }

    /// Returns the symbol, if the value is one other than nil.
    pub fn as_symbol(&self) -> Option<&Symbol> {
        if let Self::Symbol(symbol) = self {
            Some(symbol)
        } else {
            None
        }
    }

    /// Returns the integer, if the value is one that fits 64 bits.
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(integer) = self {
            Some(*integer)
        } else {
            None
        }
    }

    /// Returns the floating-point number, if the value is one; integers are not converted.
    pub fn as_float(&self) -> Option<f64> {
        if let Self::Float(float) = self {
            Some(*float)
        } else {
            None
        }
    }

    /// Returns the text, if the value is a string that holds Unicode characters only.
    pub fn as_str(&self) -> Option<&str> {
        self.as_text()?.as_str()
    }

    /// Returns the text, if the value is a string.
    pub fn as_text(&self) -> Option<&Text> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// Returns the pair, if the value is one.
    pub fn as_cons(&self) -> Option<&Cons> {
        if let Self::Cons(cell) = self {
            Some(cell)
        } else {
            None
        }
    }

    /// Returns the elements, if the value is a vector.
    pub fn as_vector(&self) -> Option<&[Self]> {
        if let Self::Vector(elements) = self {
            Some(elements)
        } else {
            None
        }
    }

    /// Returns the host's value, if the value is one.
    pub fn as_opaque(&self) -> Option<&Opaque> {
        if let Self::Opaque(opaque) = self {
            Some(opaque)
        } else {
            None
        }
    }

    /// Returns the first half of a pair, and nil of nil.
    pub fn car(&self) -> Option<&Self> {
        match self {
            Self::Nil => Some(self),
            Self::Cons(cell) => Some(&cell.car),
            _ => None,
        }
    }

    /// Returns the second half of a pair, and nil of nil.
    pub fn cdr(&self) -> Option<&Self> {
        match self {
            Self::Nil => Some(self),
            Self::Cons(cell) => Some(&cell.cdr),
            _ => None,
        }
    }

    /// Returns an iterator over the elements of a proper list.
    ///
    /// # Errors
    ///
    /// [`ImproperList`] when the value is not a list or does not end in nil.
    pub fn list_iter(&self) -> Result<ListIter<'_>, ImproperList> {
        ListIter::new(self)
    }

    /// Returns whether the two are the same object, as Emacs's `eq` has it.
    ///
    /// Symbols are the same by name and numbers by value, as they have no identity of their own
    /// here; anything else is the same only as itself and its clones.
    #[doc(alias = "eq")]
    pub fn is_eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::String(one), Self::String(two)) => Arc::ptr_eq(one, two),
            (Self::Cons(one), Self::Cons(two)) => Arc::ptr_eq(one, two),
            // All empty vectors are one object, as in Emacs.
            (Self::Vector(one), Self::Vector(two)) => {
                Arc::ptr_eq(one, two) || (one.is_empty() && two.is_empty())
            }
            _ => !self.is_compound() && self == other,
        }
    }

    /// Returns whether the value holds other values.
    pub(crate) fn is_compound(&self) -> bool {
        matches!(self, Self::Cons(_) | Self::Vector(_))
    }
}

impl From<Symbol> for Value {
    fn from(symbol: Symbol) -> Self {
        if symbol == "nil" {
            Self::Nil
        } else {
            Self::Symbol(symbol)
        }
    }
}

impl From<&str> for Value {
    /// Makes a string, not a symbol.
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(Arc::new(Text::from(text)))
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(Arc::new(text))
    }
}

impl From<Arc<Text>> for Value {
    fn from(text: Arc<Text>) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    /// Gives `t` or nil.
    fn from(truth: bool) -> Self {
        if truth { Self::t() } else { Self::Nil }
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Self {
        Self::Float(float)
    }
}

impl From<Cons> for Value {
    fn from(cell: Cons) -> Self {
        Self::Cons(Arc::new(cell))
    }
}

impl From<Opaque> for Value {
    fn from(opaque: Opaque) -> Self {
        Self::Opaque(opaque)
    }
}

impl From<Char> for Value {
    /// Gives the character's number, as Emacs has no separate character type.
    fn from(character: Char) -> Self {
        Self::Integer(character.code().into())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    /// Gives nil for `None`.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nil, Into::into)
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Value {
            fn from(integer: $integer) -> Self {
                Self::Integer(integer.into())
            }
        }
    )*};
}

from_integers!(i8 u8 i16 u16 i32 u32 i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbol_nil_is_nil() {
        assert!(Value::symbol("nil").is_nil());
        assert!(Value::from(Symbol::new("nil")).is_nil());
        assert!(Value::from(false).is_nil());
        assert!(Value::Nil.is_symbol("nil"));
    }

    #[test]
    fn a_keyword_is_given_its_colon() {
        assert_eq!(Value::keyword("name"), Value::keyword(":name"));
        assert!(Value::keyword("name").is_keyword());
        assert!(!Value::symbol("name").is_keyword());
    }

    #[test]
    fn car_and_cdr_of_nil_are_nil() {
        assert_eq!(Value::Nil.car(), Some(&Value::Nil));
        assert_eq!(Value::from(5).cdr(), None);
    }

    #[test]
    fn values_are_small_and_cross_threads() {
        fn assert_send<T: Send + Sync + 'static>() {}
        assert_send::<Value>();
        assert!(size_of::<Value>() <= 24);
    }
}
