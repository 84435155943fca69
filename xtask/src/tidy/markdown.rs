//! Markdown, read just far enough to find links, code spans, fences and headings.

/// One line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) text: &'a str,
    /// The language of the fence that the line stands in; `None` is prose.
    pub(crate) fence: Option<&'a str>,
}

/// One document.
pub(crate) struct Document<'a> {
    lines: Vec<Line<'a>>,
    /// Line of a fence that is never closed.
    pub(crate) unclosed: Option<usize>,
}

impl<'a> Document<'a> {
    /// Reads a document.
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut lines = Vec::new();
        let mut open: Option<(usize, usize, &str)> = None;
        let mut unclosed = None;
        for (index, text) in text.lines().enumerate() {
            let number = index + 1;
            let trimmed = text.trim_start();
            let ticks = trimmed.chars().take_while(|c| *c == '`').count();
            let language = trimmed[ticks..].trim();
            match open {
                None if ticks >= 3 => open = Some((number, ticks, language)),
                Some((_, opened, _)) if ticks >= opened && language.is_empty() => open = None,
                Some((line, opened, _)) if ticks >= opened => {
                    // A fence that opens in an open one: the first was not closed.
                    unclosed = unclosed.or(Some(line));
                    open = Some((number, ticks, language));
                }
                Some((_, _, language)) => lines.push(Line {
                    number,
                    text,
                    fence: Some(language),
                }),
                None => lines.push(Line {
                    number,
                    text,
                    fence: None,
                }),
            }
        }
        Self {
            lines,
            unclosed: unclosed.or(open.map(|(number, _, _)| number)),
        }
    }

    /// Iterates over all lines but the fences themselves.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter()
    }

    fn prose(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|line| line.fence.is_none())
    }

    /// Returns the code spans of the prose, with their lines.
    pub(crate) fn code_spans(&self) -> Vec<(usize, &'a str)> {
        let mut spans = Vec::new();
        for line in self.prose() {
            spans.extend(
                line.text
                    .split('`')
                    .skip(1)
                    .step_by(2)
                    .map(|span| (line.number, span)),
            );
        }
        spans
    }

    /// Returns the targets of links in the prose, with their lines.
    pub(crate) fn links(&self) -> Vec<(usize, String)> {
        let mut links = Vec::new();
        for line in self.prose() {
            let text: String = line
                .text
                .split('`')
                .step_by(2)
                .collect::<Vec<_>>()
                .join("_");
            let targets = text
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split_once(')'));
            links.extend(targets.map(|(target, _)| (line.number, target.to_owned())));
            if text.starts_with('[')
                && let Some((_, target)) = text.split_once("]: ")
            {
                links.push((line.number, target.trim().to_owned()));
            }
        }
        links
    }

    /// Returns the anchors of the headings, as a forge makes them.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let headings = self.prose().filter_map(|line| {
            let text = line.text.trim_start_matches('#');
            (text.len() < line.text.len()).then_some(text.trim())
        });
        headings.map(anchor).collect()
    }

    /// Returns the rows of all tables, as trimmed cells, with their lines.
    pub(crate) fn rows(&self) -> Vec<(usize, Vec<&'a str>)> {
        let rows = self.prose().filter_map(|line| {
            let inside = line.text.trim().strip_prefix('|')?.strip_suffix('|')?;
            Some((line.number, inside.split('|').map(str::trim).collect()))
        });
        rows.collect()
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_code() {
        let text = "See [a](b.md) and [c](d.md#e), not `[f](g)`.\n```\n[h](i)\n```\n[j]: k.md\n";
        let document = Document::parse(text);
        let targets: Vec<_> = document
            .links()
            .into_iter()
            .map(|(_, target)| target)
            .collect();
        assert_eq!(targets, ["b.md", "d.md#e", "k.md"]);
    }

    #[test]
    fn an_open_fence_is_told() {
        assert_eq!(Document::parse("a\n```rust\nb\n").unclosed, Some(2));
        assert_eq!(
            Document::parse("```\na\n```rust\nb\n```\n").unclosed,
            Some(1)
        );
        assert_eq!(Document::parse("````\n```\n````\n").unclosed, None);
    }

    #[test]
    fn anchors_are_made_of_headings() {
        let document = Document::parse("# Who runs the callbacks?\n## `Text`, again\n");
        assert_eq!(document.anchors(), ["who-runs-the-callbacks", "text-again"]);
    }

    #[test]
    fn rows_are_cut_into_cells() {
        let document = Document::parse("| a | b |\n|---|---|\n| `c` | |\n");
        assert_eq!(document.rows()[2], (3, vec!["`c`", ""]));
    }
}
