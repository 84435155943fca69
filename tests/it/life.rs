//! Statuses, exit statuses and what sentinels hear (probes 06-status and 25-misc).

use netproc::network::{Callbacks, ExitStatus, Process, Spec, Status};
use netproc_tests::{Peer, World};

/// A client whose calls are recorded, and its peer.
fn client(world: &World, more: &str) -> (Process, Peer) {
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :service {port} :filter record :sentinel record {more})"#
    ));
    (client, Peer::accept(&listener))
}

#[test]
fn a_blocking_connection_is_open_and_its_sentinel_hears_nothing() {
    let world = World::new();
    let (client, _peer) = client(&world, "");
    assert_eq!(client.status(), Status::Open);
    assert_eq!(client.exit_status(), ExitStatus::Code(0));
    world.look();
    assert_eq!(world.transcript.lines(), [""; 0]);
}

#[test]
fn a_peer_that_closes_breaks_the_connection() {
    let world = World::new();
    let (client, peer) = client(&world, "");
    drop(peer);
    world.until_line(r#"sentinel c "connection broken by remote peer\n" closed"#);
    assert_eq!(client.status(), Status::Closed);
    assert_eq!(client.exit_status(), ExitStatus::Code(256));
    assert!(world.network.processes().is_empty());
    assert_eq!(world.transcript.lines().len(), 1);
}

#[test]
fn a_peer_that_resets_breaks_the_connection() {
    let world = World::new();
    let (client, peer) = client(&world, "");
    peer.reset();
    world.until_line(r#"sentinel c "connection broken by remote peer\n" closed"#);
    assert_eq!(client.exit_status(), ExitStatus::Code(256));
}

#[test]
fn all_data_comes_before_the_end() {
    let world = World::new();
    let (_client, mut peer) = client(&world, "");
    peer.send("last words");
    drop(peer);
    assert_eq!(
        world.until_lines(2),
        [
            r#"filter c "last words""#,
            r#"sentinel c "connection broken by remote peer\n" closed"#
        ]
    );
}

#[test]
fn deleting_tells_the_sentinel_before_it_returns() {
    let world = World::new();
    let (client, mut peer) = client(&world, "");
    client.delete();
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "deleted\n" closed"#]
    );
    assert_eq!(client.exit_status(), ExitStatus::Code(0));
    assert!(world.network.processes().is_empty());
    assert_eq!(peer.receive_rest(), b"");
}

#[test]
fn deleting_again_says_nothing_but_makes_the_exit_status_0() {
    let world = World::new();
    let (client, peer) = client(&world, "");
    drop(peer);
    world.until_line(r#"sentinel c "connection broken by remote peer\n" closed"#);
    assert_eq!(client.exit_status(), ExitStatus::Code(256));
    client.delete();
    client.delete();
    assert_eq!(client.exit_status(), ExitStatus::Code(0));
    assert_eq!(world.transcript.lines().len(), 1);
}

#[test]
fn deleting_drops_what_was_not_read_and_delivers_what_was_sent() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":filter-multibyte t");
    client.send("farewell").unwrap();
    client.delete();
    assert_eq!(peer.receive_rest(), b"farewell");
    assert_eq!(world.transcript.count("filter"), 0);
}

#[test]
fn a_server_listens_and_hears_only_of_its_deletion() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :sentinel record)"#);
    assert_eq!(server.status(), Status::Listen);
    assert_eq!(server.exit_status(), ExitStatus::Code(0));
    server.delete();
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel s "deleted\n" closed"#]
    );
    assert_eq!(server.status(), Status::Closed);
}

#[test]
fn connections_outlive_their_server() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :filter echo)"#);
    let mut peer = Peer::connect(&server);
    let accepted = world.accepted(&server);
    server.delete();
    peer.send("still there");
    world.until("an echo", || accepted.bytes_sent() == 11);
    assert_eq!(peer.receive(11), b"still there");
}

#[test]
fn the_name_is_free_again_when_the_sentinel_hears_of_the_end() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c").service(port).sentinel(move |process, _| {
        let network = process.network().expect("the network that calls");
        let listed = network.process("c").is_some() || !network.processes().is_empty();
        seen.add(format!("{listed} {}", process.status()));
    });
    world.network.open(spec).unwrap();
    drop(Peer::accept(&listener));
    assert_eq!(world.until_lines(1), ["false closed"]);
}

