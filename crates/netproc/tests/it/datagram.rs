//! Datagram addresses: probe 05-contact.

use netproc::functions::*;
use netproc::{Process, Value};

use crate::support::*;

fn pair(name: &str) -> (Process, Process) {
    let server = make(&format!(
        "(:name \"{name}\" :type datagram :server t :host \"127.0.0.1\" :service t)"
    ));
    let client = make(&format!(
        "(:name \"{name}-c\" :type datagram :host \"127.0.0.1\" :service {})",
        port(&server)
    ));
    (server, client)
}

#[test]
fn a_server_that_heard_nobody_sends_to_zeros_and_a_client_to_its_server() {
    let (server, client) = pair("dgram-zero");
    assert_eq!(
        process_datagram_address(&server).to_string(),
        "(0 . [0 0 0 0 0 0 0 0 0 0 0 0 0 0])"
    );
    let address = format!("[127 0 0 1 {}]", port(&server));
    assert_eq!(process_datagram_address(&client).to_string(), address);
}

#[test]
fn streams_have_no_datagram_address() {
    let server = server("dgram-stream");
    assert_eq!(process_datagram_address(&server), Value::Nil);
    let taken = set_process_datagram_address(&server, &read("[127 0 0 1 5]"));
    assert_eq!(taken, Value::Nil);
}

#[test]
fn a_client_shows_the_remote_address_before_the_local_one() {
    let (server, client) = pair("dgram-list");
    let port = port(&server);
    assert_eq!(
        process_contact(&client, Value::t(), false).to_string(),
        format!(
            "(:name \"dgram-list-c\" :type datagram :host \"127.0.0.1\" :service {port} \
             :remote [127 0 0 1 {port}] :local [0 0 0 0 0])"
        ),
    );
}

#[test]
fn an_address_of_the_family_is_taken_and_shown_in_the_contact() {
    let (_server, client) = pair("dgram-set");
    for address in ["[127 0 0 1 9999]", "[1 2 3 4 5]"] {
        assert_eq!(
            set_process_datagram_address(&client, &read(address)).to_string(),
            address
        );
        assert_eq!(process_datagram_address(&client).to_string(), address);
        let remote = process_contact(&client, Value::keyword(":remote"), false);
        assert_eq!(remote.to_string(), address);
    }
}

#[test]
fn what_is_no_address_of_the_family_changes_nothing() {
    let (server, client) = pair("dgram-no");
    let before = process_datagram_address(&client);
    // Emacs takes the last one for [44 255 0 0 4464]; we do not.
    for refused in [
        "[127 0 0 1]",
        "[127 0 0 1 1 1]",
        "[0 0 0 0 0 0 0 1 9]",
        "\"str\"",
        "nil",
        "foo",
        "5",
        "[300 -1 x nil 70000]",
    ] {
        let taken = set_process_datagram_address(&client, &read(refused));
        assert_eq!(taken, Value::Nil, "{refused}");
        assert_eq!(process_datagram_address(&client), before, "{refused}");
    }
    drop(server);
}

#[test]
fn a_deleted_process_sends_nowhere_but_its_contact_remembers() {
    let (_server, client) = pair("dgram-del");
    let address = process_datagram_address(&client);
    delete_process(&client).expect("it was there");
    assert_eq!(process_datagram_address(&client), Value::Nil);
    assert_eq!(set_process_datagram_address(&client, &address), Value::Nil);
    assert_eq!(
        process_contact(&client, Value::keyword(":remote"), false),
        address
    );
}

#[test]
fn a_server_learns_its_client() {
    let (server, client) = pair("dgram-learn");
    process_send_string(&client, "x").expect("sent");
    assert!(wait_until(DEADLINE, || server.datagram_address().is_some()));
    let peer = server
        .datagram_address()
        .and_then(|address| address.port())
        .expect("a port");
    let learned = format!("[127 0 0 1 {peer}]");
    assert_eq!(process_datagram_address(&server).to_string(), learned);
    let remote = process_contact(&server, Value::keyword(":remote"), false);
    assert_eq!(remote.to_string(), learned);
}
