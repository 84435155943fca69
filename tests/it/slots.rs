//! `:noquery`, `:plist`, functions by name or value, and the defaults of what is left out (probe 03).

use netproc::lisp::Value;
use netproc::network::{Callbacks, Process, Service, Spec};
use netproc_tests::{Peer, World};

fn server(world: &World, more: &str) -> Process {
    world.open(&format!(r#"(:name "s" :server t :service t {more})"#))
}

#[test]
fn what_is_left_out_has_the_defaults_of_emacs() {
    let world = World::new();
    let server = server(&world, "");
    assert_eq!(
        server.filter_value().to_string(),
        "internal-default-process-filter"
    );
    assert_eq!(
        server.sentinel_value().to_string(),
        "internal-default-process-sentinel"
    );
    assert!(server.buffer().is_none());
    assert!(server.plist().is_nil());
    assert!(server.query_on_exit());
}

#[test]
fn anything_but_nil_in_noquery_clears_the_query_flag() {
    let world = World::new();
    assert!(!server(&world, ":noquery t").query_on_exit());
    assert!(!server(&world, ":noquery 0").query_on_exit());
    assert!(server(&world, ":noquery nil").query_on_exit());
}

#[test]
fn the_query_flag_can_be_set() {
    let world = World::new();
    let server = server(&world, ":noquery t");
    server.set_query_on_exit(true);
    assert!(server.query_on_exit());
}

#[test]
fn the_plist_is_the_process_s_own_copy() {
    let world = World::new();
    let server = server(&world, ":plist (a 1 b 2)");
    assert_eq!(server.plist().to_string(), "(a 1 b 2)");
    server.put(&Value::symbol("b"), Value::from(3)).unwrap();
    server.put(&Value::symbol("c"), Value::from(4)).unwrap();
    assert_eq!(server.plist().to_string(), "(a 1 b 3 c 4)");
    assert_eq!(server.contact_value(":plist").to_string(), "(a 1 b 2)");
}

#[test]
fn a_plist_must_be_a_list() {
    let world = World::new();
    let error = server(&world, "").set_plist(Value::from(5)).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        "(wrong-type-argument listp 5)"
    );
}

#[test]
fn an_odd_plist_gives_nil_and_takes_nothing() {
    let world = World::new();
    let server = server(&world, ":plist (a)");
    assert!(server.get(&Value::symbol("a")).is_nil());
    assert!(server.put(&Value::symbol("b"), Value::from(1)).is_err());
}

#[test]
fn a_closure_in_the_builder_is_as_good_as_a_name_in_a_list() {
    let world = World::new();
    let spec = Spec::server("s")
        .service(Service::Any)
        .filter(|process, text| process.send(text))
        .noquery(true);
    let server = world.network.open(spec).unwrap();
    assert!(!server.query_on_exit());
    let mut peer = Peer::connect(&server);
    peer.send("x");
    let accepted = world.accepted(&server);
    world.until("an echo", || accepted.bytes_sent() == 1);
    assert_eq!(peer.receive(1), b"x");
}

#[test]
fn a_filter_set_to_nil_is_the_default_one_again() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :service {port} :filter record :buffer "b")"#
    ));
    client.set_filter_value(&Value::Nil).unwrap();
    Peer::accept(&listener).send("text");
    let buffer = client.buffer().unwrap();
    world.until("text", || {
        buffer.text().to_string_lossy().starts_with("text")
    });
    assert_eq!(world.transcript.lines(), [""; 0]);
}

#[test]
fn a_function_nobody_knows_is_refused_and_changes_nothing() {
    let world = World::new();
    let server = server(&world, ":filter record");
    assert!(server.set_filter_value(&Value::symbol("nobody")).is_err());
    assert_eq!(server.filter_value().to_string(), "record");
}
