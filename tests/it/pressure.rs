//! Peers that do not read, channels that are full: memory stays bounded and nothing is lost.

use std::io::Write;
use std::thread;

use netproc::network::{Callbacks, Event, Limits, Service, Spec};
use netproc_tests::{Peer, World};

const LIMITS: Limits = Limits {
    read_size: 16 * 1024,
    high_water: 64 * 1024,
    low_water: 16 * 1024,
    ..Limits::DEFAULT
};

/// More than the kernel buffers between two sockets.
const MUCH: usize = 24_000_000;

/// Bytes that show a change of their order.
///
/// All of them are ASCII: inserting millions of raw bytes into a buffer takes an unoptimized build
/// longer than all that is tested here.
fn pattern(length: usize) -> Vec<u8> {
    let period: Vec<u8> = (0..=126).collect();
    let mut bytes = period.repeat(length / period.len() + 1);
    bytes.truncate(length);
    bytes
}

fn writer(peer: &Peer, bytes: Vec<u8>) -> thread::JoinHandle<()> {
    let Peer::Tcp(stream) = peer else {
        unreachable!("a peer over TCP")
    };
    let mut stream = stream.try_clone().unwrap();
    thread::spawn(move || {
        stream.write_all(&bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
    })
}

/// Drives the network until it holds back, and some more to see that it goes on doing so.
#[track_caller]
fn until_stalled(world: &World, stalled: impl Fn() -> bool) {
    world.until("a stall", stalled);
    world.look();
}

#[test]
fn an_echo_to_a_peer_that_does_not_read_stops_reading() {
    let world = World::with(|builder| builder.limits(LIMITS));
    let server = world
        .open(r#"(:name "s" :server t :service t :coding binary :filter echo :sentinel record)"#);
    let mut peer = Peer::connect(&server);
    let sent = pattern(MUCH);
    let writing = writer(&peer, sent.clone());
    let accepted = world.accepted(&server);
    until_stalled(&world, || accepted.queued_bytes() >= 64 * 1024);
    let queued = accepted.queued_bytes();
    assert!(
        queued <= 64 * 1024 + 16 * 16 * 1024,
        "{queued} bytes in the queue"
    );
    assert!(accepted.bytes_received() < MUCH as u64);
    let reading = thread::spawn(move || peer.receive_rest());
    world.until("the end", || !accepted.is_live());
    writing.join().unwrap();
    assert!(reading.join().unwrap() == sent, "everything in its order");
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn two_ends_that_both_send_much_do_not_wait_for_each_other() {
    let world = World::with(|builder| builder.limits(LIMITS));
    let server = world.open(r#"(:name "s" :server t :service t :coding binary :filter echo)"#);
    let spec = Spec::client("c")
        .service(server.service())
        .coding("binary")
        .buffer("echoed");
    let client = world.network.open(spec).unwrap();
    let sent = pattern(MUCH);
    client.send(&sent).unwrap();
    let echoed = client.buffer().unwrap();
    world.until("everything back", || {
        echoed.with(|buffer| buffer.len()) == MUCH
    });
    assert!(echoed.text().as_bytes() == sent, "everything in its order");
}

#[test]
fn a_forwarder_to_a_peer_that_does_not_read_stops_reading() {
    let world = World::with(|builder| builder.limits(LIMITS));
    let (listener, port) = Peer::listen();
    let out = world.open(&format!(r#"(:name "out" :service {port} :coding binary)"#));
    let mut slow = Peer::accept(&listener);
    let (target, ended) = (out.clone(), out.clone());
    let spec = Spec::server("in")
        .service(Service::Any)
        .coding("binary")
        .filter(move |_, text| target.send(text))
        .sentinel(move |process, _| {
            if process.is_live() {
                Ok(())
            } else {
                ended.send_eof()
            }
        });
    let server = world.network.open(spec).unwrap();
    let peer = Peer::connect(&server);
    let sent = pattern(MUCH);
    let writing = writer(&peer, sent.clone());
    let accepted = world.accepted(&server);
    until_stalled(&world, || out.queued_bytes() >= 64 * 1024);
    let queued = out.queued_bytes();
    assert!(
        queued <= 64 * 1024 + 16 * 16 * 1024,
        "{queued} bytes in the queue"
    );
    let reading = thread::spawn(move || slow.receive_rest());
    world.until("everything", || out.bytes_sent() == MUCH as u64);
    world.until("the end", || !accepted.is_live());
    writing.join().unwrap();
    assert!(reading.join().unwrap() == sent, "everything in its order");
}

#[test]
fn sending_from_outside_waits_while_the_queue_is_full() {
    let world = World::with(|builder| builder.limits(LIMITS));
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :coding binary)"#));
    let mut peer = Peer::accept(&listener);
    let reading = thread::spawn(move || peer.receive_rest());
    let sent = pattern(MUCH);
    for piece in sent.chunks(50_000) {
        client.send(piece).unwrap();
        let queued = client.queued_bytes();
        assert!(queued < 64 * 1024, "{queued} bytes in the queue");
    }
    client.send_eof().unwrap();
    world.until("everything", || client.bytes_sent() == MUCH as u64);
    assert!(reading.join().unwrap() == sent);
}

#[test]
fn a_sender_that_waits_is_told_when_the_process_is_deleted() {
    let world = World::with(|builder| builder.limits(LIMITS));
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :coding binary)"#));
    let _peer = Peer::accept(&listener);
    let (trigger_listener, port) = Peer::listen();
    let victim = client.clone();
    let spec = Spec::client("t")
        .service(port)
        .filter(move |_, _| victim.delete());
    world.network.open(spec).unwrap();
    let mut trigger = Peer::accept(&trigger_listener);
    // The deletion runs inside of the send that waits.
    trigger.send("now");
    let error = client.send(&pattern(MUCH)).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        r#"(error "Output file descriptor of c is closed")"#
    );
}

#[test]
fn a_full_channel_stops_reading_and_loses_nothing() {
    let world = World::with(|builder| builder.limits(LIMITS));
    let (listener, port) = Peer::listen();
    let (sender, receiver) = async_channel::bounded(2);
    let spec = Spec::client("c")
        .service(port)
        .coding("binary")
        .events(&sender);
    drop(sender);
    let client = world.network.open(spec).unwrap();
    let peer = Peer::accept(&listener);
    let sent = pattern(MUCH);
    let writing = writer(&peer, sent.clone());
    until_stalled(&world, || receiver.is_full());
    // The channel, the event that waits for room, and what one turn of reading gave.
    let received = client.bytes_received();
    assert!(received <= 20 * 16 * 1024, "{received} bytes were read");
    drop(peer);
    let mut data = Vec::new();
    let mut ends = Vec::new();
    world.until("the end", || {
        while let Ok(event) = receiver.try_recv() {
            match event {
                Event::Data { text, .. } => data.extend_from_slice(&text.as_bytes()),
                Event::Changed { message, .. } => ends.push(message),
                other => panic!("{other:?}"),
            }
        }
        !ends.is_empty()
    });
    writing.join().unwrap();
    assert!(data == sent, "everything in its order");
    assert_eq!(ends, ["connection broken by remote peer\n"]);
}

#[test]
fn events_of_a_server_come_in_the_order_of_its_callbacks() {
    use netproc::network::ServerCallbacks;
    let world = World::new();
    let (sender, receiver) = async_channel::bounded(1);
    let spec = Spec::server("s")
        .service(Service::Any)
        .events(&sender)
        .log_events(&sender);
    let server = world.network.open(spec).unwrap();
    let mut peer = Peer::connect(&server);
    peer.send("hello");
    drop(peer);
    let mut events = Vec::new();
    world.until("four events", || {
        events.extend(std::iter::from_fn(|| receiver.try_recv().ok()));
        events.len() == 4
    });
    let lines: Vec<_> = events
        .iter()
        .map(|event| match event {
            Event::Data { text, .. } => text.to_string_lossy().into_owned(),
            Event::Changed { message, .. } | Event::Log { message, .. } => message.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        lines,
        [
            "accept from 127.0.0.1\n",
            "open from 127.0.0.1\n",
            "hello",
            "connection broken by remote peer\n"
        ]
    );
}

#[test]
fn a_channel_nobody_reads_any_more_is_like_a_filter_that_ignores() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let (sender, receiver) = async_channel::bounded(1);
    let client = world
        .network
        .open(Spec::client("c").service(port).events(&sender))
        .unwrap();
    drop(receiver);
    let mut peer = Peer::accept(&listener);
    peer.send("ignored");
    drop(peer);
    world.until("the end", || !client.is_live());
}
