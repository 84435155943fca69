//! Rust source split into code and comments, so that checks do not mistake one for the other.

/// One comment, of any kind, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comment {
    /// Counted from 1.
    pub(crate) line: usize,
    /// With its slashes.
    pub(crate) text: String,
}

/// One word or mark of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// Counted from 1.
    pub(crate) line: usize,
    /// A word, `::`, or a single mark.
    pub(crate) text: &'a str,
    /// Whether it stands in a `#[cfg(test)]` item.
    pub(crate) test: bool,
}

/// The two halves of a source file.
pub(crate) struct Source {
    /// The text with comments and the insides of literals blanked, line for line.
    code: String,
    comments: Vec<Comment>,
}

impl Source {
    /// Splits `text`; source that does not lex is read as far as it goes.
    pub(crate) fn parse(text: &str) -> Self {
        let mut splitter = Splitter {
            rest: text,
            code: String::new(),
            comments: Vec::new(),
        };
        while splitter.step() {}
        let comments = split_lines(splitter.comments);
        Self {
            code: splitter.code,
            comments,
        }
    }

    /// Returns the comments in order, block comments line by line.
    pub(crate) fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Returns the words and marks of the code, those of test items marked.
    pub(crate) fn tokens(&self) -> Vec<Token<'_>> {
        let mut tokens = Vec::new();
        for (index, line) in self.code.lines().enumerate() {
            let mut rest = line;
            while let Some(first) = rest.chars().next() {
                let length = if is_word(first) {
                    rest.find(|c| !is_word(c)).unwrap_or(rest.len())
                } else if rest.starts_with("::") {
                    2
                } else {
                    first.len_utf8()
                };
                let (text, after) = rest.split_at(length);
                if !first.is_whitespace() {
                    tokens.push(Token {
                        line: index + 1,
                        text,
                        test: false,
                    });
                }
                rest = after;
            }
        }
        mark_tests(&mut tokens);
        tokens
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn split_lines(blocks: Vec<Comment>) -> Vec<Comment> {
    let mut lines = Vec::new();
    for block in blocks {
        for (index, text) in block.text.lines().enumerate() {
            lines.push(Comment {
                line: block.line + index,
                text: text.trim().to_owned(),
            });
        }
    }
    lines
}

/// Marks the tokens from `#[cfg(test)]` to the end of the item that it stands on.
fn mark_tests(tokens: &mut [Token<'_>]) {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut start = 0;
    while start + ATTRIBUTE.len() <= tokens.len() {
        let matches = ATTRIBUTE
            .iter()
            .zip(&tokens[start..])
            .all(|(want, token)| token.text == *want);
        if !matches {
            start += 1;
            continue;
        }
        let mut depth = 0_usize;
        let mut end = start + ATTRIBUTE.len();
        while end < tokens.len() {
            match tokens[end].text {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            end += 1;
            if depth == 0 && matches!(tokens[end - 1].text, "}" | ";") {
                break;
            }
        }
        for token in &mut tokens[start..end] {
            token.test = true;
        }
        start = end;
    }
}

struct Splitter<'a> {
    rest: &'a str,
    code: String,
    comments: Vec<Comment>,
}

impl Splitter<'_> {
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        let after_word = self.code.ends_with(is_word);
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.comment(end);
        } else if self.rest.starts_with("/*") {
            self.comment(block_comment(self.rest));
        } else if first == '"' {
            self.blank(quoted(self.rest, '"'));
        } else if !after_word && let Some(length) = prefixed_literal(self.rest) {
            self.blank(length);
        } else if first == '\'' {
            match character(self.rest) {
                Some(length) => self.blank(length),
                None => self.keep(1),
            }
        } else {
            self.keep(first.len_utf8());
        }
        true
    }

    fn keep(&mut self, length: usize) {
        let (kept, rest) = self.rest.split_at(length);
        self.code.push_str(kept);
        self.rest = rest;
    }

    fn blank(&mut self, length: usize) {
        let (blanked, rest) = self.rest.split_at(length);
        self.code.push(' ');
        self.code.extend(blanked.chars().filter(|c| *c == '\n'));
        self.rest = rest;
    }

    fn comment(&mut self, length: usize) {
        let line = self.code.matches('\n').count() + 1;
        self.comments.push(Comment {
            line,
            text: self.rest[..length].to_owned(),
        });
        self.blank(length);
    }
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Returns the length of a literal that starts with a quote and may hold escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of a literal such as `r#"…"#`, `b"…"`, `c"…"` or `b'x'`.
fn prefixed_literal(text: &str) -> Option<usize> {
    let letters = text.find(|c| !matches!(c, 'r' | 'b' | 'c'))?;
    let (prefix, rest) = text.split_at(letters);
    match prefix {
        "b" if rest.starts_with('\'') => Some(letters + quoted(rest, '\'')),
        "b" | "c" if rest.starts_with('"') => Some(letters + quoted(rest, '"')),
        "r" | "br" | "cr" => {
            let hashes = rest.find(|c| c != '#')?;
            let body = rest[hashes..].strip_prefix('"')?;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = body.find(&close).map_or(body.len(), |at| at + close.len());
            Some(letters + hashes + 1 + end)
        }
        _ => None,
    }
}

/// Returns the length of a character literal, or nothing when it is a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut inside = text.chars().skip(1);
    let first = inside.next()?;
    if first == '\\' || inside.next() == Some('\'') {
        Some(quoted(text, '\''))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let source = Source::parse(text);
        source
            .tokens()
            .iter()
            .map(|token| token.text)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        assert_eq!(
            words("a(\"b // c\", 'd', '\\'', r#\"e\"f\"#, b\"g\") // h"),
            "a ( , , , , )"
        );
        assert_eq!(words("a /* b /* c */ d */ e"), "a e");
    }

    #[test]
    fn lifetimes_are_code() {
        assert_eq!(
            words("fn f<'a>(x: &'a str)"),
            "fn f < ' a > ( x : & ' a str )"
        );
    }

    #[test]
    fn lines_stay_where_they_were() {
        let source = Source::parse("let a = \"\n\n\";\nb // c\n/* d\ne */ f");
        let tokens = source.tokens();
        let line = |text: &str| tokens.iter().find(|t| t.text == text).map(|t| t.line);
        assert_eq!((line("b"), line("f")), (Some(4), Some(6)));
        let lines: Vec<_> = source
            .comments()
            .iter()
            .map(|comment| comment.line)
            .collect();
        assert_eq!(lines, [4, 5, 6]);
    }

    #[test]
    fn test_items_are_marked_to_their_end() {
        let source =
            Source::parse("a; #[cfg(test)] mod t { fn b() { c } } d; #[cfg(test)] use e; f");
        let tokens = source.tokens();
        let marked: Vec<_> = tokens
            .iter()
            .filter(|token| !token.test && token.text.chars().all(char::is_alphabetic))
            .map(|token| token.text)
            .collect();
        assert_eq!(marked, ["a", "d", "f"]);
    }
}
