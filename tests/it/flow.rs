//! Stopping, going on, and the filter t (probe 08-flow).

use netproc::lisp::Value;
use netproc::network::{Callbacks, Process, Spec, Status};
use netproc_tests::{Peer, World};
use std::time::Duration;

fn client(world: &World, more: &str) -> (Process, Peer) {
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :service {port} :sentinel record {more})"#
    ));
    (client, Peer::accept(&listener))
}

#[test]
fn a_stopped_process_neither_reads_nor_notices_the_end() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":filter record");
    client.stop();
    assert_eq!(client.status(), Status::Stop);
    peer.send("held");
    drop(peer);
    world.look();
    assert_eq!(world.transcript.lines(), [""; 0]);
    client.resume();
    assert_eq!(
        world.until_lines(2),
        [
            r#"filter c "held""#,
            r#"sentinel c "connection broken by remote peer\n" closed"#
        ]
    );
}

#[test]
fn stopping_and_going_on_twice_is_as_once() {
    let world = World::new();
    let (client, _peer) = client(&world, "");
    client.stop();
    client.stop();
    assert_eq!(client.status(), Status::Stop);
    client.resume();
    client.resume();
    assert_eq!(client.status(), Status::Open);
    assert_eq!(world.transcript.lines(), [""; 0]);
}

#[test]
fn a_stopped_process_sends() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":stop t");
    assert_eq!(client.status(), Status::Stop);
    client.send("out").unwrap();
    assert_eq!(peer.receive(3), b"out");
}

#[test]
fn a_stopped_process_that_can_send_no_more_hears_of_its_end() {
    let world = World::new();
    let (client, peer) = client(&world, "");
    client.stop();
    drop(peer);
    world.until("a refusal", || client.send("x").is_err());
    world.until_line(r#"sentinel c "connection broken by remote peer\n" closed"#);
    assert!(client.is_stopped());
}

#[test]
fn the_filter_t_stops_reading_but_not_the_status() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":filter t");
    assert_eq!(client.status(), Status::Open);
    peer.send("held");
    drop(peer);
    world.look();
    assert_eq!(world.transcript.lines(), [""; 0]);
    assert_eq!(client.status(), Status::Open);
    client.set_filter_value(&Value::symbol("record")).unwrap();
    assert_eq!(
        world.until_lines(2),
        [
            r#"filter c "held""#,
            r#"sentinel c "connection broken by remote peer\n" closed"#
        ]
    );
}

#[test]
fn stop_and_the_filter_t_must_both_be_lifted() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":filter t :stop t");
    peer.send("held");
    client.resume();
    world.look();
    assert_eq!(client.bytes_received(), 0);
    client.stop();
    client.set_filter_value(&Value::symbol("record")).unwrap();
    world.look();
    assert_eq!(client.bytes_received(), 0);
    client.resume();
    world.until_line(r#"filter c "held""#);
}

#[test]
fn waiting_for_a_stopped_process_times_out() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":stop t :filter record");
    peer.send("held");
    let waited = world
        .network
        .accept_output(&client, Duration::from_millis(50));
    assert!(!waited.unwrap());
}

#[test]
fn a_stopped_process_can_be_deleted() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":stop t");
    client.delete();
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "deleted\n" closed"#]
    );
    assert_eq!(client.status(), Status::Closed);
    assert_eq!(peer.receive_rest(), b"");
}

#[test]
fn a_filter_may_stop_its_process_and_go_on_later() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c")
        .service(port)
        .filter(move |process, text| {
            seen.add(text.to_string_lossy());
            process.stop();
        });
    let client = world.network.open(spec).unwrap();
    let mut peer = Peer::accept(&listener);
    peer.send("one");
    world.until_lines(1);
    peer.send("two");
    world.look();
    assert_eq!(world.transcript.lines(), ["one"]);
    client.resume();
    assert_eq!(world.until_lines(2), ["one", "two"]);
}

#[test]
fn a_filter_may_replace_itself_from_the_next_text_on() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c")
        .service(port)
        .filter(move |process, text| {
            seen.add(text.to_string_lossy());
            process.set_filter_value(&Value::symbol("record"))
        });
    world.network.open(spec).unwrap();
    let mut peer = Peer::accept(&listener);
    peer.send("one");
    world.until_lines(1);
    peer.send("two");
    assert_eq!(world.until_lines(2), ["one", r#"filter c "two""#]);
}

#[test]
fn a_stopped_datagram_process_leaves_messages_in_the_kernel() {
    let world = World::new();
    let server =
        world.open(r#"(:name "s" :server t :type datagram :service t :filter record :stop t)"#);
    let client = world.open(&format!(
        r#"(:name "c" :type datagram :service {})"#,
        server.port().unwrap()
    ));
    client.send("one").unwrap();
    client.send("two").unwrap();
    world.look();
    assert_eq!(world.transcript.lines(), [""; 0]);
    server.resume();
    assert_eq!(
        world.until_lines(2),
        [r#"filter s "one""#, r#"filter s "two""#]
    );
}
