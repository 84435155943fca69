//! What can be wrong with a pattern, and where.

use std::fmt;

use netproc_lisp::Value;

/// A pattern that cannot be looked for: which, where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    pattern: String,
    offset: usize,
    fault: PatternFault,
}

/// Why a pattern cannot be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternFault {
    /// It means something in Emacs that has no counterpart here.
    Unsupported {
        /// The construct as it is written.
        construct: String,
        /// What to write instead, as an order.
        instead: &'static str,
    },
    /// A bracket, group or count is opened and not closed, or closed and not opened.
    Unmatched {
        /// The bracket that has no partner.
        bracket: &'static str,
    },
    /// A set names a class of characters that there is not.
    UnknownClass {
        /// The name between the colons.
        name: String,
    },
    /// The numbers of `\{…\}` are none, or the lower is above the higher.
    Count {
        /// What stands between the braces.
        written: String,
    },
    /// There is nothing before `\{…\}` that could be repeated.
    NothingToRepeat,
    /// The last character is a lone backslash.
    TrailingBackslash,
    /// The `regex` crate does not take it.
    Refused {
        /// Its explanation.
        reason: String,
    },
}

impl PatternError {
    pub(super) fn new(pattern: &str, offset: usize, fault: PatternFault) -> Self {
        PatternError {
            pattern: pattern.to_owned(),
            offset,
            fault,
        }
    }

    /// Returns the pattern as it was written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Returns the place in the pattern, in characters from 0.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns what is wrong there.
    pub fn fault(&self) -> &PatternFault {
        &self.fault
    }

    /// Returns the condition that Emacs signals: `(invalid-regexp TEXT)`.
    ///
    /// For what Emacs takes and we do not, the text is ours.
    pub fn condition(&self) -> Value {
        let text = match &self.fault {
            PatternFault::Unmatched { bracket } => match *bracket {
                "[" => "Unmatched [ or [^".to_owned(),
                "\\{" => "Unmatched \\{".to_owned(),
                "\\(" => "Unmatched ( or \\(".to_owned(),
                _ => "Unmatched ) or \\)".to_owned(),
            },
            PatternFault::UnknownClass { .. } => "Invalid character class name".to_owned(),
            PatternFault::Count { .. } => "Invalid content of \\{\\}".to_owned(),
            PatternFault::NothingToRepeat => "Invalid preceding regular expression".to_owned(),
            PatternFault::TrailingBackslash => "Trailing backslash".to_owned(),
            PatternFault::Unsupported { .. } | PatternFault::Refused { .. } => self.to_string(),
        };
        Value::list([Value::symbol("invalid-regexp"), Value::from(text)])
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.offset + 1;
        write!(formatter, "the regexp {:?} ", self.pattern)?;
        match &self.fault {
            PatternFault::Unsupported { construct, instead } => write!(
                formatter,
                "has `{construct}` at character {place}, which is not supported; {instead}"
            ),
            PatternFault::Unmatched { bracket } => {
                write!(
                    formatter,
                    "has `{bracket}` at character {place} without its partner"
                )
            }
            PatternFault::UnknownClass { name } => write!(
                formatter,
                "has [:{name}:] at character {place}; expected one of {}",
                super::set::CLASS_NAMES.join(" ")
            ),
            PatternFault::Count { written } => write!(
                formatter,
                "has the count {written:?} at character {place}; expected one or two numbers up \
                 to 65535, the lower first"
            ),
            PatternFault::NothingToRepeat => {
                write!(formatter, "has nothing to repeat before character {place}")
            }
            PatternFault::TrailingBackslash => {
                formatter.write_str("ends with a backslash; expected a character after it")
            }
            PatternFault::Refused { reason } => write!(formatter, "is refused: {reason}"),
        }
    }
}

impl std::error::Error for PatternError {}
