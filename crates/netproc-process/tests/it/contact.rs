//! The contact list, word for word (probes 03-defaults, 05-contact and 17-process).

use netproc_address::{Address, NetworkOption};
use netproc_lisp::Value;
use netproc_process::{Input, Machine};

use crate::support::*;

fn whole(machine: &Machine) -> String {
    machine.contact(&Value::t()).to_string()
}

fn host_and_service(machine: &Machine) -> String {
    machine.contact(&Value::Nil).to_string()
}

#[test]
fn a_server_shows_the_port_in_place_and_its_address_at_the_end() {
    let server = listening(
        "(:name \"s\" :server 9 :host local :service t :filter f-log :noquery t)",
        "127.0.0.1:34119",
    );
    assert_eq!(
        whole(&server),
        "(:name \"s\" :server 9 :host local :service 34119 :filter f-log :noquery t \
         :local [127 0 0 1 34119])"
    );
    assert_eq!(host_and_service(&server), "(local 34119)");
}

#[test]
fn a_server_by_address_gains_a_service() {
    let server = listening(
        "(:name \"a\" :server t :local [127 0 0 1 0])",
        "127.0.0.1:40991",
    );
    assert_eq!(
        whole(&server),
        "(:name \"a\" :server t :local [127 0 0 1 40991] :service 40991)"
    );
    assert_eq!(host_and_service(&server), "(nil 40991)");
}

#[test]
fn a_client_gains_remote_and_then_local() {
    let client = open("(:name \"c\" :host \"localhost\" :service 34119 :nowait nil :plist (x y))");
    assert_eq!(
        whole(&client),
        "(:name \"c\" :host \"localhost\" :service 34119 :nowait nil :plist (x y) \
         :remote [127 0 0 1 34119] :local [127 0 0 1 48320])"
    );
    assert_eq!(host_and_service(&client), "(\"localhost\" 34119)");
    assert_eq!(client.contact(&value(":plist")).to_string(), "(x y)");
    for nothing in [":unknown", "foo", "\"str\"", "5"] {
        assert_eq!(client.contact(&value(nothing)), Value::Nil, "{nothing}");
    }
}

#[test]
fn an_accepted_connection_shows_a_copy_of_the_servers_list() {
    let server = listening(
        "(:name \"s\" :server 9 :host local :service t :filter f-log :noquery t)",
        "127.0.0.1:34119",
    );
    let kid = accept(&server, "127.0.0.1:48320");
    assert_eq!(
        whole(&kid),
        "(:name \"s\" :server nil :host \"127.0.0.1\" :service 48320 :filter f-log :noquery t \
         :local [127 0 0 1 34119] :remote [127 0 0 1 48320])"
    );
    assert_eq!(host_and_service(&kid), "(\"127.0.0.1\" 48320)");
}

#[test]
fn what_the_server_was_set_to_is_in_the_copy() {
    let mut server = listening("(:server t :name \"s\" :service t)", "127.0.0.1:44725");
    server.set_sentinel(&Value::symbol("s-log"));
    assert_eq!(
        whole(&accept(&server, "127.0.0.1:35720")),
        "(:server nil :name \"s\" :service 35720 :local [127 0 0 1 44725] :sentinel s-log \
         :host \"127.0.0.1\" :remote [127 0 0 1 35720])"
    );
}

#[test]
fn setters_write_through_and_nil_becomes_the_default_function() {
    let mut server = listening("(:name \"s\" :server t :service t)", "127.0.0.1:33805");
    server.set_filter(&Value::symbol("f-log"));
    server.set_sentinel(&Value::symbol("s-log"));
    server.set_buffer(Some(("bb".into(), Value::symbol("bb-object"))));
    assert_eq!(
        whole(&server),
        "(:name \"s\" :server t :service 33805 :local [127 0 0 1 33805] :filter f-log \
         :sentinel s-log :buffer bb-object)"
    );
    server.set_filter(&Value::Nil);
    server.set_sentinel(&Value::Nil);
    server.set_buffer(None);
    server.set_query_on_exit(false);
    server.set_plist(value("(a 1)")).unwrap();
    server.handle(Input::Stop).unwrap();
    assert_eq!(
        whole(&server),
        "(:name \"s\" :server t :service 33805 :local [127 0 0 1 33805] \
         :filter internal-default-process-filter :sentinel internal-default-process-sentinel \
         :buffer nil)"
    );
}

