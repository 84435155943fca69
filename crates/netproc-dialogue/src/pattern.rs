//! What ends an answer, as a typed value: an Emacs regexp or one of the `regex` crate.

mod error;
mod set;
mod translate;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use netproc_lisp::{Opaque, Text, Value};
use regex::Regex;

pub use error::{PatternError, PatternFault};

/// A pattern that is looked for in what a server says.
///
/// Emacs keeps such patterns as regexps in strings, and [`Pattern::emacs`] reads those; so do
/// keyword lists. Searching takes time in proportion to the text, whatever the pattern. As in
/// Emacs, where `case-fold-search` is on unless somebody turns it off, capital and small letters
/// count as the same, and `^` and `$` are the ends of lines.
///
/// # Examples
///
/// ```
/// use netproc_dialogue::{Pattern, Text};
///
/// // The end of an answer of NNTP, as Gnus writes it.
/// let end = Pattern::emacs("^\\([2345]\\|[.]\\).*\n")?;
/// let (answer, rest) = end.split(&Text::from("200 welcome\r\nmore")).expect("an end");
/// assert_eq!(answer, "200 welcome\r\n");
/// assert_eq!(rest, "more");
///
/// let error = Pattern::emacs("\\(a\\)\\1").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the regexp \"\\\\(a\\\\)\\\\1\" has `\\1` at character 6, which is not supported; \
///      write out what is to be repeated",
/// );
/// # Ok::<(), netproc_dialogue::PatternError>(())
/// ```
#[derive(Clone)]
pub struct Pattern(Arc<Inner>);

struct Inner {
    source: String,
    syntax: Syntax,
    regex: Regex,
}

/// In which language a pattern is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Emacs,
    Rust,
}

impl Pattern {
    /// Reads an Emacs regexp (Emacs Lisp manual, Syntax of Regular Expressions).
    ///
    /// Groups, alternatives, repetitions also with counts, sets with classes, the ends of lines
    /// and of the text, and word boundaries mean what they mean in Emacs. Words are runs of
    /// letters, marks and numbers; for the boundaries of words `_` is a part of them, where in
    /// Emacs a syntax table decides. Operators in a row, as in `a+??`, and those after a place, as
    /// in `\'*`, are each applied to what stands just before.
    ///
    /// # Errors
    ///
    /// [`PatternError`], with the place, if it is no regexp, or has what needs a buffer or a
    /// memory: `\1`, `\=`, `\_<`, `\cC`, and `\sC` for other than blanks and words.
    pub fn emacs(source: &str) -> Result<Self, PatternError> {
        let translated = translate::translate(source)?;
        Self::compile(source, Syntax::Emacs, &translated)
    }

    /// Reads a regular expression of the `regex` crate as it stands, letters' case included.
    ///
    /// # Errors
    ///
    /// [`PatternError`] with that crate's explanation.
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_dialogue::{Pattern, Text};
    ///
    /// let end = Pattern::regex(r"(?m)^a\d+ (OK|NO|BAD)\b.*\r\n")?;
    /// assert!(end.is_match(&Text::from("* X\r\na1 OK done\r\n")));
    /// assert!(!end.is_match(&Text::from("a1 ok done\r\n")));
    /// # Ok::<(), netproc_dialogue::PatternError>(())
    /// ```
    pub fn regex(source: &str) -> Result<Self, PatternError> {
        Self::compile(source, Syntax::Rust, source)
    }

    fn compile(source: &str, syntax: Syntax, regex: &str) -> Result<Self, PatternError> {
        let regex = Regex::new(regex).map_err(|error| {
            PatternError::new(
                source,
                0,
                PatternFault::Refused {
                    reason: error.to_string(),
                },
            )
        })?;
        Ok(Self(Arc::new(Inner {
            source: source.to_owned(),
            syntax,
            regex,
        })))
    }

    /// Returns the pattern as it was written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Tells whether the pattern is anywhere in the text.
    ///
    /// A byte of the text that belongs to no character counts as U+FFFD.
    #[doc(alias = "string-match-p")]
    pub fn is_match(&self, text: &Text) -> bool {
        self.0.regex.is_match(&text.to_string_lossy())
    }

    /// Cuts the text after the first place that matches; `None` if there is none.
    #[doc(alias = "re-search-forward")]
    pub fn split(&self, text: &Text) -> Option<(Text, Text)> {
        let searched = text.to_string_lossy();
        let end = self.0.regex.find(&searched)?.end();
        let (before, after) = searched.split_at(end);
        if text.as_str().is_some() {
            return Some((Text::from(before), Text::from(after)));
        }
        // Each character outside of Unicode was replaced by one character.
        let count = before.chars().count();
        if let Some(bytes) = text.as_unibyte() {
            let (before, after) = bytes.split_at_checked(count)?;
            return Some((Text::unibyte(before), Text::unibyte(after)));
        }
        let mut characters = text.chars();
        let before = characters.by_ref().take(count).collect();
        Some((before, characters.collect()))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.syntax == other.0.syntax && self.0.source == other.0.source
    }
}

impl Eq for Pattern {}

/// Writes the pattern as it was written, in quotes.
impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.0.source)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0.syntax {
            Syntax::Emacs => "emacs",
            Syntax::Rust => "regex",
        };
        write!(formatter, "Pattern::{name}({:?})", self.0.source)
    }
}

/// Reads an Emacs regexp.
impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(source: &str) -> Result<Self, PatternError> {
        Pattern::emacs(source)
    }
}

/// The pattern in a keyword list: an Emacs regexp is a string there.
impl From<Pattern> for Value {
    fn from(pattern: Pattern) -> Self {
        match pattern.0.syntax {
            Syntax::Emacs => Value::string(pattern.source()),
            Syntax::Rust => Value::Opaque(Opaque::new(format!("{pattern:?}"), pattern)),
        }
    }
}

#[cfg(test)]
mod tests;
