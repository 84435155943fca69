//! The command `check`: snapshots of what it shows.

use crate::support::{Finished, run};

fn check(text: &str) -> Finished {
    run(["check", "-"], text)
}

#[track_caller]
fn shows(text: &str, status: i32, expected: &str) {
    let finished = check(text);
    assert_eq!(finished.output(), expected);
    assert_eq!(finished.status, Some(status));
}

#[test]
fn a_file_without_mistakes_is_counted() {
    shows(
        "; endpoints\n(:name \"a\" :host \"localhost\" :service 80)\n\
         (:name \"b\" :server t :service t)\n",
        0,
        "standard input: 2 lists, 0 errors, 0 warnings\n",
    );
}

#[test]
fn every_mistake_is_shown_with_its_place_and_a_hint() {
    shows(
        "(:name \"web\" :hots \"localhost\"\n :service 70000)\n(:service 80)\n",
        2,
        "\
warning: :hots is not known and does nothing
 --> standard input:1:14
  |
1 | (:name \"web\" :hots \"localhost\"
  |              ^^^^^
  |
help: did you mean :host?

error: :service 70000: expected a port from 0 to 65535
 --> standard input:2:11
  |
2 |  :service 70000)
  |           ^^^^^

error: :name is missing: expected a string
 --> standard input:3:1
  |
3 | (:service 80)
  | ^^^^^^^^^^^^^

standard input: 2 lists, 2 errors, 1 warning
",
    );
}

#[test]
fn broken_lisp_is_shown_at_its_opening() {
    shows(
        "(:name \"a\" :service 1)\n(:name \"b",
        2,
        "\
error: this string has no closing quote
 --> standard input:2:8
  |
2 | (:name \"b
  |        ^

standard input: 1 list, 1 error, 0 warnings
",
    );
}

#[test]
fn calls_in_a_program_are_found_and_variables_not_judged() {
    let finished = check(
        "(defun connect (host)\n  (let ((x 1))\n    (make-network-process :name 'web \
         :host host :service (port-of host))))\n",
    );
    assert!(
        finished.output().contains(":name web: expected a string"),
        "{finished:?}"
    );
    assert!(
        finished
            .output()
            .ends_with(": 1 list, 1 error, 0 warnings\n"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(2));
}

#[test]
fn a_form_that_is_no_list_is_an_error() {
    let finished = check("\"web\"\n");
    assert!(
        finished
            .output()
            .starts_with("error: \"web\": expected a list of keywords")
    );
    assert_eq!(finished.status, Some(2));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let finished = run(["check", "/nowhere/at/all"], "");
    assert_eq!(
        finished.stderr,
        "netproc: error: check /nowhere/at/all: No such file or directory\n"
    );
    assert_eq!(finished.status, Some(2));
}

#[test]
fn tls_parameters_are_looked_into() {
    shows(
        "(:name \"a\" :host \"h\" :service 1\n :tls-parameters (gnutls-x509pki :host \"h\"))\n",
        2,
        "\
error: :tls-parameters: TLS parameters have no :host; is :hostname meant?
 --> standard input:2:34
  |
2 |  :tls-parameters (gnutls-x509pki :host \"h\"))
  |                                  ^^^^^

standard input: 1 list, 1 error, 0 warnings
",
    );
}

#[test]
fn files_of_tls_that_are_not_there_are_warnings() {
    shows(
        "(make-network-process :name \"a\" :server t :service t :tls-parameters\n \
         '(gnutls-x509pki :keylist ((\"/nowhere/k\" \"/nowhere/c\"))))\n",
        0,
        "\
warning: :tls-parameters: :keylist: the file /nowhere/k cannot be read: No such file or directory
 --> standard input:2:28
  |
2 |  '(gnutls-x509pki :keylist ((\"/nowhere/k\" \"/nowhere/c\"))))
  |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

warning: :tls-parameters: :keylist: the file /nowhere/c cannot be read: No such file or directory
 --> standard input:2:28
  |
2 |  '(gnutls-x509pki :keylist ((\"/nowhere/k\" \"/nowhere/c\"))))
  |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

standard input: 1 list, 0 errors, 2 warnings
",
    );
}

#[test]
fn tls_parameters_that_a_program_makes_are_not_judged() {
    shows(
        "(make-network-process :name \"a\" :host \"h\" :service 1 :tls-parameters\n \
         (cons 'gnutls-x509pki (gnutls-boot-parameters :hots \"h\")))\n",
        0,
        "standard input: 1 list, 0 errors, 0 warnings\n",
    );
}
