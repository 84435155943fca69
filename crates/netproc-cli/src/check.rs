//! The command `check`: every mistake in a file of keyword lists, with its place.
//!
//! A file may be a Lisp program: the calls of `make-network-process` in it are found wherever
//! they stand. What only the running program knows, the values of variables and of calls, is
//! not judged.

use std::ffi::OsStr;
use std::io::{self, Read};

use netproc::keywords::{Diagnostic, RawSpec, Severity};
use netproc::lisp::{Reader, Span, Spanned, Value};

use crate::snippet::Source;
use crate::tls::judge;

/// The keyword whose list is looked into.
const TLS: &str = ":tls-parameters";

/// The outcome of a check.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The mistakes and warnings as they are to be shown, in the order of the text.
    pub(crate) shown: Vec<String>,
    /// How many of them are mistakes.
    pub(crate) errors: usize,
    /// How many keyword lists were looked at.
    pub(crate) lists: usize,
}

/// Reads what is to be checked.
///
/// # Errors
///
/// The system's error, or that the file is no text.
pub(crate) fn read(file: &OsStr) -> io::Result<String> {
    if file == "-" {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text)?;
        Ok(text)
    } else {
        std::fs::read_to_string(file)
    }
}

/// Looks for mistakes in a text of keyword lists.
pub(crate) fn check(source: Source<'_>) -> Findings {
    let mut findings = Findings::default();
    let mut reader = Reader::new(source.text);
    while let Some(form) = reader.next_spanned() {
        match form {
            Ok(form) => findings.form(source, &form),
            Err(error) => {
                findings.errors += 1;
                findings.shown.push(source.show_syntax(&error));
            }
        }
    }
    findings
}

impl Findings {
    /// Checks one form of the file, or the calls inside of it.
    fn form(&mut self, source: Source<'_>, form: &Spanned) {
        match &form.value {
            Value::Nil => {}
            Value::Cons(cell) if cell.car.is_keyword() => self.list(source, form, false),
            Value::Cons(_) => {
                // A stack of our own, last first, so that nothing is too deep and order is kept.
                let mut waiting = vec![form];
                while let Some(form) = waiting.pop() {
                    if is_call(form) {
                        self.list(source, form, true);
                    }
                    waiting.extend(form.children.iter().rev());
                }
            }
            other => {
                self.errors += 1;
                let message = format!("{other}: expected a list of keywords, each with a value");
                let hint = Some("for example (:name \"web\" :host \"localhost\" :service 80)");
                let shown = source.render(Severity::Error, &message, form.span, hint);
                self.shown.push(shown);
            }
        }
    }

    /// Checks one keyword list, which may be a call in a program.
    fn list(&mut self, source: Source<'_>, form: &Spanned, is_call: bool) {
        self.lists += 1;
        let raw = match RawSpec::from_spanned(form) {
            Ok(raw) => raw,
            Err(error) => {
                self.errors += 1;
                self.shown.push(source.show(&error.into(), opening(form)));
                return;
            }
        };
        let mut found = tls(source, form, &raw, is_call);
        let is_judged = found.iter().any(|(_, is_error, _)| *is_error);
        for diagnostic in raw.check() {
            let is_told = is_judged && diagnostic.keyword.as_deref() == Some(TLS);
            if is_told || (is_call && is_about_expression(&diagnostic, form)) {
                continue;
            }
            let place = diagnostic.span.map_or(usize::MAX, |span| span.start.offset);
            let shown = source.show(&diagnostic, opening(form));
            found.push((place, diagnostic.is_error(), shown));
        }
        found.sort_by_key(|(place, ..)| *place);
        for (_, is_error, shown) in found {
            self.errors += usize::from(is_error);
            self.shown.push(shown);
        }
    }
}

/// Checks the TLS parameters in a keyword list, and the files that they name.
///
/// Returns the place of each finding, whether it is a mistake, and how it is to be shown.
fn tls(
    source: Source<'_>,
    form: &Spanned,
    raw: &RawSpec,
    is_call: bool,
) -> Vec<(usize, bool, String)> {
    let written = raw
        .iter()
        .find(|entry| entry.keyword.is_symbol(TLS) && entry.value.is_true());
    let Some((entry, place)) = written.and_then(|entry| {
        let mut elements = form.children.iter();
        let place = elements.find(|element| Some(element.span) == entry.span)?;
        Some((entry, place))
    }) else {
        return Vec::new();
    };
    // What is no list at all is told about with the other keywords.
    if (is_call && is_expression(&place.value)) || entry.value.list_iter().is_err() {
        return Vec::new();
    }
    let is_server = raw.get(":server").is_some_and(Value::is_true);
    let shown = |finding: judge::Finding| {
        let (complaint, span) = (&finding.complaint, finding.place(place));
        let severity = if complaint.is_error {
            Severity::Error
        } else {
            Severity::Warning
        };
        let hint = complaint.hint.as_deref();
        let shown = source.render(severity, &complaint.message, span, hint);
        (span.start.offset, complaint.is_error, shown)
    };
    let found = judge::words_and_files(entry.value, is_server);
    found.into_iter().map(shown).collect()
}

/// Tells whether a form is a call that makes a network process.
fn is_call(form: &Spanned) -> bool {
    form.value
        .car()
        .is_some_and(|head| head.is_symbol("make-network-process"))
}

/// Tells whether a diagnostic is about a value that only the running program knows.
fn is_about_expression(diagnostic: &Diagnostic, form: &Spanned) -> bool {
    let Some(span) = diagnostic.span else {
        return false;
    };
    form.children
        .iter()
        .find(|child| child.span == span)
        .is_some_and(|child| is_expression(&child.value))
}

/// Tells whether a value of a call is a variable or a call itself.
fn is_expression(value: &Value) -> bool {
    match value {
        Value::Symbol(symbol) => !symbol.is_keyword() && symbol.as_str() != "t",
        Value::Cons(cell) => !cell.car.is_symbol("quote") && !cell.car.is_symbol("function"),
        _ => false,
    }
}

/// Returns the place of the bracket that opens a list.
fn opening(form: &Spanned) -> Span {
    let mut span = form.span;
    span.end = span.start.after('(');
    span
}
