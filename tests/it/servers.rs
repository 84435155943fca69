//! Servers: the order of calls, what connections inherit, failed accepts (probes 04, 08, 25, 26).

use std::time::Instant;

use netproc::lisp::Value;
use netproc::network::{Callbacks, ServerCallbacks, Service, Spec, Status};
use netproc_tests::{Peer, World};

const RECORDED: &str =
    r#"(:name "s" :server t :service t :filter record :sentinel record :log record)"#;

#[test]
fn the_log_comes_first_then_open_then_data_then_the_end() {
    let world = World::new();
    let server = world.open(RECORDED);
    let mut peer = Peer::connect(&server);
    let name = format!("s <127.0.0.1:{}>", peer.address().port());
    peer.send("hello");
    drop(peer);
    assert_eq!(
        world.until_lines(4),
        [
            format!(r#"log s {name} "accept from 127.0.0.1\n""#),
            format!(r#"sentinel {name} "open from 127.0.0.1\n" open"#),
            format!(r#"filter {name} "hello""#),
            format!(r#"sentinel {name} "connection broken by remote peer\n" closed"#),
        ]
    );
}

#[test]
fn a_local_peer_is_called_a_dash() {
    let world = World::new();
    let path = world.path("u");
    world.open(&format!(
        r#"(:name "s" :server t :family local :service {} :sentinel record :log record)"#,
        World::quoted(&path)
    ));
    let _peer = Peer::connect_path(&path);
    assert_eq!(
        world.until_lines(2),
        [
            r#"log s s <1> "accept from -\n""#,
            r#"sentinel s <1> "open from -\n" open"#
        ]
    );
}

#[test]
fn every_pending_connection_is_accepted() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server 50 :service t :sentinel record)"#);
    let peers: Vec<_> = (0..40).map(|_| Peer::connect(&server)).collect();
    world.until("40 connections", || {
        world.transcript.count("sentinel s <") == peers.len()
    });
    assert_eq!(world.network.processes().len(), 41);
}

#[test]
fn in_the_log_function_the_connection_is_open_and_listed() {
    let world = World::new();
    let seen = world.transcript.clone();
    let spec = Spec::server("s")
        .service(Service::Any)
        .log(move |server, connection, _| {
            let connection = connection.expect("a connection");
            let network = server.network().expect("the network that calls");
            let listed = network.process(connection.name()).is_some();
            seen.add(format!("{} {listed}", connection.status()));
        });
    let server = world.network.open(spec).unwrap();
    let _peer = Peer::connect(&server);
    assert_eq!(world.until_lines(1), ["open true"]);
}

#[test]
fn a_log_function_may_refuse_a_connection_by_deleting_it() {
    let world = World::new();
    let seen = world.transcript.clone();
    let spec = Spec::server("s")
        .service(Service::Any)
        .sentinel_value(world.transcript.sentinel())
        .log(move |_, connection, event| {
            seen.add(event);
            connection.expect("a connection").delete();
        });
    let server = world.network.open(spec).unwrap();
    let mut peer = Peer::connect(&server);
    world.until("the deletion", || {
        world
            .transcript
            .lines()
            .iter()
            .any(|line| line.contains("deleted"))
    });
    assert_eq!(peer.receive_rest(), b"");
    world.look();
    let lines = world.transcript.lines();
    assert_eq!(lines[0], "accept from 127.0.0.1\n");
    assert!(
        lines.last().unwrap().ends_with(r#""deleted\n" closed"#),
        "{lines:?}"
    );
}

#[test]
fn a_log_function_may_delete_its_server() {
    let world = World::new();
    let spec = Spec::server("s")
        .service(Service::Any)
        .filter(|process, text| process.send(text))
        .sentinel_value(world.transcript.sentinel())
        .log(|server, _, _| server.delete());
    let server = world.network.open(spec).unwrap();
    let mut peer = Peer::connect(&server);
    peer.send("x");
    let name = format!("s <127.0.0.1:{}>", peer.address().port());
    world.until("both events", || world.transcript.lines().len() == 2);
    let lines = world.transcript.lines();
    assert!(lines.contains(&r#"sentinel s "deleted\n" closed"#.to_owned()));
    assert!(lines.contains(&format!(r#"sentinel {name} "open from 127.0.0.1\n" open"#)));
    let accepted = world.network.process(&name).unwrap();
    world.until("an echo", || accepted.bytes_sent() == 1);
    assert_eq!(peer.receive(1), b"x");
}

#[test]
fn connections_inherit_the_slots_the_server_has_at_that_moment() {
    let world = World::new();
    let server = world.open(
        r#"(:name "s" :server t :service t :filter record :sentinel record :coding latin-1 :plist (a 1))"#,
    );
    let _first = Peer::connect(&server);
    let before = world.accepted(&server);
    server.put(&Value::symbol("a"), Value::from(2)).unwrap();
    server.set_filter_value(&Value::Nil).unwrap();
    let systems = "utf-8-dos".parse().ok();
    server.set_coding_systems(systems, systems);
    let second = Peer::connect(&server);
    let name = format!("s <127.0.0.1:{}>", second.address().port());
    world.until("the second", || world.network.process(&name).is_some());
    let after = world.network.process(&name).unwrap();
    let key = Value::symbol("a");
    assert_eq!(before.get(&key), Value::from(1));
    assert_eq!(after.get(&key), Value::from(2));
    assert_eq!(before.filter_value().to_string(), "record");
    assert_eq!(
        after.filter_value().to_string(),
        "internal-default-process-filter"
    );
    assert_eq!(after.sentinel_value().to_string(), "record");
    assert_eq!(before.coding_systems().0.unwrap().name(), "latin-1");
    assert_eq!(after.coding_systems().0.unwrap().name(), "utf-8-dos");
}

#[test]
fn connections_inherit_neither_the_query_flag_nor_the_stop() {
    let world = World::new();
    let server = world.open(
        r#"(:name "s" :server t :service t :noquery t :stop t :filter record :sentinel record)"#,
    );
    assert!(!server.query_on_exit());
    server.resume();
    let mut peer = Peer::connect(&server);
    peer.send("x");
    let accepted = world.accepted(&server);
    assert!(accepted.query_on_exit());
    assert_eq!(accepted.status(), Status::Open);
    assert!(accepted.contact_value(":stop").is_true());
    world.until("data", || world.transcript.count("filter") == 1);
}

#[test]
fn a_property_set_on_a_connection_is_its_own() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :plist (a 1))"#);
    let _peer = Peer::connect(&server);
    let accepted = world.accepted(&server);
    accepted.put(&Value::symbol("a"), Value::from(9)).unwrap();
    assert_eq!(server.get(&Value::symbol("a")), Value::from(1));
}

#[test]
fn a_stopped_server_accepts_when_it_goes_on() {
    let world = World::new();
    let server = world.open(RECORDED);
    server.stop();
    assert_eq!(server.status(), Status::Stop);
    let living = Peer::connect(&server);
    let gone = Peer::connect(&server);
    let gone_name = format!("s <127.0.0.1:{}>", gone.address().port());
    drop(gone);
    world.look();
    assert_eq!(world.transcript.lines(), [""; 0]);
    server.resume();
    world.until_line(&format!(
        r#"sentinel {gone_name} "connection broken by remote peer\n" closed"#
    ));
    world.until("both logs", || world.transcript.count("log s") == 2);
    let name = format!("s <127.0.0.1:{}>", living.address().port());
    world.until("the living one", || world.network.process(&name).is_some());
}

#[test]
fn a_server_with_filter_t_accepts_and_its_connections_do_not_read() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :filter t :sentinel record)"#);
    let mut peer = Peer::connect(&server);
    peer.send("unheard");
    let accepted = world.accepted(&server);
    world.look();
    assert_eq!(accepted.bytes_received(), 0);
    accepted.set_filter_value(&Value::symbol("record")).unwrap();
    world.until_line(&format!(r#"filter {} "unheard""#, accepted.name()));
}

#[test]
fn the_backlog_is_what_the_integer_says() {
    let world = World::new();
    // Nobody accepts: of a backlog of 0 the kernel takes one connection, the rest wait.
    let server = world.open(r#"(:name "s" :server 0 :service t :stop t)"#);
    let waiting = || {
        let address = server
            .local_address()
            .and_then(|address| address.to_std())
            .unwrap();
        let hurry = std::time::Duration::from_millis(200);
        std::net::TcpStream::connect_timeout(&address, hurry)
    };
    let first = waiting();
    assert!(first.is_ok());
    let outcomes: Vec<_> = (0..3).map(|_| waiting()).collect();
    assert!(
        outcomes.iter().any(Result::is_err),
        "a backlog of 0 took four"
    );
    let roomy = world.open(r#"(:name "s" :server 30 :service t :stop t)"#);
    let taken: Vec<_> = (0..30).map(|_| Peer::connect(&roomy)).collect();
    assert_eq!(taken.len(), 30);
}

#[test]
fn a_server_without_descriptors_tells_its_log_rests_and_accepts_later() {
    if !netproc_tests::in_own_process(
        "servers::a_server_without_descriptors_tells_its_log_rests_and_accepts_later",
    ) {
        return;
    }
    let world = World::new();
    let server = world.open(RECORDED);
    let _peer = Peer::connect(&server);
    let mut hoard = Vec::new();
    while let Ok(file) = std::fs::File::open("/dev/null") {
        hoard.push(file);
    }
    let before = Instant::now();
    world.until_line(r#"log s nil "accept failed with code24\n""#);
    world.look();
    // At a tenth of a second each, however long the machine took for the looks.
    let tries = world.transcript.count("log s nil") as u128;
    assert!(tries <= 1 + before.elapsed().as_millis() / 100, "it spins");
    drop(hoard);
    world.until("the connection", || {
        world.transcript.count("log s s <") == 1
    });
}