#[test]
fn a_setter_before_the_connection_leaves_the_addresses_for_the_end() {
    let mut client = machine("(:name \"c\" :service 1 :nowait t)");
    client.set_filter(&Value::t());
    connect(&mut client);
    assert_eq!(
        whole(&client),
        "(:name \"c\" :service 1 :nowait t :filter t :remote [127 0 0 1 34119] \
         :local [127 0 0 1 48320])"
    );
}

#[test]
fn options_are_written_through() {
    let mut client = open("(:name \"c\" :service 1 :keepalive nil)");
    client.set_option(&NetworkOption::KeepAlive(true));
    assert_eq!(client.contact(&value(":keepalive")), Value::t());
}

#[test]
fn the_contact_stays_after_closing() {
    let mut client = open("(:name \"c\" :service 1)");
    let before = whole(&client);
    client.handle(Input::Delete).unwrap();
    assert_eq!(whole(&client), before);
}

#[test]
fn the_last_address_tried_is_shown() {
    let mut client = machine("(:name \"c\" :host \"two.test\" :service 9 :nowait t)");
    assert!(!client.has_socket());
    for remote in ["127.0.0.2:9", "127.0.0.3:9"] {
        let remote = address(remote);
        client
            .handle(Input::AddressTried {
                remote,
                local: None,
            })
            .unwrap();
    }
    assert!(client.has_socket());
    assert_eq!(
        whole(&client),
        "(:name \"c\" :host \"two.test\" :service 9 :nowait t :remote [127 0 0 3 9])"
    );
}

#[test]
fn local_servers_keep_their_path() {
    let mut server = machine("(:name \"a\" :server t :family local :service \"/tmp/u1\")");
    let local = Address::from_value(&value("\"/tmp/u1\"")).unwrap();
    server.handle(Input::Listening { local }).unwrap();
    assert_eq!(
        whole(&server),
        "(:name \"a\" :server t :family local :service \"/tmp/u1\" :local \"/tmp/u1\")"
    );
    assert_eq!(host_and_service(&server), "(nil \"/tmp/u1\")");
}

#[test]
fn properties_compare_by_eq_and_odd_lists_refuse_to_grow() {
    let mut client = open("(:name \"c\" :service 1 :plist (a 1))");
    client.put(&Value::symbol("b"), Value::from(2)).unwrap();
    assert_eq!(client.plist().to_string(), "(a 1 b 2)");
    assert_eq!(client.contact(&value(":plist")).to_string(), "(a 1)");
    assert_eq!(client.get(&value("\"a\"")), Value::Nil);
    client.set_plist(value("(a)")).unwrap();
    assert_eq!(client.get(&Value::symbol("a")), Value::Nil);
    let error = client.put(&Value::symbol("b"), Value::from(1)).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        "(wrong-type-argument plistp (a))"
    );
    let error = client.set_plist(Value::from(5)).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        "(wrong-type-argument listp 5)"
    );
}

#[test]
fn a_host_sees_every_value() {
    let mut client = open("(:name \"c\" :service 1 :filter f :frob 3)");
    client.set_buffer(Some(("b".into(), Value::symbol("buffer-object"))));
    client
        .put(&Value::symbol("key"), Value::symbol("object"))
        .unwrap();
    let mut seen = Vec::new();
    client.visit_values(&mut |value| seen.push(value.to_string()));
    for expected in ["f", ":frob", "3", "buffer-object", "(key object)"] {
        assert!(
            seen.iter().any(|value| value == expected),
            "{expected} in {seen:?}"
        );
    }
}
