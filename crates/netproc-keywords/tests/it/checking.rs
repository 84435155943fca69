//! Checking finds everything at once, in the order of the text, with hints.

use netproc_keywords::{RawSpec, Severity};

use crate::found;

#[test]
fn all_mistakes_are_found_in_the_order_of_the_text() {
    assert_eq!(
        found("(:coding utf-9\n :service 70000\n :host 5\n :type stream)"),
        [
            "error: :name is missing: expected a string (line 1, column 1)",
            "error: :coding utf-9: expected the name of a coding system; did you mean utf-8? \
             (line 1, column 10)",
            "error: :service 70000: expected a port from 0 to 65535 (line 2, column 11)",
            "error: :host 5: expected nil, local or a string (line 3, column 8)",
            "error: :type stream: expected nil, datagram or seqpacket (line 4, column 8)",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<Vec<_>>()
    );
}

#[test]
fn an_unknown_keyword_is_a_warning_with_a_hint() {
    assert_eq!(
        found("(:name \"a\" :sevrice 1 :service 1 :frobnicate 7)"),
        [
            "warning: :sevrice is not known and does nothing; did you mean :service? \
             (line 1, column 12)",
            "warning: :frobnicate is not known and does nothing (line 1, column 34)",
        ]
    );
}

#[test]
fn a_symbol_without_its_colon_is_a_warning_with_a_hint() {
    assert_eq!(
        found("(:name \"a\" :service 1 buffer \"b\")"),
        [
            "warning: buffer is not known and does nothing; did you mean :buffer? (line 1, column 23)"
        ]
    );
}

#[test]
fn repeated_keywords_are_warned_about() {
    assert_eq!(
        found("(:name \"a\" :name \"b\" :service 1 :linger 1 :linger 2)"),
        [
            "warning: :name occurs again: the first one holds (line 1, column 12)",
            "warning: :linger occurs again: the last one holds, the contact shows the first \
             (line 1, column 43)",
        ]
    );
}

#[test]
fn keywords_that_do_nothing_here_are_warned_about() {
    assert_eq!(
        found("(:name \"a\" :local [1 2 3] :log f :service 1)"),
        [
            "warning: :local is for servers and does nothing here (line 1, column 19)",
            "warning: :log is for stream and seqpacket servers and does nothing here \
             (line 1, column 32)",
        ]
    );
    assert_eq!(
        found("(:name \"a\" :remote [127 0 0 1 1] :host \"h\")"),
        ["warning: :remote overrides :host (line 1, column 40)"]
    );
}

#[test]
fn seqpacket_over_the_internet_is_warned_about() {
    assert_eq!(
        found("(:name \"a\" :type seqpacket :service 1)"),
        ["warning: seqpacket is offered for local sockets only (line 1, column 18)"]
    );
}

#[test]
fn lists_without_oddities_pass_in_silence() {
    for list in [
        "(:name \"a\" :service 1)",
        "(:name \"a\" :server t :service t :log f :filter t)",
        "(:name \"a\" :type seqpacket :family local :service \"/s\")",
        "(:name \"a\" :type datagram :server t :local [127 0 0 1 0] :remote [127 0 0 1 1])",
        "(:name \"a\" :service 1 :tls-parameters (gnutls-x509pki :hostname \"h\"))",
        "(:name \"a\" :server t :service 1 :tls-parameters (gnutls-x509pki :keylist ((\"k\" \"c\"))))",
    ] {
        assert_eq!(found(list), [""; 0], "{list}");
    }
}

#[test]
fn mistakes_carry_the_condition_and_warnings_do_not() {
    let list = RawSpec::read("(:name 5 :service 1 :foo 2)").unwrap();
    let found = list.check();
    assert_eq!(found[0].severity, Severity::Error);
    assert_eq!(
        found[0]
            .condition
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("(wrong-type-argument stringp 5)")
    );
    assert_eq!(found[1].severity, Severity::Warning);
    assert_eq!(found[1].condition, None);
}
