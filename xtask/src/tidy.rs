//! The house rules as checks, run by a verb and by an ordinary test.

mod dependencies;
mod documents;
mod files;
pub(crate) mod layers;
mod manifest;
mod markdown;
mod paths;
mod purity;
mod source;

use crate::tree::{Finding, Tree, Weight};
use crate::{Outcome, root};

/// Every check, in the order of its findings.
const CHECKS: &[fn(&Tree) -> Vec<Finding>] = &[
    layers::check,
    purity::check,
    files::check,
    dependencies::check,
    documents::check,
];

/// Checks the repository; prints what it finds.
pub(crate) fn run() -> Outcome {
    let tree = Tree::read(&root()).map_err(|error| format!("cannot read the tree: {error}"))?;
    let findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    for finding in &findings {
        println!("{finding}");
    }
    let faults = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Fault)
        .count();
    match faults {
        0 => Ok(()),
        1 => Err("tidy found one fault".to_owned()),
        faults => Err(format!("tidy found {faults} faults")),
    }
}

/// Says whether a source is a test, by its place.
fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("tests.rs")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        assert_eq!(super::run(), Ok(()));
    }

    #[test]
    fn tests_are_known_by_their_place() {
        for path in [
            "tests/it/main.rs",
            "crates/a/tests/b.rs",
            "crates/a/src/b/tests.rs",
        ] {
            assert!(super::is_test_file(path), "{path}");
        }
        assert!(!super::is_test_file("crates/a/src/testing.rs"));
    }
}
