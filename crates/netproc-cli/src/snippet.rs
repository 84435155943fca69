//! Mistakes shown at their place: the line of source, what is wrong with it, how to mend it.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use netproc::keywords::{Diagnostic, Severity};
use netproc::lisp::{ReadError, Span};

/// A text in which mistakes are shown, and what it is called.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The name of the file, or of where else the text is from.
    pub(crate) name: &'a str,
    /// The whole text.
    pub(crate) text: &'a str,
    /// Whether to mark places by colours too.
    pub(crate) coloured: bool,
}

impl Source<'_> {
    /// Shows one diagnostic; `fallback` is the place of one that has none of its own.
    pub(crate) fn show(&self, diagnostic: &Diagnostic, fallback: Span) -> String {
        let span = diagnostic.span.unwrap_or(fallback);
        self.render(
            diagnostic.severity,
            &diagnostic.message,
            span,
            diagnostic.hint.as_deref(),
        )
    }

    /// Shows why text is no Lisp data.
    pub(crate) fn show_syntax(&self, error: &ReadError) -> String {
        let message = error.kind().to_string();
        self.render(Severity::Error, &message, error.span(), None)
    }

    /// Shows a message of our own.
    pub(crate) fn render(
        &self,
        severity: Severity,
        message: &str,
        span: Span,
        hint: Option<&str>,
    ) -> String {
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let (message, hint) = (printable(message), hint.map(printable));
        // Only the lines that are shown: a message must not cost more the longer the file is.
        let (lines, first_byte) = self.lines_around(span);
        let range = span.start.offset - first_byte..end_of(span, self.text) - first_byte;
        let snippet = Snippet::source(lines)
            .path(self.name)
            .line_start(span.start.line)
            .annotation(AnnotationKind::Primary.span(range));
        let mut report = vec![level.primary_title(message.as_str()).element(snippet)];
        if let Some(hint) = &hint {
            report.push(Group::with_title(
                Level::HELP.secondary_title(hint.as_str()),
            ));
        }
        let renderer = if self.coloured {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&report)
    }

    /// Returns the whole lines that a place touches, and where they begin.
    fn lines_around(&self, span: Span) -> (&str, usize) {
        let first = self.text[..span.start.offset]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let end = end_of(span, self.text);
        let last = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |length| end + length);
        (&self.text[first..last], first)
    }
}

/// Returns where to end a mark: with the first line, for a place of several lines.
fn end_of(span: Span, text: &str) -> usize {
    let range = span.range();
    text[range.clone()]
        .find('\n')
        .map_or(range.end, |length| range.start + length)
}

/// Makes a message fit for a terminal, whatever text was quoted in it.
pub(crate) fn printable(message: &str) -> String {
    let replace = |character: char| match character {
        '\n' => ' ',
        control if control.is_control() => char::REPLACEMENT_CHARACTER,
        other => other,
    };
    message.chars().map(replace).collect()
}
