//! What is said about wrong arguments, and the commands that only print.

use crate::support::{run, run_line};

/// Expects a line to be refused with exactly that message.
#[track_caller]
fn refused(line: &str, message: &str) {
    let finished = run_line(line);
    assert_eq!(finished.stderr, format!("{message}\n"), "{line}");
    assert_eq!(finished.status, Some(2), "{line}");
    assert_eq!(finished.output(), "", "{line}");
}

#[test]
fn a_wrong_value_is_named_with_its_keyword_and_what_was_expected() {
    refused(
        ":host localhost :service 70000",
        "netproc: error: :service 70000: expected a port from 0 to 65535",
    );
    refused(
        ":host localhost :service 80 :type stream",
        "netproc: error: :type stream: expected nil, datagram or seqpacket",
    );
}

#[test]
fn every_mistake_is_told_at_once() {
    let finished = run_line(":hots localhost :family up :service 1 :coding utf8");
    let lines: Vec<&str> = finished.stderr.lines().collect();
    assert_eq!(
        lines,
        [
            "netproc: error: :family up: expected nil, ipv4, ipv6, local or an integer",
            "netproc: error: :coding utf8: expected the name of a coding system",
            "  hint: did you mean utf-8?",
            "netproc: warning: :hots is not known and does nothing",
            "  hint: did you mean :host?",
        ]
    );
    assert_eq!(finished.status, Some(2));
}

#[test]
fn a_keyword_without_a_value_is_named() {
    let finished = run_line(":host localhost :service");
    assert!(
        finished
            .stderr
            .contains(":service is missing: expected an integer"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(2));
    refused(
        ":host :service 80",
        "netproc: error: :host has no value: the keyword :service follows it\n  \
         hint: if the value is this text, write :host '\":service\"'",
    );
}

#[test]
fn words_in_place_of_keywords_are_refused() {
    refused(
        ":host localhost service 80",
        "netproc: error: service: expected a keyword such as :host in this place\n  \
         hint: did you mean :service?",
    );
    refused(
        "localhost 80",
        "netproc: error: localhost: expected a keyword such as :host in this place\n  \
         hint: each value follows its keyword: netproc :host localhost :service 80",
    );
    refused(
        ":host localhost --json",
        "netproc: error: --json: expected a keyword such as :host in this place\n  \
         hint: flags stand before the keyword list",
    );
}

#[test]
fn an_unknown_function_is_named_with_those_that_are_known() {
    refused(
        ":server t :service t :filter ecoh",
        "netproc: error: :filter ecoh: expected one of print, echo, discard, chat, forward, t or nil",
    );
    refused(
        ":host localhost :service 1 :filter chat",
        "netproc: error: :filter chat: expected a server that accepts connections\n  \
         hint: give :server t, and no :type datagram",
    );
    refused(
        ":server t :service t :sentinel loud",
        "netproc: error: :sentinel loud: expected print, quiet or nil",
    );
}

#[test]
fn keywords_that_contradict_each_other_are_refused() {
    refused(
        ":server t :nowait t :service t",
        "netproc: error: :nowait: cannot be joined with :server\n  \
         hint: a server never waits; leave :nowait out",
    );
}

#[test]
fn an_unknown_keyword_is_a_warning() {
    let finished = run_line(":hots localhost :service 1");
    let warning = ":hots is not known and does nothing; did you mean :host?";
    assert!(finished.stderr.contains(warning), "{finished:?}");
    assert_eq!(finished.status, Some(1));
}

#[test]
fn what_is_wrong_with_tls_parameters_is_said_before_connecting() {
    let finished = run(
        [
            ":host",
            "localhost",
            ":service",
            "1",
            ":tls-parameters",
            "(gnutls)",
        ],
        "",
    );
    assert!(
        finished
            .stderr
            .contains("expected gnutls-x509pki or gnutls-anon"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(2));
}

#[test]
fn a_whole_list_shows_the_place_of_a_mistake() {
    let finished = run(["(:name \"web\"\n :host 5 :service 80)"], "");
    assert_eq!(
        finished.stderr,
        "error: :host 5: expected nil, local or a string\n \
         --> argument:2:8\n  |\n\
         2 |  :host 5 :service 80)\n  |        ^\n"
    );
    assert_eq!(finished.status, Some(2));
    let finished = run(["(:name \"web"], "");
    assert!(
        finished
            .stderr
            .starts_with("error: this string has no closing quote"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(2));
}

#[test]
fn no_arguments_are_too_few() {
    let finished = run_line("");
    assert!(finished.stderr.contains("netproc --help"));
    assert_eq!(finished.status, Some(2));
}

#[test]
fn help_and_version_are_printed() {
    for flag in ["--help", "-h", "help", "check --help"] {
        let finished = run_line(flag);
        assert!(finished.output().contains("Exit status:"), "{flag}");
        assert_eq!(finished.status, Some(0));
    }
    let version = concat!("netproc ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(run_line("--version").output(), version);
}

#[test]
fn the_help_fits_a_terminal() {
    for line in run_line("--help").output().lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn keywords_are_a_table_or_json() {
    let text = run_line("keywords");
    let json = run_line("keywords --json");
    let entries: serde_json::Value = serde_json::from_str(json.output()).expect("JSON");
    for entry in entries.as_array().expect("an array") {
        let keyword = entry["keyword"].as_str().expect("text");
        assert!(text.output().contains(keyword), "{keyword}");
    }
}

#[test]
fn one_keyword_is_explained() {
    let finished = run_line("keywords linger");
    assert!(
        finished
            .output()
            .starts_with(":linger  Wait for unsent data on close\n")
    );
    let json = run_line("keywords :linger --json");
    let entry: serde_json::Value = serde_json::from_str(json.output()).expect("JSON");
    assert_eq!(entry["keyword"], ":linger");
    refused(
        "keywords lingr",
        "netproc: error: keywords: lingr is no keyword\n  hint: did you mean :linger?",
    );
}

#[test]
fn interfaces_include_the_loopback() {
    let finished = run_line("interfaces --json");
    let entries: serde_json::Value = serde_json::from_str(finished.output()).expect("JSON");
    let is_loopback = |entry: &serde_json::Value| entry["name"] == "lo";
    assert!(
        entries
            .as_array()
            .expect("an array")
            .iter()
            .any(is_loopback)
    );
    assert!(run_line("interfaces").output().starts_with("NAME"));
}
