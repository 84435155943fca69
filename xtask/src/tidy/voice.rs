//! Words that the project does not use: it speaks of itself alone.

use crate::tree::{Finding, Tree};

/// This file, which has to spell the words out.
const HERE: &str = "xtask/src/tidy/voice.rs";

/// Parts of lines that speak of how a text came to be, in lower case.
const FOREIGN: &[&str] = &[
    "/work/",
    ".library",
    "this session",
    "in an earlier session",
    "language model",
    "ai-generated",
    "as an ai",
    "subagent",
    "the brief",
    "co-authored-by",
];

/// Checks every text of the repository.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| *path != HERE) {
        for (index, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            for word in FOREIGN.iter().filter(|word| lower.contains(*word)) {
                let message = format!("`{word}` is not of the project's voice");
                findings.push(Finding::fault(path, index + 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_speaks_of_itself() {
        let tree = Tree::of(&[("docs/a.md", "Fine.\nSee /Work/notes.\n"), (HERE, "/work/")]);
        let found: Vec<_> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["error: docs/a.md:2: `/work/` is not of the project's voice"]
        );
    }
}
