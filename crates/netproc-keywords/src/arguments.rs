//! The keyword list as it was given, kept so that it can be shown and brought up to date.

use std::{fmt, sync::Arc};

use netproc_lisp::{Symbol, Value};

/// One keyword and its value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Argument {
    /// The key: a symbol, nearly always one that begins with a colon.
    pub keyword: Value,
    /// What was given for it.
    pub value: Value,
}

/// The argument list of a process, as `process-contact` shows it.
///
/// Order, repeated keys and keys that mean nothing are kept. Cloning is cheap: clones share the
/// list until one of them is changed.
///
/// ```
/// use netproc_keywords::Spec;
///
/// let spec: Spec = "(:name \"s\" :server t :service t)".parse().unwrap();
/// let bound = spec.arguments.with(":service", 7007).with(":local", "here");
/// assert_eq!(bound.to_string(), r#"(:name "s" :server t :service 7007 :local "here")"#);
/// assert_eq!(spec.arguments.to_string(), "(:name \"s\" :server t :service t)");
/// ```
#[derive(Clone, Default, PartialEq)]
#[doc(alias = "process-contact")]
pub struct Arguments(Arc<Vec<Argument>>);

impl Arguments {
    /// Returns an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `keyword` in place where it occurs first, or puts it at the end.
    pub fn set(&mut self, keyword: &str, value: impl Into<Value>) {
        let arguments = Arc::make_mut(&mut self.0);
        let value = value.into();
        match arguments
            .iter_mut()
            .find(|argument| is_key(&argument.keyword, keyword))
        {
            Some(argument) => argument.value = value,
            None => arguments.push(Argument {
                keyword: Value::symbol(keyword),
                value,
            }),
        }
    }

    /// Puts a keyword at the end, even if it is there already.
    pub(crate) fn push(&mut self, keyword: Value, value: Value) {
        Arc::make_mut(&mut self.0).push(Argument { keyword, value });
    }

    /// Returns a list in which `keyword` is set in place where it occurs first, or stands at the
    /// end.
    #[must_use = "the list itself stays as it is"]
    pub fn with(&self, keyword: &str, value: impl Into<Value>) -> Self {
        let mut changed = self.clone();
        changed.set(keyword, value);
        changed
    }

    /// Returns the first value of `keyword`, which is written with its colon; none where it does
    /// not occur.
    pub fn get(&self, keyword: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|argument| is_key(&argument.keyword, keyword))
            .map(|argument| &argument.value)
    }

    /// Returns the first value of any key; none where it does not occur, and none for anything
    /// but a symbol.
    pub fn get_key(&self, key: &Value) -> Option<&Value> {
        match key {
            Value::Nil => self.get("nil"),
            Value::Symbol(symbol) => self.get(symbol.as_str()),
            _ => None,
        }
    }

    /// Tells whether `keyword` occurs, with whatever value.
    pub fn contains(&self, keyword: &str) -> bool {
        self.get(keyword).is_some()
    }

    /// Goes through the keywords and values in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Argument> {
        self.0.iter()
    }

    /// Returns the keyword and value at a position.
    pub(crate) fn nth(&self, index: usize) -> Option<&Argument> {
        self.0.get(index)
    }

    /// Returns how many keywords there are, repeated ones counted each time.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the whole as one list of keywords and values.
    pub fn to_value(&self) -> Value {
        Value::list(
            self.iter()
                .flat_map(|argument| [argument.keyword.clone(), argument.value.clone()]),
        )
    }
}

impl From<Vec<Argument>> for Arguments {
    fn from(arguments: Vec<Argument>) -> Self {
        Self(Arc::new(arguments))
    }
}

impl<'a> IntoIterator for &'a Arguments {
    type Item = &'a Argument;
    type IntoIter = std::slice::Iter<'a, Argument>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Into<Symbol>, V: Into<Value>> FromIterator<(K, V)> for Arguments {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let argument = |(key, value): (K, V)| Argument {
            keyword: Value::from(key.into()),
            value: value.into(),
        };
        Self(Arc::new(pairs.into_iter().map(argument).collect()))
    }
}

impl fmt::Display for Arguments {
    /// Prints the list in Lisp syntax.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(formatter)
    }
}

impl fmt::Debug for Arguments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Arguments({self})")
    }
}

/// Tells whether `key` is the symbol of that name.
fn is_key(key: &Value, name: &str) -> bool {
    key.is_symbol(name)
}
