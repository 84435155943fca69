//! One test for each topic of the cases, and what those that are named have to keep to.

use std::fmt::Write;

use netproc_tests::has_ipv6;

use crate::case::{Case, difference, of_topic, topics};
use crate::lisp::with_room;
use crate::named::{Fate, Named};

/// Makes a test of each topic.
macro_rules! replay {
    ($($topic:ident)*) => {
        /// The topics that have tests.
        const TESTED: &[&str] = &[$(stringify!($topic)),*];

        $(
            #[test]
            fn $topic() {
                replay(stringify!($topic));
            }
        )*
    };
}

replay! {
    accepted addresses arguments buffers callbacks contact datagrams decoding defaults encoding
    errors external flow lists log names nowait options reentrancy seqpacket status streams tls
    waiting
}

#[test]
fn every_topic_has_a_test() {
    assert_eq!(topics(), TESTED);
}

#[test]
fn what_is_named_is_there_and_named_once() {
    let cases: Vec<Case> = topics().iter().flat_map(|topic| of_topic(topic)).collect();
    let named = Named::read();
    assert_eq!(named.mistakes(&cases), [""; 0]);
    let held = cases
        .iter()
        .filter(|case| named.fate(case) == Fate::Held)
        .count();
    assert!(
        held >= named.held,
        "only {held} cases are held to what is kept"
    );
}

/// Evaluates the cases of a topic, and compares each with what is kept of it.
fn replay(topic: &str) {
    let named = Named::read();
    let mut failures = String::new();
    for case in of_topic(topic) {
        let fate = named.fate(&case);
        if fate == Fate::Left || (case.needs_ipv6() && !has_ipv6()) {
            continue;
        }
        let (found, kept) = (with_room(|| case.transcript()), case.kept());
        let failure = match fate {
            Fate::Held if found != kept => difference(&kept, &found),
            Fate::Differs if found == kept => "    it no longer differs\n".to_owned(),
            _ => continue,
        };
        let _written = write!(failures, "\n{} (- kept, + found)\n{failure}", case.name);
    }
    assert!(failures.is_empty(), "{failures}");
}
