//! What can be wrong with a keyword list, told to people and told to Lisp.

use std::{borrow::Cow, fmt};

use netproc_lisp::{ReadError, ReadErrorKind, Span, Value};

/// A keyword list that means nothing, by the kind of fault.
///
/// Its text names the keyword, the value, what was expected and, where known, the place;
/// [`Error::condition`] is what Emacs would signal.
///
/// ```
/// use netproc_keywords::Spec;
///
/// let error = "(:name \"a\" :host 5 :service 80)".parse::<Spec>().unwrap_err();
/// assert_eq!(error.keyword(), Some(":host"));
/// assert_eq!(error.condition().to_string(), "(wrong-type-argument stringp 5)");
/// assert!(error.to_string().starts_with(":host 5: expected nil, local or a string"));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The text is not Lisp data.
    Syntax(Box<ReadError>),
    /// The data is not a list of keywords, each with a value.
    List(Box<Fault>),
    /// A keyword that must be given is not there.
    Missing(Box<Fault>),
    /// A value is of a kind that its keyword does not take.
    Type(Box<Fault>),
    /// A value is of the right kind, but out of bounds, or names nothing.
    Value(Box<Fault>),
    /// Two keywords contradict each other.
    Conflict(Box<Fault>),
}

/// What an [`Error`] says about the one argument that is at fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(crate) keyword: Option<Cow<'static, str>>,
    pub(crate) value: Value,
    pub(crate) expected: Cow<'static, str>,
    pub(crate) hint: Option<String>,
    pub(crate) span: Option<Span>,
    pub(crate) condition: Value,
}

impl Error {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Syntax(_) => None,
            Self::List(fault)
            | Self::Missing(fault)
            | Self::Type(fault)
            | Self::Value(fault)
            | Self::Conflict(fault) => Some(fault),
        }
    }

    /// Returns the keyword at fault, with its colon; none if the list as a whole is.
    pub fn keyword(&self) -> Option<&str> {
        self.fault()?.keyword.as_deref()
    }

    /// Returns the value that was given, nil where none was; none if the text is not Lisp data.
    pub fn value(&self) -> Option<&Value> {
        Some(&self.fault()?.value)
    }

    /// Returns what would have been right, as a noun phrase.
    pub fn expected(&self) -> &str {
        self.fault().map_or("Lisp data", |fault| &fault.expected)
    }

    /// Returns advice on how to mend it, as a sentence, where there is any.
    pub fn hint(&self) -> Option<&str> {
        self.fault()?.hint.as_deref()
    }

    /// Returns the place in the text from which the list was read; none if it was not read from
    /// text.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Syntax(error) => Some(error.span()),
            _ => self.fault()?.span,
        }
    }

    /// Returns what is wrong, without the hint and the place.
    pub fn message(&self) -> impl fmt::Display {
        Message(self)
    }

    /// Returns what Emacs signals in this case, as `(SYMBOL . DATA)`.
    ///
    /// Where Emacs signals nothing because it takes the value for another, the condition is the
    /// one that it has for the nearest fault.
    #[doc(alias = "signal")]
    pub fn condition(&self) -> Value {
        let error = match self {
            Self::Syntax(error) => error,
            Self::List(fault)
            | Self::Missing(fault)
            | Self::Type(fault)
            | Self::Value(fault)
            | Self::Conflict(fault) => return fault.condition.clone(),
        };
        match error.kind() {
            ReadErrorKind::MissingValue
            | ReadErrorKind::Unclosed(_)
            | ReadErrorKind::UnclosedString
            | ReadErrorKind::NothingAfter(_) => Value::list([Value::symbol("end-of-file")]),
            kind => Value::list([
                Value::symbol("invalid-read-syntax"),
                kind.to_string().into(),
            ]),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(formatter)?;
        if let Some(hint) = self.hint() {
            write!(formatter, "; {hint}")?;
        }
        if let Some(span) = self.span() {
            write!(formatter, " ({span})")?;
        }
        Ok(())
    }
}

/// Writes an error without its hint and its place.
struct Message<'a>(&'a Error);

impl fmt::Display for Message<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Error::Syntax(error) = self.0 {
            return error.kind().fmt(formatter);
        }
        let Some(fault) = self.0.fault() else {
            return Ok(());
        };
        formatter.write_str(fault.keyword.as_deref().unwrap_or("keyword list"))?;
        match self.0 {
            Error::Missing(_) => write!(formatter, " is missing: expected {}", fault.expected),
            Error::List(_) if fault.keyword.is_some() => {
                write!(formatter, " has no value: expected {}", fault.expected)
            }
            Error::Conflict(_) => write!(formatter, ": {}", fault.expected),
            _ => write!(
                formatter,
                " {}: expected {}",
                Excerpt(&fault.value),
                fault.expected
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Its text is shown as ours; what lies behind it comes next.
            Self::Syntax(error) => error.source(),
            _ => None,
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::Syntax(Box::new(error))
    }
}

/// Prints a value, cut short where it is long.
pub(crate) struct Excerpt<'a>(pub(crate) &'a Value);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printed = self.0.to_string();
        match printed.char_indices().nth(EXCERPT_CHARACTERS) {
            Some((end, _)) => write!(formatter, "{}…", &printed[..end]),
            None => formatter.write_str(&printed),
        }
    }
}

/// Returns `(error TEXT)`.
pub(crate) fn error_condition(text: impl Into<Value>) -> Value {
    Value::list([Value::symbol("error"), text.into()])
}

/// Returns `(wrong-type-argument PREDICATE VALUE)`.
pub(crate) fn wrong_type(predicate: &str, value: &Value) -> Value {
    Value::list([
        Value::symbol("wrong-type-argument"),
        Value::symbol(predicate),
        value.clone(),
    ])
}

const EXCERPT_CHARACTERS: usize = 60;
