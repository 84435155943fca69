//! How large a process is.

use super::*;

/// Many idle connections are the common case of a server; names and table entry come on top.
#[test]
fn an_idle_process_is_small() {
    assert!(
        size_of::<Machine>() <= 256,
        "{} bytes",
        size_of::<Machine>()
    );
}

/// Machines stand behind locks that many threads take.
#[test]
fn machines_go_from_thread_to_thread() {
    fn check<T: Send + Sync>() {}
    check::<Machine>();
}
