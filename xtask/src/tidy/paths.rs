//! The paths that code names, with `use` groups written out.

use super::source::Token;

/// One path such as `std::net::TcpStream`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedPath {
    /// Counted from 1.
    pub(crate) line: usize,
    /// Segments joined by `::`; a glob import ends in `*`.
    pub(crate) path: String,
    /// Whether it stands in a `#[cfg(test)]` item.
    pub(crate) test: bool,
}

impl NamedPath {
    /// Returns the first segment.
    pub(crate) fn first(&self) -> &str {
        self.path.split("::").next().unwrap_or_default()
    }

    /// Says whether the path is `prefix` or leads through it.
    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        let rest = self.path.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

/// Returns every path of the code, in order.
pub(crate) fn named_paths(tokens: &[Token<'_>]) -> Vec<NamedPath> {
    let mut reader = PathReader {
        tokens,
        at: 0,
        found: Vec::new(),
    };
    while let Some(token) = reader.peek() {
        if token.text == "use" {
            reader.at += 1;
            reader.tree("");
        } else if is_name(token.text) {
            reader.inline();
        } else {
            reader.at += 1;
        }
    }
    reader.found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

struct PathReader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    found: Vec<NamedPath>,
}

impl<'a> PathReader<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn next_is(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.text == text)
    }

    fn eat(&mut self, text: &str) -> bool {
        let there = self.next_is(text);
        self.at += usize::from(there);
        there
    }

    fn push(&mut self, token: Token<'_>, path: String) {
        self.found.push(NamedPath {
            line: token.line,
            path,
            test: token.test,
        });
    }

    fn inline(&mut self) {
        let Some(first) = self.peek() else { return };
        let mut path = first.text.to_owned();
        self.at += 1;
        while self.next_is("::") {
            let Some(next) = self
                .tokens
                .get(self.at + 1)
                .filter(|next| is_name(next.text))
            else {
                break;
            };
            path = format!("{path}::{}", next.text);
            self.at += 2;
        }
        self.push(first, path);
    }

    /// Reads one branch of a `use` tree that hangs on `prefix`.
    fn tree(&mut self, prefix: &str) {
        let mut path = prefix.to_owned();
        self.eat("::");
        while let Some(token) = self.peek() {
            if token.text == "{" {
                self.at += 1;
                while self.peek().is_some() && !self.eat("}") {
                    let before = self.at;
                    self.tree(&path);
                    self.eat(",");
                    // Source that is no `use` tree must not hold us here for ever.
                    self.at = self.at.max(before + 1);
                }
                return;
            }
            if !is_name(token.text) && token.text != "*" {
                return;
            }
            self.at += 1;
            let joint = if path.is_empty() { "" } else { "::" };
            path = format!("{path}{joint}{}", token.text);
            if self.eat("::") {
                continue;
            }
            if self.eat("as") {
                self.at += 1;
            }
            self.push(token, path);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let source = Source::parse(text);
        named_paths(&source.tokens())
            .into_iter()
            .map(|named| named.path)
            .collect()
    }

    #[test]
    fn groups_are_written_out() {
        assert_eq!(
            paths("pub use std::{net::{IpAddr, TcpStream as T}, thread, fs::*};"),
            [
                "pub",
                "std::net::IpAddr",
                "std::net::TcpStream",
                "std::thread",
                "std::fs::*"
            ]
        );
    }

    #[test]
    fn inline_paths_are_read_to_their_end() {
        assert_eq!(paths("std::thread::spawn(f)"), ["std::thread::spawn", "f"]);
        assert_eq!(paths("Vec::<u8>::new"), ["Vec", "u8", "new"]);
    }

    #[test]
    fn a_prefix_ends_at_a_segment() {
        let named = NamedPath {
            line: 1,
            path: "std::fs::File".to_owned(),
            test: false,
        };
        assert!(named.starts_with("std::fs"));
        assert!(!named.starts_with("std::f"));
    }
}
