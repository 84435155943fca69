//! The shape of a source file: its length, its opening, its name, and words left behind.

use super::paths::named_paths;
use super::source::{Comment, Source};
use crate::tree::{Finding, Tree};

const LONG: usize = 500;
const TOO_LONG: usize = 800;

/// Macros that say a thing is not done, or was being looked at.
const MACROS: &[&str] = &["todo", "unimplemented", "dbg"];

/// Words in comments that say the same.
const LEFTOVERS: &[&str] = &["TODO", "FIXME", "XXX"];

/// Checks every Rust file.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let source = Source::parse(text);
        length(path, text, &mut findings);
        opening(path, text, &mut findings);
        leftovers(path, &source, &mut findings);
        fences(path, source.comments(), &mut findings);
        sleeps(path, &source, &mut findings);
        if path.ends_with("/mod.rs") {
            findings.push(Finding::fault(
                path,
                0,
                "a module is `name.rs`, beside its folder",
            ));
        }
    }
    findings
}

fn length(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if lines > TOO_LONG {
        let message = format!("has {lines} lines; {TOO_LONG} is the limit");
        findings.push(Finding::fault(path, 0, message));
    } else if lines > LONG {
        findings.push(Finding::warning(
            path,
            0,
            format!("has {lines} lines; aim under {LONG}"),
        ));
    }
}

/// The file says in its first paragraph, a sentence, why it exists.
fn opening(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let paragraph: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    match paragraph.last() {
        None => findings.push(Finding::fault(
            path,
            1,
            "opens with a `//!` line: why it exists",
        )),
        Some(last) if !last.ends_with(['.', ':']) => {
            findings.push(Finding::fault(
                path,
                1,
                "its first `//!` paragraph ends in a full stop",
            ));
        }
        Some(_) => {}
    }
}

fn leftovers(path: &str, source: &Source, findings: &mut Vec<Finding>) {
    for pair in source.tokens().windows(2) {
        if pair[1].text == "!" && MACROS.contains(&pair[0].text) {
            let message = format!("`{}!` is left behind", pair[0].text);
            findings.push(Finding::fault(path, pair[0].line, message));
        }
    }
    for comment in source.comments() {
        let mut words = comment.text.split(|c: char| !c.is_alphanumeric());
        if let Some(word) = words.find(|word| LEFTOVERS.contains(word)) {
            findings.push(Finding::fault(
                path,
                comment.line,
                format!("`{word}` is left behind"),
            ));
        }
    }
}

/// Every code fence that a documentation comment opens is closed in that comment.
fn fences(path: &str, comments: &[Comment], findings: &mut Vec<Finding>) {
    let mut open: Option<(usize, usize)> = None;
    let mut last = 0;
    for comment in comments {
        let text = comment
            .text
            .strip_prefix("///")
            .or(comment.text.strip_prefix("//!"));
        let broken = text.is_none() || comment.line != last + 1;
        if broken && let Some((line, _)) = open.take() {
            findings.push(Finding::fault(path, line, "a code fence is not closed"));
        }
        last = comment.line;
        let text = text.unwrap_or_default().trim();
        let language = text.trim_start_matches('`');
        let ticks = text.len() - language.len();
        open = match open {
            None if ticks >= 3 => Some((comment.line, ticks)),
            Some((line, opened)) if ticks >= opened && !language.is_empty() => {
                // A fence that opens in an open one: the first was not closed.
                findings.push(Finding::fault(path, line, "a code fence is not closed"));
                Some((comment.line, ticks))
            }
            Some((_, opened)) if ticks >= opened => None,
            unchanged => unchanged,
        };
    }
    if let Some((line, _)) = open {
        findings.push(Finding::fault(path, line, "a code fence is not closed"));
    }
}

/// A test waits for what it waits for, never for a time.
fn sleeps(path: &str, source: &Source, findings: &mut Vec<Finding>) {
    let all = super::is_test_file(path);
    let tokens = source.tokens();
    for named in named_paths(&tokens)
        .iter()
        .filter(|named| all || named.test)
    {
        if named.path.ends_with("thread::sleep") {
            findings.push(Finding::fault(path, named.line, "a test does not sleep"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    fn refused(text: &str, part: &str) {
        let found = messages("crates/netproc/src/a.rs", text);
        assert!(
            found.len() == 1 && found[0].contains(part),
            "{text:?}: {found:?}"
        );
    }

    #[test]
    fn a_file_opens_with_a_sentence() {
        refused("fn f() {}\n", "opens with");
        refused("//! No stop\n", "full stop");
        refused("//! No stop\n//!\n//! Stop.\n", "full stop");
        assert!(messages("a.rs", "//! One sentence\n//! on two lines.\n").is_empty());
    }

    #[test]
    fn a_long_file_warns_and_a_longer_one_fails() {
        let of = |lines: usize| format!("//! Is.\n{}", "\n".repeat(lines - 1));
        assert!(messages("a.rs", &of(500)).is_empty());
        assert_eq!(
            messages("a.rs", &of(501)),
            ["warning: a.rs: has 501 lines; aim under 500"]
        );
        assert_eq!(
            messages("a.rs", &of(801)),
            ["error: a.rs: has 801 lines; 800 is the limit"]
        );
    }

    #[test]
    fn a_module_is_not_called_mod() {
        assert_eq!(
            messages("crates/netproc/src/a/mod.rs", "//! Is.\n").len(),
            1
        );
    }

    #[test]
    fn nothing_is_left_behind() {
        refused("//! Is.\nfn f() { todo!() }\n", "todo!");
        refused("//! Is.\nfn f() { unimplemented!() }\n", "unimplemented!");
        refused("//! Is.\nfn f() { dbg!(1) }\n", "dbg!");
        for word in LEFTOVERS {
            refused(&format!("//! Is.\n// {word}: later\n"), word);
        }
    }

    #[test]
    fn a_fence_is_closed_in_its_own_comment() {
        refused(
            "//! Is.\n/// ```\n/// f();\nfn f() {}\n/// Fine.\nfn g() {}\n",
            ":2:",
        );
        refused("//! Is.\n//!\n//! ```text\n", "not closed");
        refused("//! Is.\n//!\n//! ```\n//! ```rust\n//! ```\n", ":3:");
        assert!(messages("a.rs", "//! Is.\n/// ````\n/// ```\n/// ````\nfn f() {}\n").is_empty());
    }

    #[test]
    fn a_test_does_not_sleep() {
        let body = "fn f() { std::thread::sleep(d) }";
        refused(
            &format!("//! Is.\n#[cfg(test)] mod t {{ {body} }}\n"),
            "sleep",
        );
        assert_eq!(
            messages("tests/it/echo.rs", &format!("//! Is.\n{body}\n")).len(),
            1
        );
        assert!(messages("crates/netproc/src/a.rs", &format!("//! Is.\n{body}\n")).is_empty());
    }
}
