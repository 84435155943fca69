//! Names of processes, of accepted connections and of their buffers (probe 04-naming).

use netproc_tests::{Peer, World, has_ipv6};

fn names(world: &World) -> Vec<String> {
    let processes = world.network.processes();
    processes
        .iter()
        .map(|process| process.name().to_owned())
        .collect()
}

fn server(world: &World, name: &str) -> netproc::network::Process {
    world.open(&format!("(:name {name:?} :server t :service t)"))
}

#[test]
fn a_name_taken_gets_the_lowest_free_suffix() {
    let world = World::new();
    let made: Vec<_> = (0..4).map(|_| server(&world, "n")).collect();
    let made_names: Vec<_> = made.iter().map(netproc::network::Process::name).collect();
    assert_eq!(made_names, ["n", "n<1>", "n<2>", "n<3>"]);
    made[1].delete();
    assert_eq!(server(&world, "n").name(), "n<1>");
    made[0].delete();
    assert_eq!(server(&world, "n").name(), "n");
}

#[test]
fn a_name_that_looks_suffixed_gets_a_second_suffix() {
    let world = World::new();
    let _first = server(&world, "n<2>");
    assert_eq!(server(&world, "n<2>").name(), "n<2><1>");
}

#[test]
fn the_contact_keeps_the_name_as_given() {
    let world = World::new();
    let _first = server(&world, "n");
    let second = server(&world, "n");
    assert_eq!(second.contact_value(":name").to_string(), "\"n\"");
}

#[test]
fn a_name_may_be_empty_or_of_any_characters() {
    let world = World::new();
    assert_eq!(server(&world, "").name(), "");
    assert_eq!(server(&world, "").name(), "<1>");
    assert_eq!(server(&world, "Größe %d").name(), "Größe %d");
}

#[test]
fn processes_are_listed_the_newest_first() {
    let world = World::new();
    for name in ["a", "b", "c"] {
        server(&world, name);
    }
    assert_eq!(names(&world), ["c", "b", "a"]);
}

#[test]
fn a_process_is_found_by_its_name_until_it_is_deleted() {
    let world = World::new();
    let process = server(&world, "s");
    assert_eq!(
        world.network.process("s").map(|found| found.id()),
        Some(process.id())
    );
    process.delete();
    assert!(world.network.process("s").is_none());
    assert!(world.network.process_by_id(process.id()).is_none());
}

#[test]
fn a_connection_over_ipv4_is_named_after_its_peer() {
    let world = World::new();
    let _taken = server(&world, "s");
    let server = server(&world, "s");
    let peer = Peer::connect(&server);
    let expected = format!("s<1> <127.0.0.1:{}>", peer.address().port());
    assert_eq!(world.accepted(&server).name(), expected);
}

#[test]
fn a_connection_over_ipv6_is_named_after_its_peer_in_network_order() {
    if !has_ipv6() {
        return;
    }
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :host local :family ipv6 :service t)"#);
    let peer = Peer::connect(&server);
    let expected = format!("s <[0:0:0:0:0:0:0:1]:{}>", peer.address().port());
    let accepted = world.accepted(&server);
    assert_eq!(accepted.name(), expected);
    assert_eq!(
        accepted.contact_value(":host").as_str(),
        Some("0:0:0:0:0:0:0:1")
    );
}

#[test]
fn connections_over_local_sockets_are_counted_with_all_others() {
    let world = World::new();
    let internet = server(&world, "i");
    let _first = Peer::connect(&internet);
    world.accepted(&internet);
    let path = world.path("u");
    let local = world.open(&format!(
        r#"(:name "u" :server t :family local :service {})"#,
        World::quoted(&path)
    ));
    let _second = Peer::connect_path(&path);
    assert_eq!(world.accepted(&local).name(), "u <2>");
    let _third = Peer::connect_path(&path);
    world.until("the third connection", || {
        world.network.process("u <3>").is_some()
    });
}

/// Makes a server with these arguments, connects to it and returns the buffer of the connection.
fn accepted_buffer(arguments: &str) -> (World, Option<String>, u16) {
    let world = World::new();
    let server = world.open(&format!(r#"(:name "s" :server t :service t {arguments})"#));
    let mut peer = Peer::connect(&server);
    peer.send("hello");
    let accepted = world.accepted(&server);
    let buffer = accepted.buffer().map(|buffer| buffer.name().to_string());
    (world, buffer, peer.address().port())
}

#[test]
fn a_connection_gets_a_buffer_named_after_the_server_without_a_filter() {
    let (_world, buffer, port) = accepted_buffer("");
    assert_eq!(buffer, Some(format!("s <127.0.0.1:{port}>")));
    let (_world, buffer, port) = accepted_buffer(":filter t");
    assert_eq!(buffer, Some(format!("s <127.0.0.1:{port}>")));
    let (_world, buffer, port) = accepted_buffer(":filter internal-default-process-filter");
    assert_eq!(buffer, Some(format!("s <127.0.0.1:{port}>")));
}

#[test]
fn a_connection_gets_a_buffer_named_after_the_buffer_of_the_server() {
    let (_world, buffer, port) = accepted_buffer(r#":buffer "sb""#);
    assert_eq!(buffer, Some(format!("sb <127.0.0.1:{port}>")));
}

#[test]
fn a_connection_gets_no_buffer_where_the_server_has_a_filter() {
    assert_eq!(accepted_buffer(":filter record").1, None);
    assert_eq!(accepted_buffer(r#":filter record :buffer "sb""#).1, None);
}

#[test]
fn what_counts_is_the_filter_when_the_connection_is_accepted() {
    let world = World::new();
    let server = server(&world, "s");
    server
        .set_filter_value(&netproc::lisp::Value::symbol("record"))
        .unwrap();
    let _peer = Peer::connect(&server);
    assert!(world.accepted(&server).buffer().is_none());
}

#[test]
fn the_buffer_of_a_connection_outlives_it() {
    let world = World::new();
    let server = server(&world, "s");
    let mut peer = Peer::connect(&server);
    peer.send("hello");
    let accepted = world.accepted(&server);
    let buffer = accepted.buffer().unwrap();
    drop(peer);
    world.until("the end", || !accepted.is_live());
    world.until("the words of the default sentinel", || {
        buffer.text().to_string_lossy().ends_with("peer\n")
    });
    let expected = format!(
        "hello\nProcess {} connection broken by remote peer\n",
        accepted.name()
    );
    assert_eq!(buffer.text(), expected.as_str());
    assert_eq!(world.network.find_buffer(&buffer.name()), Some(buffer));
}
