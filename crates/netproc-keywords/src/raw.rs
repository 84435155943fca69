//! What was written: keywords and values in their order, with their places, and no meaning yet.

use std::{fmt, iter, mem, str::FromStr};

use netproc_lisp::{Elements, Span, Spanned, Value, read_elements};

use crate::{
    Argument, Arguments, Diagnostic, Error, Spec,
    error::{Fault, wrong_type},
    resolve::{self, Sink},
};

/// A keyword list as it was written.
///
/// It may hold anything; [`RawSpec::resolve`] finds out what it means, and [`RawSpec::check`]
/// finds everything that is wrong with it.
///
/// ```
/// use netproc_keywords::RawSpec;
///
/// let mut list = RawSpec::read(r#"(:name "web" :host local)"#)?;
/// list.push(":service", 80);
/// assert_eq!(list.to_string(), r#"(:name "web" :host local :service 80)"#);
/// assert!(list.check().is_empty());
/// # Ok::<(), netproc_keywords::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawSpec {
    pub(crate) arguments: Arguments,
    /// The place of the whole list.
    pub(crate) place: Option<Span>,
    /// Places of keyword and value, for as many arguments as were read from text.
    places: Vec<(Span, Span)>,
    /// A key that no value follows.
    pub(crate) trailing: Option<(Value, Option<Span>)>,
}

/// One keyword and its value as they were written.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// The key, which may be anything.
    pub keyword: &'a Value,
    /// The value.
    pub value: &'a Value,
    /// Where the key stands; none if it was not read from text.
    pub keyword_span: Option<Span>,
    /// Where the value stands; none if it was not read from text.
    pub span: Option<Span>,
}

impl RawSpec {
    /// Returns an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one list from text, and remembers the place of each element.
    ///
    /// A call as it stands in a Lisp program, `(make-network-process :name "web" …)`, is taken
    /// too: its head is left out, and quotes before its values are taken off.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`] if the text is not exactly one form, [`Error::List`] if that is not a
    /// list.
    pub fn read(text: &str) -> Result<Self, Error> {
        match read_elements(text)? {
            Elements::List { mut elements, span } => Ok(Self::from_elements(&mut elements, span)),
            Elements::Other(form) => Self::from_spanned(&form),
        }
    }

    /// Takes a list that was read together with its places, as [`RawSpec::read`] does.
    ///
    /// # Errors
    ///
    /// [`Error::List`] if it is not a list.
    pub fn from_spanned(form: &Spanned) -> Result<Self, Error> {
        let elements = proper_list(&form.value, Some(form.span))?;
        // What stands after a dot is one child, though it may be more than one element.
        let places = form.children.iter().map(|child| child.span);
        let last = form.children.last().map_or(form.span, |child| child.span);
        let places = places.chain(iter::repeat(last));
        let elements = elements.cloned().zip(places);
        let mut elements: Vec<_> = elements
            .map(|(value, span)| Spanned {
                value,
                span,
                children: Vec::new(),
            })
            .collect();
        Ok(Self::from_elements(&mut elements, form.span))
    }

    /// Takes the values of elements, which are left nil.
    fn from_elements(elements: &mut [Spanned], span: Span) -> Self {
        let is_call = elements
            .first()
            .is_some_and(|head| head.value.is_symbol("make-network-process"));
        let elements = &mut elements[usize::from(is_call)..];
        let mut arguments = Vec::with_capacity(elements.len() / 2);
        let mut places = Vec::with_capacity(elements.len() / 2);
        let mut pairs = elements.chunks_exact_mut(2);
        for pair in &mut pairs {
            let [keyword, value] = pair else { continue };
            places.push((keyword.span, value.span));
            if is_call {
                unquote(&mut value.value);
            }
            arguments.push(Argument {
                keyword: mem::take(&mut keyword.value),
                value: mem::take(&mut value.value),
            });
        }
        let trailing = pairs.into_remainder().first_mut();
        Self {
            arguments: arguments.into(),
            place: Some(span),
            places,
            trailing: trailing.map(|key| (mem::take(&mut key.value), Some(key.span))),
        }
    }