#[test]
fn sending_to_what_is_not_open_is_refused() {
    let world = World::new();
    let refused = |process: &Process| process.send("x").unwrap_err().condition().to_string();
    let server = world.open(r#"(:name "s" :server t :service t)"#);
    assert_eq!(refused(&server), r#"(error "Process s not running")"#);
    let (client, _peer) = client(&world, "");
    client.delete();
    assert_eq!(refused(&client), r#"(error "Process c not running")"#);
    assert_eq!(
        client.send_eof().unwrap_err().condition().to_string(),
        r#"(error "Process c not running")"#
    );
}

#[test]
fn the_second_write_after_the_peer_closed_closes_the_process() {
    let world = World::new();
    // Stopped, so that the end is noticed by writing and not by reading.
    let (client, peer) = client(&world, ":stop t");
    drop(peer);
    client.send("into the void").unwrap();
    let mut refused = None;
    world.until("a refusal", || {
        refused = client.send("again").err();
        refused.is_some()
    });
    let condition = refused.unwrap().condition().to_string();
    assert!(
        condition == r#"(error "process c no longer connected to pipe; closed it")"#
            || condition.contains("Connection reset by peer"),
        "{condition}"
    );
}

#[test]
fn a_local_peer_that_closed_is_noticed_by_the_first_write() {
    let world = World::new();
    let path = world.path("u");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let client = world.open(&format!(
        r#"(:name "c" :family local :service {} :stop t)"#,
        World::quoted(&path)
    ));
    drop(listener.accept().unwrap());
    assert_eq!(
        client.send("x").unwrap_err().condition().to_string(),
        r#"(error "process c no longer connected to pipe; closed it")"#
    );
}

#[test]
fn a_process_prints_as_in_emacs_in_every_state() {
    let world = World::new();
    let (client, _peer) = client(&world, "");
    assert_eq!(client.to_string(), "#<process c>");
    client.delete();
    assert_eq!(client.to_string(), "#<process c>");
}

#[test]
fn a_sentinel_may_delete_its_process() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c")
        .service(port)
        .sentinel(move |process, event| {
            seen.add(event);
            process.delete();
        });
    world.network.open(spec).unwrap();
    drop(Peer::accept(&listener));
    world.until_lines(1);
    world.look();
    assert_eq!(
        world.transcript.lines(),
        ["connection broken by remote peer\n"]
    );
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn a_filter_may_delete_its_process_and_hears_nothing_more() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let (seen, heard) = (world.transcript.clone(), world.transcript.clone());
    let spec = Spec::client("c")
        .service(port)
        .filter(move |process, text| {
            seen.add(text.to_string_lossy());
            process.delete();
            seen.add("returned");
        })
        .sentinel(move |_, event| heard.add(event));
    let client = world.network.open(spec).unwrap();
    let mut peer = Peer::accept(&listener);
    peer.send("first");
    world.until("the end", || !client.is_live());
    world.until_lines(3);
    peer.finish();
    world.look();
    assert_eq!(world.transcript.lines(), ["first", "returned", "deleted\n"]);
}

#[test]
fn a_filter_may_delete_another_process() {
    let world = World::new();
    let victim = world.open(r#"(:name "v" :server t :service t :sentinel record)"#);
    let (listener, port) = Peer::listen();
    let doomed = victim.clone();
    let spec = Spec::client("c")
        .service(port)
        .filter(move |_, _| doomed.delete());
    world.network.open(spec).unwrap();
    Peer::accept(&listener).send("x");
    world.until_line(r#"sentinel v "deleted\n" closed"#);
    assert_eq!(victim.status(), Status::Closed);
}

#[test]
fn killing_a_buffer_deletes_its_process() {
    let world = World::new();
    let (client, mut peer) = client(&world, r#":buffer "b""#);
    let buffer = client.buffer().unwrap();
    world.network.kill_buffer(&buffer);
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "deleted\n" closed"#]
    );
    assert_eq!(peer.receive_rest(), b"");
}

#[test]
fn killing_the_buffer_of_a_server_deletes_the_server() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :buffer "b")"#);
    world.network.kill_buffer(&server.buffer().unwrap());
    assert_eq!(server.status(), Status::Closed);
}
