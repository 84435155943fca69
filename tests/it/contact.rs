//! `process-contact`: what it shows for nil, t and each key (probe 05-contact).

use netproc::lisp::Value;
use netproc::network::NetworkOption;
use netproc_tests::{Peer, World, has_ipv6};

#[test]
fn a_server_shows_its_arguments_its_port_and_its_address() {
    let world = World::new();
    let server =
        world.open(r#"(:name "s" :server 9 :host local :service t :filter record :noquery t)"#);
    let port = server.port().unwrap();
    assert_eq!(server.contact().to_string(), format!("(local {port})"));
    assert_eq!(
        server.contact_list().to_string(),
        format!(
            r#"(:name "s" :server 9 :host local :service {port} :filter record :noquery t :local [127 0 0 1 {port}])"#
        )
    );
    let value = |key: &str| server.contact_value(key).to_string();
    assert_eq!(value(":name"), "\"s\"");
    assert_eq!(value(":server"), "9");
    assert_eq!(value(":host"), "local");
    assert_eq!(value(":service"), port.to_string());
    assert_eq!(value(":local"), format!("[127 0 0 1 {port}]"));
    assert_eq!(value(":filter"), "record");
    assert_eq!(value(":noquery"), "t");
    for absent in [
        ":type",
        ":family",
        ":remote",
        ":coding",
        ":nowait",
        ":stop",
        ":buffer",
        ":sentinel",
        ":log",
        ":plist",
        ":filter-multibyte",
        ":tls-parameters",
        ":use-external-socket",
        ":keepalive",
        ":reuseaddr",
        ":unknown",
    ] {
        assert_eq!(value(absent), "nil", "{absent}");
    }
}

#[test]
fn a_client_appends_remote_and_local() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :host "127.0.0.1" :service {port} :nowait nil :plist (x y))"#
    ));
    let own = client.local_address().unwrap().port().unwrap();
    assert_eq!(
        client.contact().to_string(),
        format!(r#"("127.0.0.1" {port})"#)
    );
    let list = format!(
        r#"(:name "c" :host "127.0.0.1" :service {port} :nowait nil :plist (x y) :remote [127 0 0 1 {port}] :local [127 0 0 1 {own}])"#
    );
    assert_eq!(client.contact_list().to_string(), list);
    client.delete();
    assert_eq!(client.contact_list().to_string(), list);
}

#[test]
fn an_accepted_connection_shows_the_list_of_its_server_with_its_peer() {
    let world = World::new();
    let server =
        world.open(r#"(:name "s" :server 9 :host local :service t :filter record :noquery t)"#);
    let port = server.port().unwrap();
    let peer = Peer::connect(&server);
    let own = peer.address().port();
    let accepted = world.accepted(&server);
    assert_eq!(
        accepted.contact().to_string(),
        format!(r#"("127.0.0.1" {own})"#)
    );
    assert_eq!(
        accepted.contact_list().to_string(),
        format!(
            r#"(:name "s" :server nil :host "127.0.0.1" :service {own} :filter record :noquery t :local [127 0 0 1 {port}] :remote [127 0 0 1 {own}])"#
        )
    );
}

#[test]
fn an_accepted_local_connection_shows_t_and_the_path() {
    let world = World::new();
    let path = world.path("u");
    let quoted = World::quoted(&path);
    let server = world.open(&format!(
        r#"(:name "un" :server t :family local :service {quoted})"#
    ));
    assert_eq!(server.contact().to_string(), format!("(nil {quoted})"));
    let _peer = Peer::connect_path(&path);
    let accepted = world.accepted(&server);
    assert_eq!(accepted.contact().to_string(), format!("(t {quoted})"));
    assert_eq!(
        accepted.contact_list().to_string(),
        format!(
            r#"(:name "un" :server nil :family local :service {quoted} :local {quoted} :host t :remote "")"#
        )
    );
}

#[test]
fn a_datagram_client_shows_its_target_and_no_address_of_its_own_yet() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :type datagram :service t)"#);
    let port = server.port().unwrap();
    let client = world.open(&format!(
        r#"(:name "c" :type datagram :host "127.0.0.1" :service {port})"#
    ));
    assert_eq!(
        client.contact_list().to_string(),
        format!(
            r#"(:name "c" :type datagram :host "127.0.0.1" :service {port} :remote [127 0 0 1 {port}] :local [0 0 0 0 0])"#
        )
    );
}

