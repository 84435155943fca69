//! Network options of living processes: probe 18-options.

use netproc::functions::*;
use netproc::{NetworkOption, OptionName, Value};

use crate::support::*;

#[test]
fn an_option_that_is_set_reaches_the_socket_and_the_contact() {
    let server = server("opt-set");
    assert!(set_network_process_option(&server, ":keepalive", 0, false).expect("set"));
    let option = server.option(OptionName::KeepAlive).expect("read");
    assert_eq!(option, NetworkOption::KeepAlive(true));
    set_network_process_option(&server, ":linger", 5, false).expect("set");
    assert_eq!(
        process_contact(&server, Value::keyword(":linger"), false),
        Value::from(5)
    );
}

#[test]
fn what_is_no_option_is_refused_unless_that_is_no_error() {
    let server = server("opt-unknown");
    let refused = plain_error("Unknown or unsupported option");
    for name in ["keepalive", ":name", ":server", ":use-external-socket", ""] {
        let outcome = set_network_process_option(&server, name, true, false);
        assert_eq!(condition(outcome), refused, "{name}");
        let outcome = set_network_process_option(&server, name, true, true);
        assert!(!outcome.expect("not an error"), "{name}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_whatever_no_error_says() {
    let server = server("opt-value");
    for (name, value) in [(":priority", Value::Nil), (":bindtodevice", Value::from(5))] {
        let outcome = set_network_process_option(&server, name, value, true);
        assert_eq!(
            condition(outcome),
            plain_error(format!("Bad option value for {name}"))
        );
        assert_eq!(
            process_contact(&server, Value::keyword(name), false),
            Value::Nil
        );
    }
}

#[test]
fn a_closed_process_has_no_options() {
    let server = server("opt-closed");
    delete_process(&server).expect("it was there");
    let outcome = set_network_process_option(&server, ":keepalive", true, false);
    assert_eq!(condition(outcome), plain_error("Process is not running"));
}
