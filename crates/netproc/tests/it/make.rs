//! Making processes, cloning them, and asking what can be made: probes 01-args and 17-process.

use netproc::Value;
use netproc::functions::*;

use crate::support::*;

#[test]
fn no_arguments_make_no_process() {
    assert_eq!(
        make_network_process(&Value::Nil).expect("not an error"),
        None
    );
}

#[test]
fn mistakes_signal_what_emacs_signals_and_leave_no_name_behind() {
    for (list, expected) in [
        ("(:service 5)", "(wrong-type-argument stringp nil)"),
        ("(:name 5 :service 5)", "(wrong-type-argument stringp 5)"),
        (
            "(:name \"make-bad\" :type stream :service 5)",
            "(error \"Unsupported connection type\")",
        ),
        (
            "(:name \"make-bad\" :server t :nowait t :service t)",
            "(error \"‘:server’ is incompatible with ‘:nowait’\")",
        ),
        (
            "(:name \"make-bad\" :remote 5)",
            "(error \"Malformed :address\")",
        ),
        (
            "(:name \"make-bad\" :family foo :service 5)",
            "(error \"Unknown address family\")",
        ),
        (
            "(:name \"make-bad\" :server t :service t :coding nosuch)",
            "(coding-system-error nosuch)",
        ),
    ] {
        assert_eq!(
            condition(make_network_process(&read(list))),
            expected,
            "{list}"
        );
        assert_eq!(get_process("make-bad"), None, "{list}");
    }
}

#[test]
fn a_refused_connection_carries_the_argument_list() {
    let server = server("make-refuse");
    let port = port(&server);
    delete_process(&server).expect("it was there");
    let list = format!("(:name \"make-c\" :host \"127.0.0.1\" :service {port})");
    let expected = format!(
        "(file-error \"make client process failed\" \"Connection refused\" {}",
        &list[1..]
    );
    assert_eq!(condition(make_network_process(&read(&list))), expected);
}

#[test]
fn a_port_in_use_is_an_error_without_the_list() {
    let server = server("make-twice");
    let list = format!(
        "(:name \"make-second\" :server t :service {})",
        port(&server)
    );
    assert_eq!(
        condition(make_network_process(&read(&list))),
        "(file-error \"Cannot bind server socket\" \"Address already in use\")",
    );
}

#[test]
fn a_name_in_use_is_given_a_number() {
    let first = server("make-name");
    let second = server("make-name");
    assert_eq!(
        (process_name(&first), process_name(&second)),
        ("make-name", "make-name<1>")
    );
    let given = process_contact(&second, Value::keyword(":name"), false);
    assert_eq!(given, Value::from("make-name"));
}

#[test]
fn a_clone_connects_to_the_same_place_with_the_same_properties() {
    let server = server("make-clone-s");
    let port = port(&server);
    let client = make(&format!(
        "(:name \"make-clone\" :host \"127.0.0.1\" :service {port} :nowait nil :plist (a 1))"
    ));
    process_put(&client, Value::symbol("b"), 2).expect("a property list");
    let clone = clone_process(&client, None)
        .expect("connected")
        .expect("a client");
    assert_eq!(process_name(&clone), "make-clone<1>");
    assert_eq!(process_plist(&clone), read("(a 1 b 2)"));
    let service = process_contact(&clone, Value::keyword(":service"), false);
    assert_eq!(service, Value::from(port));
    assert_ne!(clone.local_address(), client.local_address());

    let named = clone_process(&client, Some("make-named"))
        .expect("connected")
        .expect("a client");
    assert_eq!(process_name(&named), "make-named");
    let again = clone_process(&clone, None)
        .expect("connected")
        .expect("a client");
    assert_eq!(process_name(&again), "make-clone<2>");
}

#[test]
fn servers_and_closed_clients_are_not_cloned() {
    let server = server("make-clone-no");
    assert_eq!(clone_process(&server, None).expect("not an error"), None);
    let client = client("make-clone-closed", &server);
    delete_process(&client).expect("it was there");
    assert_eq!(clone_process(&client, None).expect("not an error"), None);
}

#[test]
fn the_subfeatures_are_those_of_emacs() {
    for feature in [
        "(:nowait t)",
        "(:type datagram)",
        "(:type seqpacket)",
        "(:family local)",
        "(:family ipv4)",
        "(:family ipv6)",
        "(:service t)",
        "(:server t)",
        ":bindtodevice",
        ":broadcast",
        ":dontroute",
        ":keepalive",
        ":linger",
        ":oobinline",
        ":priority",
        ":reuseaddr",
    ] {
        assert!(has_feature(&read(feature)), "{feature}");
    }
    for feature in [
        "(:type stream)",
        "(:server 5)",
        "(:tls-parameters t)",
        ":coding",
        ":foo",
        "nil",
    ] {
        assert!(!has_feature(&read(feature)), "{feature}");
    }
}