#[test]
fn a_datagram_server_shows_zeros_until_it_has_a_target() {
    let world = World::new();
    let zeros = |count: usize| format!("(0 . [{}])", vec!["0"; count].join(" "));
    let v4 = world.open(r#"(:name "s" :server t :type datagram :service t)"#);
    assert_eq!(v4.contact_value(":remote").to_string(), zeros(14));
    if has_ipv6() {
        let v6 = world.open(r#"(:name "s" :server t :type datagram :family ipv6 :service t)"#);
        assert_eq!(v6.contact_value(":remote").to_string(), zeros(26));
    }
    let path = World::quoted(&world.path("d"));
    let local = world.open(&format!(
        r#"(:name "s" :server t :type datagram :family local :service {path})"#
    ));
    assert_eq!(local.contact_value(":remote").to_string(), zeros(108));
    let client = world.open(&format!(
        r#"(:name "c" :type datagram :service {})"#,
        v4.port().unwrap()
    ));
    client.send("x").unwrap();
    world.until("a target", || v4.datagram_address().is_some());
    let own = v4.datagram_address().unwrap().port().unwrap();
    assert_eq!(
        v4.contact_value(":remote").to_string(),
        format!("[127 0 0 1 {own}]")
    );
}

#[test]
fn processes_by_address_have_no_host() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :local [127 0 0 1 0])"#);
    let port = server.port().unwrap();
    assert_eq!(server.contact().to_string(), format!("(nil {port})"));
    let client = world.open(&format!(r#"(:name "c" :remote [127 0 0 1 {port}])"#));
    assert_eq!(client.contact().to_string(), "(nil nil)");
}

#[test]
fn setters_of_functions_and_buffer_write_into_the_contact() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t)"#);
    let port = server.port().unwrap();
    server.set_filter_value(&Value::symbol("record")).unwrap();
    server.set_sentinel_value(&Value::symbol("record")).unwrap();
    server.set_buffer(Some(world.network.buffer("bb").unwrap()));
    assert_eq!(
        server.contact_list().to_string(),
        format!(
            r#"(:name "s" :server t :service {port} :local [127 0 0 1 {port}] :filter record :sentinel record :buffer #<buffer bb>)"#
        )
    );
    server.set_filter_value(&Value::Nil).unwrap();
    server.set_sentinel_value(&Value::Nil).unwrap();
    server.set_buffer(None);
    server.set_query_on_exit(false);
    server.stop();
    server
        .set_plist(Value::list([Value::from(1), Value::from(2)]))
        .unwrap();
    assert_eq!(
        server.contact_list().to_string(),
        format!(
            r#"(:name "s" :server t :service {port} :local [127 0 0 1 {port}] :filter internal-default-process-filter :sentinel internal-default-process-sentinel :buffer nil)"#
        )
    );
}

#[test]
fn an_option_set_later_stands_in_the_contact() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :keepalive nil)"#);
    server.set_option(&NetworkOption::KeepAlive(true)).unwrap();
    assert_eq!(server.contact_value(":keepalive"), Value::t());
}

#[test]
fn unknown_keywords_stay_in_the_contact() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :mine 7 :server t :service t foo bar)"#);
    assert_eq!(server.contact_value(":mine"), Value::from(7));
}

#[test]
fn of_a_keyword_given_twice_the_first_counts_and_both_stay() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :name "x" :server t :service t)"#);
    assert_eq!(server.name(), "s");
    assert!(
        server
            .contact_list()
            .to_string()
            .starts_with(r#"(:name "s" :name "x""#)
    );
}
