//! The whole transition table and the diagram, compared with committed copies.

use std::fs;
use std::path::Path;

use netproc_process::{status_diagram, transition_table};

/// Compares with the committed copy; with `UPDATE_SNAPSHOTS` set, writes it.
fn check(file: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(file);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{file} differs; if that is meant, run the test again with UPDATE_SNAPSHOTS=1"
    );
}

#[test]
fn no_transition_changes_unseen() {
    check("transitions.txt", &transition_table());
}

#[test]
fn the_diagram_shows_the_table() {
    check("status.mmd", &status_diagram());
}
