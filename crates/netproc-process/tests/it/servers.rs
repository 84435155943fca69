//! Servers and what they accept (probes 04-naming and 06-status).

use netproc_lisp::Value;
use netproc_process::{Accepted, Failure, Input, Machine};

use crate::support::*;

const SERVER: &str = "(:name \"s\" :server t :service t :filter f :sentinel s :log l)";

#[test]
fn a_server_listens_and_hears_only_that_it_is_deleted() {
    let mut server = listening(SERVER, "127.0.0.1:39928");
    assert_eq!(slots(&server), "listen (listen connect stop) 0 nil");
    assert!(events(&mut server).is_empty());
    server.handle(Input::Delete).unwrap();
    assert_eq!(
        events(&mut server),
        ["close", "retire", r#"sentinel "deleted\n""#]
    );
    assert_eq!(slots(&server), "closed nil 0 nil");
}

#[test]
fn the_log_comes_before_the_sentinel_and_that_before_data() {
    let server = listening(SERVER, "127.0.0.1:39928");
    let mut kid = accept(&server, "127.0.0.1:55914");
    assert_eq!(&**kid.name(), "s <127.0.0.1:55914>");
    assert_eq!(slots(&kid), "open (open listen connect stop) 0 nil");
    kid.handle(Input::Received(b"first")).unwrap();
    let expected = [
        r#"l "accept from 127.0.0.1\n""#,
        r#"sentinel "open from 127.0.0.1\n""#,
        "filter first",
    ];
    assert_eq!(events(&mut kid), expected);
}

#[test]
fn peers_without_a_host_are_numbered_and_called_by_a_dash() {
    let path = "\"/tmp/u\"";
    let mut server = machine(&format!(
        "(:name \"un\" :server t :family local :service {path} :log l)"
    ));
    let local = netproc_address::Address::from_value(&value(path)).unwrap();
    server
        .handle(Input::Listening {
            local: local.clone(),
        })
        .unwrap();
    let remote = netproc_address::Address::from_value(&value("\"\"")).unwrap();
    let name = server.accepted_name(&remote, 3);
    assert_eq!(name, "un <3>");
    let mut kid = Machine::accepted(
        &server,
        Accepted {
            name: name.into(),
            local,
            remote,
        },
    );
    let expected = [r#"l "accept from -\n""#, r#"sentinel "open from -\n""#];
    assert_eq!(events(&mut kid), expected);
    assert_eq!(kid.contact(&Value::Nil).to_string(), r#"(t "/tmp/u")"#);
    assert_eq!(
        kid.contact(&Value::t()).to_string(),
        r#"(:name "un" :server nil :family local :service "/tmp/u" :log l :local "/tmp/u" :host t :remote "")"#
    );
}

#[test]
fn a_failed_accept_is_logged_without_a_connection() {
    let mut server = listening(SERVER, "127.0.0.1:1");
    server
        .handle(Input::AcceptFailed(Failure::System { errno: 24 }))
        .unwrap();
    assert_eq!(events(&mut server), [r#"l "accept failed with code24\n""#]);
}

#[test]
fn a_failed_accept_is_logged_before_the_last_event() {
    let mut server = listening(SERVER, "127.0.0.1:1");
    server
        .handle(Input::AcceptFailed(Failure::System { errno: 24 }))
        .unwrap();
    server.handle(Input::Delete).unwrap();
    let expected = [
        "close",
        "retire",
        r#"l "accept failed with code24\n""#,
        r#"sentinel "deleted\n""#,
    ];
    assert_eq!(events(&mut server), expected);
}

#[test]
fn without_a_log_function_nothing_is_logged() {
    let mut server = listening("(:name \"s\" :server t :service t)", "127.0.0.1:1");
    server
        .handle(Input::AcceptFailed(Failure::System { errno: 24 }))
        .unwrap();
    assert!(events(&mut server).is_empty());
    let mut kid = accept(&server, "127.0.0.1:2");
    assert_eq!(events(&mut kid), [r#"sentinel "open from 127.0.0.1\n""#]);
}

#[test]
fn connections_inherit_what_the_server_has_at_that_moment() {
    let mut server = listening(
        "(:name \"s\" :server t :service t :noquery t :stop t :plist (k 1))",
        "127.0.0.1:44725",
    );
    server.set_filter(&Value::symbol("f-log"));
    server.set_sentinel(&Value::symbol("s-log"));
    let latin = "latin-1-unix".parse().unwrap();
    let utf16 = "utf-16le-dos".parse().unwrap();
    server.set_coding_systems(Some(latin), Some(utf16));
    server.put(&Value::symbol("z"), Value::from(1)).unwrap();

    let mut kid = accept(&server, "127.0.0.1:35720");
    assert_eq!(kid.filter().to_string(), "f-log");
    assert_eq!(kid.sentinel().to_string(), "s-log");
    assert_eq!(kid.coding_systems(), (Some(latin), Some(utf16)));
    assert_eq!(kid.plist().to_string(), "(k 1 z 1)");
    assert!(kid.query_on_exit() && !kid.is_stopped() && kid.log().is_nil());

    // Neither side sees what the other changes afterwards.
    kid.put(&Value::symbol("k"), Value::from(99)).unwrap();
    server.set_filter(&Value::Nil);
    assert_eq!(server.get(&Value::symbol("k")), Value::from(1));
    assert_eq!(kid.filter().to_string(), "f-log");
}

#[test]
fn a_connection_gets_a_buffer_unless_the_server_has_a_filter_function() {
    let remote = address("127.0.0.1:53854");
    let mut server = listening("(:name \"s\" :server t :service t)", "127.0.0.1:1");
    let wanted = |server: &Machine| server.accepted_buffer_name(&remote, 1);
    assert_eq!(wanted(&server).as_deref(), Some("s <127.0.0.1:53854>"));
    server.attach_buffer("sb", Value::Nil);
    assert_eq!(wanted(&server).as_deref(), Some("sb <127.0.0.1:53854>"));
    server.set_filter(&Value::t());
    assert_eq!(wanted(&server).as_deref(), Some("sb <127.0.0.1:53854>"));
    server.set_filter(&Value::symbol("f-log"));
    assert_eq!(wanted(&server), None);
}

#[test]
fn deleting_the_server_leaves_its_connections_working() {
    let mut server = listening(SERVER, "127.0.0.1:1");
    let mut kid = accept(&server, "127.0.0.1:2");
    server.handle(Input::Delete).unwrap();
    kid.handle(Input::Received(b"queued")).unwrap();
    assert_eq!(events(&mut kid).last().unwrap(), "filter queued");
    assert_eq!(kid.contact(&Value::Nil).to_string(), r#"("127.0.0.1" 2)"#);
}

#[test]
fn ipv6_peers_are_named_in_network_order() {
    let server = listening(
        "(:name \"v6\" :server t :family ipv6 :service t)",
        "[::1]:40607",
    );
    let kid = accept(&server, "[2001:db8::5]:41548");
    assert_eq!(&**kid.name(), "v6 <[2001:db8:0:0:0:0:0:5]:41548>");
    assert_eq!(
        kid.contact(&Value::Nil).to_string(),
        r#"("2001:db8:0:0:0:0:0:5" 41548)"#
    );
}