    /// Takes a list that is there already as data.
    ///
    /// # Errors
    ///
    /// [`Error::List`] if it is not a list. A key without a value is found later.
    pub fn from_value(list: &Value) -> Result<Self, Error> {
        let mut elements = proper_list(list, None)?;
        let mut arguments = Vec::with_capacity(elements.len() / 2);
        let mut trailing = None;
        while let Some(keyword) = elements.next().cloned() {
            match elements.next().cloned() {
                Some(value) => arguments.push(Argument { keyword, value }),
                None => trailing = Some((keyword, None)),
            }
        }
        Ok(Self {
            arguments: arguments.into(),
            trailing,
            ..Self::default()
        })
    }

    /// Puts a keyword, written with its colon, and its value at the end.
    pub fn push(&mut self, keyword: &str, value: impl Into<Value>) {
        self.arguments.push(Value::symbol(keyword), value.into());
    }

    /// Sets a keyword in place where it occurs first, or puts it at the end.
    pub fn set(&mut self, keyword: &str, value: impl Into<Value>) {
        self.arguments.set(keyword, value);
    }

    /// Goes through the keywords and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.arguments.len()).filter_map(|index| self.entry(index))
    }

    /// Returns the keyword and value at a position.
    pub(crate) fn entry(&self, index: usize) -> Option<Entry<'_>> {
        let argument = self.arguments.nth(index)?;
        let place = self.places.get(index);
        Some(Entry {
            keyword: &argument.keyword,
            value: &argument.value,
            keyword_span: place.map(|place| place.0),
            span: place.map(|place| place.1),
        })
    }

    /// Returns the first value of a keyword, which is written with its colon.
    pub fn get(&self, keyword: &str) -> Option<&Value> {
        self.arguments.get(keyword)
    }

    /// Tells whether nothing was written at all, for which Emacs makes no process and returns nil.
    pub fn is_empty(&self) -> bool {
        self.arguments.is_empty() && self.trailing.is_none()
    }

    /// Finds out what the list means.
    ///
    /// # Errors
    ///
    /// The first mistake, in the order in which Emacs looks at the keywords: the type, server
    /// against nowait, the name, the address, family, host and service, the buffer, the property
    /// list, TLS parameters, the options in the order of the list, and coding last.
    pub fn resolve(&self) -> Result<Spec, Error> {
        resolve::first_error(self)
    }

    /// Finds everything that is wrong or odd, in the order of the text.
    ///
    /// A list without errors, though perhaps with warnings, is one that [`RawSpec::resolve`]
    /// takes.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut sink = Sink::collecting();
        resolve::everything(self, &mut sink);
        let mut found = sink.into_diagnostics();
        found
            .sort_by_key(|diagnostic| diagnostic.span.map_or(usize::MAX, |span| span.start.offset));
        found
    }

    /// Returns the whole as one list.
    pub fn to_value(&self) -> Value {
        let pairs = self
            .arguments
            .iter()
            .flat_map(|argument| [argument.keyword.clone(), argument.value.clone()]);
        Value::list(pairs.chain(self.trailing.iter().map(|(key, _)| key.clone())))
    }
}

impl fmt::Display for RawSpec {
    /// Prints the list in Lisp syntax.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(formatter)
    }
}

impl FromStr for RawSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text)
    }
}

/// Returns the elements of a list.
fn proper_list(list: &Value, span: Option<Span>) -> Result<netproc_lisp::ListIter<'_>, Error> {
    list.list_iter().map_err(|_| {
        Error::List(Box::new(Fault {
            keyword: None,
            value: list.clone(),
            expected: "a list of keywords, each with a value".into(),
            hint: None,
            span,
            condition: wrong_type("listp", list),
        }))
    })
}

/// Takes `quote` or `function` off a value.
fn unquote(value: &mut Value) {
    let quoted = value
        .as_cons()
        .filter(|cell| cell.car.is_symbol("quote") || cell.car.is_symbol("function"))
        .and_then(|cell| cell.cdr.as_cons())
        .filter(|cell| cell.cdr.is_nil())
        .map(|cell| cell.car.clone());
    if let Some(quoted) = quoted {
        *value = quoted;
    }
}
