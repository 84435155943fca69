//! Emacs's own tests of networking, each in stock Emacs and with our module, side by side.

use std::path::Path;

use super::emacs::Emacs;
use crate::Outcome;

/// The files of Emacs's source tree that test networking.
const FILES: &[&str] = &[
    "test/lisp/net/network-stream-tests.el",
    "test/src/process-tests.el",
    "test/lisp/jsonrpc-tests.el",
    "test/lisp/net/socks-tests.el",
    "test/lisp/net/gnutls-tests.el",
    "test/lib-src/emacsclient-tests.el",
];

/// Prints the names of the tests of the file that is loaded.
const NAMES: &str =
    "(dolist (test (ert-select-tests t t)) (princ (format \"%s\\n\" (ert-test-name test))))";

/// What became of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    Skipped,
    /// Emacs ended, or was ended, before it told.
    Died,
}

impl Verdict {
    /// Reads what ERT says of a single test.
    fn read(output: &str) -> Self {
        let told = |word: &str| {
            let mut lines = output.lines().map(str::trim_start);
            lines.any(|line| line.starts_with(word) && line.contains("1/1"))
        };
        if told("passed") {
            Self::Passed
        } else if told("skipped") {
            Self::Skipped
        } else if told("FAILED") || told("failed") {
            Self::Failed
        } else {
            Self::Died
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Died => "died",
        }
    }
}

/// Runs the tests of the source tree at `tree` and prints both verdicts of each.
pub(super) fn run(tree: &Path, stock: &Emacs, module: Option<&Emacs>) -> Outcome {
    let tests = tree.join("test");
    let mut all = Vec::new();
    for file in FILES {
        let names = stock.ert(&tests, &tree.join(file), NAMES)?;
        if names.is_empty() {
            return Err(format!("{} has no tests", tree.join(file).display()));
        }
        all.extend(names.lines().map(|name| (*file, name.to_owned())));
    }
    // One at a time: several of them take fixed ports.
    let (mut passed, mut kept, mut lost) = (0, 0, Vec::new());
    for (file, name) in &all {
        let form = format!("(ert-run-tests-batch-and-exit '(member {name}))");
        let judge = |emacs: &Emacs| {
            let output = emacs.ert(&tests, &tree.join(file), &form);
            output.map_or(Verdict::Died, |output| Verdict::read(&output))
        };
        let (stock, module) = (judge(stock), module.map(judge));
        let stem = file.rsplit('/').next().unwrap_or_default();
        let beside = module.map_or("-", Verdict::word);
        println!("{:<8} {beside:<8} {stem}: {name}", stock.word());
        if stock == Verdict::Passed {
            passed += 1;
            match module {
                Some(Verdict::Passed) => kept += 1,
                Some(_) => lost.push(name.clone()),
                None => {}
            }
        }
    }
    println!("\n{} tests; {passed} pass in stock Emacs", all.len());
    if module.is_none() {
        println!("without the module: stock Emacs alone");
        return Ok(());
    }
    println!("of these {kept} pass with the module");
    if lost.is_empty() {
        Ok(())
    } else {
        Err(format!("these do not: {}", lost.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read_from_what_ert_says() {
        let of = |line: &str| Verdict::read(&format!("Running 1 tests\n{line}\n\nRan 1 tests"));
        assert_eq!(of("   passed  1/1  a-test (0.1 sec)"), Verdict::Passed);
        assert_eq!(of("   FAILED  1/1  a-test (0.1 sec)"), Verdict::Failed);
        assert_eq!(of("  skipped  1/1  a-test (0.1 sec)"), Verdict::Skipped);
        assert_eq!(Verdict::read("Fatal error 6: Aborted"), Verdict::Died);
    }
}
