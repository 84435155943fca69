//! Symbols, which here are nothing but their names.

use std::borrow::Borrow;
use std::fmt;

use smol_str::SmolStr;

/// A Lisp symbol, identified by its name alone.
///
/// Two symbols of one name are the same symbol; there is no symbol table. A name of up to 23 bytes is
/// held in place; longer ones are shared by clones. The symbol `nil` turns into [`Value::Nil`](crate::Value::Nil) when it becomes
/// a value, so that nil has one form only.
///
/// ```
/// use netproc_lisp::{Symbol, Value};
///
/// assert!(Symbol::new(":host").is_keyword());
/// assert_eq!(Value::from(Symbol::new("nil")), Value::Nil);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(SmolStr);

impl Symbol {
    /// Returns the symbol of that name.
    pub fn new(name: impl AsRef<str>) -> Self {
        Self(SmolStr::new(name))
    }

    /// Returns the name, without the backslashes that printing may add.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the name starts with a colon.
    #[doc(alias = "keywordp")]
    pub fn is_keyword(&self) -> bool {
        self.0.starts_with(':')
    }
}

impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Symbol {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Symbol({:?})", self.as_str())
    }
}
