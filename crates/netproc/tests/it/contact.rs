//! `process-contact`: the layouts of probe 05-contact.

use netproc::functions::*;
use netproc::{Network, Process, Value};

use crate::support::*;

fn contact(process: &Process, key: &str) -> String {
    process_contact(process, read(key), false).to_string()
}

#[test]
fn a_server_shows_its_list_with_port_and_address() {
    define_silent_filter("contact-filter");
    let server = make(
        r#"(:name "contact-s" :server 9 :host local :service t :filter contact-filter :noquery t)"#,
    );
    let port = port(&server);
    assert_eq!(contact(&server, "nil"), format!("(local {port})"));
    assert_eq!(
        contact(&server, "t"),
        format!(
            "(:name \"contact-s\" :server 9 :host local :service {port} :filter contact-filter \
             :noquery t :local [127 0 0 1 {port}])"
        ),
    );
    assert_eq!(contact(&server, ":server"), "9");
    for missing in [
        ":type", ":remote", ":buffer", ":unknown", "foo", "\"str\"", "5",
    ] {
        assert_eq!(contact(&server, missing), "nil", "{missing}");
    }
}

#[test]
fn a_client_shows_its_list_and_then_both_ends() {
    let server = server("contact-cs");
    let port = port(&server);
    let client = make(&format!(
        "(:name \"contact-c\" :host \"localhost\" :service {port} :nowait nil :plist (x y))"
    ));
    let local = client.port().expect("a port");
    assert_eq!(contact(&client, "nil"), format!("(\"localhost\" {port})"));
    assert_eq!(
        contact(&client, "t"),
        format!(
            "(:name \"contact-c\" :host \"localhost\" :service {port} :nowait nil :plist (x y) \
             :remote [127 0 0 1 {port}] :local [127 0 0 1 {local}])"
        ),
    );
}

#[test]
fn an_accepted_connection_shows_the_list_of_its_server() {
    let server = make(r#"(:name "contact-as" :server 9 :host local :service t :noquery t)"#);
    let port = port(&server);
    let client = client("contact-ac", &server);
    let peer = client.port().expect("a port");
    let accepted = accepted(&server);
    assert_eq!(contact(&accepted, "nil"), format!("(\"127.0.0.1\" {peer})"));
    assert_eq!(
        contact(&accepted, "t"),
        format!(
            "(:name \"contact-as\" :server nil :host \"127.0.0.1\" :service {peer} :noquery t \
             :local [127 0 0 1 {port}] :remote [127 0 0 1 {peer}])"
        ),
    );
}

#[test]
fn what_is_made_by_address_has_no_host() {
    let server = make(r#"(:name "contact-by" :server t :local [127 0 0 1 0])"#);
    let port = port(&server);
    assert_eq!(contact(&server, "nil"), format!("(nil {port})"));
    let client = make(&format!(
        "(:name \"contact-byc\" :remote [127 0 0 1 {port}])"
    ));
    assert_eq!(contact(&client, "nil"), "(nil nil)");
}

#[test]
fn local_sockets_show_their_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = Value::from(folder.path().join("socket").to_str().expect("a plain path"));
    let server = make(&format!(
        "(:name \"contact-u\" :server t :family local :service {path})"
    ));
    let client = make(&format!(
        "(:name \"contact-uc\" :family local :service {path})"
    ));
    assert_eq!(contact(&server, "nil"), format!("(nil {path})"));
    assert_eq!(contact(&client, "nil"), format!("(nil {path})"));
    assert_eq!(contact(&accepted(&server), "nil"), format!("(t {path})"));
}

#[test]
fn setting_filter_sentinel_and_buffer_writes_through_and_nothing_else_does() {
    let server = server("contact-w");
    let port = port(&server);
    let list = |rest: &str| {
        format!("(:name \"contact-w\" :server t :service {port} :local [127 0 0 1 {port}] {rest})")
    };
    define_silent_filter("contact-w-filter");
    let buffer = default_network().buffer("contact-wb").expect("a buffer");
    set_process_filter(&server, Value::symbol("contact-w-filter")).expect("a known filter");
    set_process_sentinel(&server, Value::Nil).expect("the default one");
    set_process_buffer(&server, Some(&buffer));
    assert_eq!(
        contact(&server, "t"),
        list(
            ":filter contact-w-filter :sentinel internal-default-process-sentinel \
             :buffer #<buffer contact-wb>"
        ),
    );

    set_process_filter(&server, Value::Nil).expect("the default one");
    set_process_buffer(&server, None);
    set_process_coding_system(&server, Some("latin-1"), Some("latin-1")).expect("a known one");
    set_process_plist(&server, read("(p q)")).expect("a list");
    set_process_query_on_exit_flag(&server, false);
    stop_process(&server);
    assert_eq!(
        contact(&server, "t"),
        list(
            ":filter internal-default-process-filter :sentinel internal-default-process-sentinel \
             :buffer nil"
        ),
    );
}

#[test]
fn after_closing_the_contact_stays_but_not_for_those_who_do_not_block() {
    let server = server("contact-x");
    let whole = contact(&server, "t");
    delete_process(&server).expect("it was there");
    assert_eq!(contact(&server, "t"), whole);
    assert_eq!(process_contact(&server, Value::t(), true), Value::Nil);
    assert_eq!(process_contact(&server, Value::Nil, true), Value::Nil);
}

#[test]
fn the_contact_of_a_connecting_process_waits_unless_told_not_to() {
    let network = Network::new();
    let server = make_in(&network, r#"(:name "contact-n" :server t :service t)"#);
    let port = port(&server);
    let list = format!("(:name \"contact-nc\" :nowait t :host \"127.0.0.1\" :service {port})");
    let client = make_in(&network, &list);
    assert_eq!(
        process_contact(&client, Value::keyword(":host"), true),
        Value::Nil
    );
    let whole = contact(&client, "t");
    let local = client.port().expect("a port");
    assert_eq!(
        whole,
        format!(
            "(:name \"contact-nc\" :nowait t :host \"127.0.0.1\" :service {port} \
             :remote [127 0 0 1 {port}] :local [127 0 0 1 {local}])"
        ),
    );
    let now = process_contact(&client, Value::Nil, true);
    assert_eq!(now.to_string(), format!("(\"127.0.0.1\" {port})"));
}
