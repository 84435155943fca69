//! Giving up and dropping: nothing stays behind.

use futures_lite::future::{block_on, poll_once};
use netproc::network::{Callbacks, Service, Spec};
use netproc::socket::raise_descriptor_limit;
use netproc_tests::{Peer, World, in_own_process, open_descriptors};

/// How many connections talk at once.
const COUNT: usize = 2000;

/// A server whose queue of connections is full, so that connecting to its path waits.
fn full_server(
    world: &World,
) -> (
    netproc::network::Process,
    String,
    Vec<netproc::network::Process>,
) {
    let path = World::quoted(&world.path("full"));
    let server = world.open(&format!(
        r#"(:name "full" :server 0 :family local :service {path} :stop t)"#
    ));
    let list = format!(r#"(:name "c" :family local :service {path})"#);
    let first = world.open(&list);
    (server, list, vec![first])
}

#[test]
fn an_attempt_that_is_dropped_leaves_nothing() {
    if !in_own_process("closing::an_attempt_that_is_dropped_leaves_nothing") {
        return;
    }
    let world = World::new();
    let (_server, list, _first) = full_server(&world);
    let before = (open_descriptors(), world.network.processes().len());
    let spec: Spec = list.parse().unwrap();
    {
        let mut opening = Box::pin(world.network.open_async(spec));
        assert!(
            block_on(poll_once(&mut opening)).is_none(),
            "the queue is full"
        );
        assert_eq!(world.network.processes().len(), before.1 + 1);
    }
    assert_eq!(
        (open_descriptors(), world.network.processes().len()),
        before
    );
}

#[test]
fn deleting_an_attempt_gives_it_up() {
    if !in_own_process("closing::deleting_an_attempt_gives_it_up") {
        return;
    }
    let world = World::new();
    let (_server, list, _first) = full_server(&world);
    let before = open_descriptors();
    let waiting = world.open(&list.replace("(:name", "(:nowait t :name"));
    world.look();
    waiting.delete();
    world.until("its descriptor back", || open_descriptors() == before);
}

#[test]
fn dropping_the_network_closes_everything() {
    if !in_own_process("closing::dropping_the_network_closes_everything") {
        return;
    }
    // The first network starts the reactor and its descriptors.
    World::new().look();
    let before = open_descriptors();
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :filter echo :sentinel record)"#);
    let mut peer = Peer::connect(&server);
    let accepted = world.accepted(&server);
    world.open(r#"(:name "d" :type datagram :server t :service t)"#);
    let (full, list, first) = full_server(&world);
    let waiting = world.open(&list.replace("(:name", "(:nowait t :name"));
    world.look();
    let transcript = world.transcript.clone();
    let handles = (server, accepted, full, first, waiting);
    drop(world);
    assert_eq!(peer.receive_rest(), b"");
    drop(peer);
    assert_eq!(open_descriptors(), before);
    assert!(!handles.0.is_live() && !handles.1.is_live() && !handles.4.is_live());
    assert!(handles.1.send("x").is_err() && handles.1.network().is_none());
    // As at Emacs's exit, no sentinel hears of it.
    assert_eq!(transcript.count("sentinel s \"deleted"), 0);
}

#[test]
fn dropping_the_network_under_background_threads_closes_everything() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :filter echo)"#);
    let background = world.network.run_background(2).unwrap();
    let mut peer = Peer::connect(&server);
    peer.send("x");
    assert_eq!(peer.receive(1), b"x");
    drop(world);
    assert_eq!(peer.receive_rest(), b"");
    background.stop();
}

#[test]
fn a_process_that_ended_gives_its_descriptor_back() {
    if !in_own_process("closing::a_process_that_ended_gives_its_descriptor_back") {
        return;
    }
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :sentinel record)"#);
    drop(Peer::connect(&server));
    world.until("one life", || world.transcript.lines().len() == 2);
    let before = open_descriptors();
    let peers: Vec<_> = (0..5).map(|_| Peer::connect(&server)).collect();
    world.until("all of them", || world.network.processes().len() == 6);
    drop(peers);
    world.until("their ends", || world.network.processes().len() == 1);
    assert_eq!(open_descriptors(), before);
}

#[test]
fn two_thousand_connections_talk_at_once() {
    if !in_own_process("closing::two_thousand_connections_talk_at_once") {
        return;
    }
    let (limit, _) = raise_descriptor_limit().unwrap();
    assert!(
        limit > 2 * COUNT as u64 + 50,
        "room for {limit} descriptors only"
    );
    let world = World::new();
    let server =
        world.open(r#"(:name "s" :server 4096 :service t :filter echo :coding utf-8-unix)"#);
    let clients: Vec<_> = (0..COUNT)
        .map(|number| {
            let spec = Spec::client("c")
                .service(server.service())
                .nowait(true)
                .coding("utf-8-unix")
                .filter_value(world.transcript.filter());
            let client = world.network.open(spec).unwrap();
            (number, client)
        })
        .collect();
    for (number, client) in &clients {
        client.send(&format!("{number}")).unwrap();
    }
    world.until("all echoes", || {
        clients
            .iter()
            .all(|(number, client)| client.bytes_received() == number.to_string().len() as u64)
    });
    world.until("all filters", || {
        world.transcript.count("filter c") == COUNT
    });
    let expected: std::collections::BTreeSet<_> = clients
        .iter()
        .map(|(number, client)| format!("filter {} \"{number}\"", client.name()))
        .collect();
    let heard: std::collections::BTreeSet<_> = world.transcript.lines().into_iter().collect();
    assert!(heard == expected, "each got its own number back");
    assert_eq!(world.network.processes().len(), 2 * COUNT + 1);
}

#[test]
fn an_own_server_is_connected_to_while_its_queue_is_full() {
    let world = World::new();
    let path = world.path("own");
    let spec = Spec::server("s")
        .backlog(0)
        .local_path(&path)
        .filter(|_, _| ());
    let _server = world.network.open(spec).unwrap();
    // In Emacs the third of these hangs for ever: nobody accepts while it blocks.
    for _ in 0..5 {
        world.open(&format!(
            r#"(:name "c" :family local :service {})"#,
            World::quoted(&path)
        ));
    }
    let _other = world
        .network
        .open(Spec::server("t").service(Service::Any))
        .unwrap();
}
