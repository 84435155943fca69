//! The end of one direction: nothing that was on its way is lost.

use std::io::Write;
use std::thread;

use netproc::network::{Callbacks, ExitStatus, Limits, Service, Spec, Status};
use netproc_tests::{Peer, World};

/// Bytes in which a lost, doubled or moved piece shows.
fn pattern(length: usize) -> Vec<u8> {
    let period: Vec<u8> = (0..=250).collect();
    let mut bytes = period.repeat(length / period.len() + 1);
    bytes.truncate(length);
    bytes
}

fn echo_everything(world: &World, size: usize) {
    let server = world.open(
        r#"(:name "echo" :server t :service t :coding binary :filter echo :sentinel record)"#,
    );
    let mut peer = Peer::connect(&server);
    let (Peer::Tcp(stream), sent) = (&peer, pattern(size)) else {
        unreachable!("a peer over TCP")
    };
    let mut writer = stream.try_clone().unwrap();
    let bytes = sent.clone();
    let writing = thread::spawn(move || {
        writer.write_all(&bytes).unwrap();
        writer.shutdown(std::net::Shutdown::Write).unwrap();
    });
    let reading = thread::spawn(move || peer.receive_rest());
    world.until("the end", || {
        let lines = world.transcript.lines();
        lines.iter().any(|line| line.contains("broken"))
    });
    writing.join().unwrap();
    let received = reading.join().unwrap();
    assert_eq!(received.len(), sent.len());
    assert!(received == sent, "the same bytes in the same order");
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn an_echo_server_returns_10_megabytes_that_end_with_a_half_close() {
    echo_everything(&World::new(), 10_000_000);
}

#[test]
fn an_echo_server_with_small_marks_returns_everything_too() {
    let limits = Limits {
        read_size: 1000,
        high_water: 3000,
        low_water: 500,
        ..Limits::DEFAULT
    };
    echo_everything(&World::with(|builder| builder.limits(limits)), 300_000);
}

#[test]
fn reading_goes_on_after_the_end_was_sent() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :service {port} :filter record :sentinel record)"#
    ));
    let mut peer = Peer::accept(&listener);
    client.send("question").unwrap();
    client.send_eof().unwrap();
    assert_eq!(client.status(), Status::Open);
    assert_eq!(peer.receive_rest(), b"question");
    peer.send("answer");
    drop(peer);
    assert_eq!(
        world.until_lines(2),
        [
            r#"filter c "answer""#,
            r#"sentinel c "connection broken by remote peer\n" closed"#
        ]
    );
    assert_eq!(client.exit_status(), ExitStatus::Code(256));
}

#[test]
fn sending_after_the_end_succeeds_and_goes_nowhere() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port})"#));
    let mut peer = Peer::accept(&listener);
    client.send_eof().unwrap();
    client.send("unheard").unwrap();
    client.send_eof().unwrap();
    assert_eq!(peer.receive_rest(), b"");
    assert_eq!(client.status(), Status::Open);
}

#[test]
fn the_end_follows_everything_that_was_queued() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :coding binary)"#));
    let mut peer = Peer::accept(&listener);
    let sent = pattern(8_000_000);
    let reading = thread::spawn(move || peer.receive_rest());
    for piece in sent.chunks(100_000) {
        client.send(piece).unwrap();
    }
    client.send_eof().unwrap();
    world.until("everything sent", || client.bytes_sent() == 8_000_000);
    assert!(reading.join().unwrap() == sent);
}

#[test]
fn a_stopped_process_can_end_what_it_sends() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :stop t)"#));
    let mut peer = Peer::accept(&listener);
    client.send("last").unwrap();
    client.send_eof().unwrap();
    assert_eq!(peer.receive_rest(), b"last");
    assert_eq!(client.status(), Status::Stop);
}

#[test]
fn a_filter_may_answer_after_the_peer_has_ended() {
    let world = World::new();
    let server = world
        .network
        .open(
            Spec::server("s")
                .service(Service::Any)
                .filter(|process, _| {
                    process.send("answer")?;
                    process.send_eof()
                })
                .sentinel_value(world.transcript.sentinel()),
        )
        .unwrap();
    let mut peer = Peer::connect(&server);
    peer.send("question");
    peer.finish();
    world.until("the end", || world.transcript.lines().len() == 2);
    assert_eq!(peer.receive_rest(), b"answer");
}

#[test]
fn what_cannot_be_sent_any_more_is_reported() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :filter record)"#);
    let peer = Peer::connect(&server);
    let accepted = world.accepted(&server);
    // Inside of a callback sending queues what the kernel does not take.
    let spec = Spec::client("trigger").service(server.service());
    let trigger = world.network.open(spec).unwrap();
    let big = pattern(30_000_000);
    accepted.set_coding_systems("binary".parse().ok(), "binary".parse().ok());
    let target = accepted.clone();
    let name = trigger.local_address().unwrap().port().unwrap();
    let name = format!("s <127.0.0.1:{name}>");
    world.until("the trigger", || world.network.process(&name).is_some());
    let triggered = world.network.process(&name).unwrap();
    triggered.set_filter(move |_, _| target.send(&big));
    trigger.send("go").unwrap();
    world.until("a queue", || accepted.queued_bytes() > 0);
    let left = accepted.queued_bytes();
    accepted.delete();
    drop(peer);
    assert_eq!(
        world.faults.lines(),
        [format!(
            "process {} ended with {left} bytes unsent",
            accepted.name()
        )]
    );
}
