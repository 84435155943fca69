//! What is wrong with the arguments, in words for the one who typed them.

use std::fmt;

use netproc::keywords::{Diagnostic, Severity};

/// One mistake or warning about what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// Whether nothing can be done before it is mended.
    pub(crate) is_error: bool,
    /// What is wrong: the keyword, the value, what was expected.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) hint: Option<String>,
}

impl Complaint {
    /// Makes a complaint about a mistake.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Complaint {
            is_error: true,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds how to mend it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<&Diagnostic> for Complaint {
    fn from(diagnostic: &Diagnostic) -> Self {
        Complaint {
            is_error: diagnostic.severity == Severity::Error,
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
        }
    }
}

/// Writes `error: MESSAGE` and, on a line of its own, the hint.
impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.is_error { "error" } else { "warning" };
        write!(formatter, "{severity}: {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(formatter, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
