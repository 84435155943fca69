//! Mistakes and warnings as a checker shows them, all at once.

use std::{borrow::Cow, fmt};

use netproc_lisp::{Span, Value};

use crate::Error;

/// How grave a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a list either means something or it does not"
)]
pub enum Severity {
    /// The list means something, but perhaps not what was intended.
    Warning,
    /// The list cannot be used.
    Error,
}

/// One mistake or one warning about a keyword list.
///
/// ```
/// use netproc_keywords::{RawSpec, Severity};
///
/// let list = RawSpec::read("(:name \"web\" :hots \"localhost\" :service 70000)").unwrap();
/// let found = list.check();
/// assert_eq!(found[0].severity, Severity::Warning);
/// assert_eq!(found[0].hint.as_deref(), Some("did you mean :host?"));
/// assert_eq!(found[1].severity, Severity::Error);
/// assert_eq!(found[1].span.map(|span| span.start.column), Some(41));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// The keyword it is about, with its colon; none where it is about the list as a whole.
    pub keyword: Option<Cow<'static, str>>,
    /// What is wrong, on one line, without the place.
    pub message: String,
    /// How to mend it, where that is known.
    pub hint: Option<String>,
    /// The place in the text; none where the list was not read from text.
    pub span: Option<Span>,
    /// What Emacs signals; none for warnings.
    pub condition: Option<Value>,
}

impl Diagnostic {
    /// Makes a warning about `keyword`.
    pub(crate) fn warning(
        keyword: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        span: Option<Span>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            keyword: Some(keyword.into()),
            message: message.into(),
            hint: None,
            span,
            condition: None,
        }
    }

    /// Adds advice.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Tells whether the list cannot be used because of this.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        let condition = Some(error.condition());
        let span = error.span();
        let hint = error.hint().map(str::to_owned);
        let keyword = error
            .keyword()
            .map(|keyword| Cow::Owned(keyword.to_owned()));
        let message = error.message().to_string();
        Self {
            severity: Severity::Error,
            keyword,
            message,
            hint,
            span,
            condition,
        }
    }
}

impl fmt::Display for Diagnostic {
    /// Writes `error: MESSAGE; HINT (line L, column C)`, without what is not there.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(formatter, "{severity}: {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(formatter, "; {hint}")?;
        }
        if let Some(span) = self.span {
            write!(formatter, " ({span})")?;
        }
        Ok(())
    }
}
