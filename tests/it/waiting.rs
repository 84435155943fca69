//! `accept-process-output` (probe 11-accept): when it returns, what it returns, what runs inside.

use std::thread;
use std::time::{Duration, Instant};

use netproc::network::{Callbacks, Error, Process, Spec, Status};
use netproc_tests::{PATIENCE, Peer, Transcript, World};

const SHORT: Duration = Duration::from_millis(30);

fn client(world: &World, name: &str) -> (Process, Peer) {
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "{name}" :service {port} :filter record :sentinel record)"#
    ));
    (client, Peer::accept(&listener))
}

/// Waits for a line that another thread causes.
fn until_line(transcript: &Transcript, line: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !transcript.has(line) && Instant::now() < deadline {
        thread::yield_now();
    }
}

#[test]
fn without_data_it_returns_false_when_the_time_is_up() {
    let world = World::new();
    let (client, _peer) = client(&world, "c");
    let before = Instant::now();
    assert!(!world.network.accept_output(&client, SHORT).unwrap());
    assert!(!world.network.accept_output(None, SHORT).unwrap());
    assert!(before.elapsed() >= SHORT * 2);
    assert!(
        !world
            .network
            .accept_output(&client, Duration::ZERO)
            .unwrap()
    );
}

#[test]
fn with_data_it_returns_true_after_the_filter() {
    let world = World::new();
    let (client, mut peer) = client(&world, "c");
    peer.send("x");
    assert!(world.network.accept_output(&client, PATIENCE).unwrap());
    assert_eq!(world.transcript.lines(), [r#"filter c "x""#]);
    peer.send("y");
    assert!(world.network.accept_output(None, PATIENCE).unwrap());
    assert_eq!(world.transcript.lines().len(), 2);
}

#[test]
fn no_time_limit_waits_until_there_is_data() {
    let world = World::new();
    let (client, mut peer) = client(&world, "c");
    let sending = thread::spawn(move || {
        peer.send("x");
        peer
    });
    assert!(world.network.accept_output(&client, None).unwrap());
    drop(sending.join());
}

#[test]
fn bytes_that_are_no_character_yet_count() {
    let world = World::new();
    let (client, mut peer) = client(&world, "c");
    peer.send(b"\xe4");
    assert!(world.network.accept_output(&client, PATIENCE).unwrap());
    assert_eq!(world.transcript.lines(), [""; 0]);
}

#[test]
fn the_end_returns_false_and_so_does_every_later_wait() {
    let world = World::new();
    let (client, peer) = client(&world, "c");
    drop(peer);
    assert!(!world.network.accept_output(&client, None).unwrap());
    assert_eq!(client.status(), Status::Closed);
    assert!(!world.network.accept_output(&client, None).unwrap());
}

#[test]
fn data_and_the_end_in_one_wait_return_true() {
    let world = World::new();
    let (client, mut peer) = client(&world, "c");
    peer.send("bye");
    drop(peer);
    assert!(world.network.accept_output(&client, PATIENCE).unwrap());
    assert!(world.transcript.has(r#"filter c "bye""#));
}

#[test]
fn a_server_is_not_waited_for() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t)"#);
    assert!(!world.network.accept_output(&server, None).unwrap());
}

#[test]
fn a_failed_process_is_not_waited_for() {
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    let client = world.open(&format!(r#"(:name "c" :nowait t :service {port})"#));
    assert!(!world.network.accept_output(&client, None).unwrap());
    assert_eq!(client.status(), Status::Failed);
}

#[test]
fn other_processes_are_served_meanwhile() {
    let world = World::new();
    let (waited_for, mut late) = client(&world, "a");
    let (_other, mut peer) = client(&world, "b");
    let server = world.open(r#"(:name "s" :server t :service t :filter echo)"#);
    peer.send("served");
    let mut through_server = Peer::connect(&server);
    let sending = thread::spawn(move || {
        through_server.send("echo");
        assert_eq!(through_server.receive(4), b"echo");
        late.send("late");
        late
    });
    assert!(world.network.accept_output(&waited_for, PATIENCE).unwrap());
    drop(sending.join().unwrap());
    let lines = world.transcript.lines();
    assert!(
        lines.contains(&r#"filter b "served""#.to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.contains(&r#"filter a "late""#.to_owned()),
        "{lines:?}"
    );
}

#[test]
fn nothing_runs_outside_of_waits() {
    let world = World::new();
    let (client, mut peer) = client(&world, "c");
    peer.send("x");
    // The peer has its bytes acknowledged when this returns, and still nobody reads.
    assert_eq!(client.bytes_received(), 0);
    assert_eq!(world.transcript.lines(), [""; 0]);
}

#[test]
fn a_callback_may_not_wait_for_its_own_process() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c").service(port).filter(move |process, _| {
        let network = process.network().expect("a network");
        let outcome = network.accept_output(process, Duration::ZERO);
        seen.add(format!(
            "{}",
            matches!(outcome, Err(Error::Reentered { .. }))
        ));
    });
    world.network.open(spec).unwrap();
    Peer::accept(&listener).send("x");
    assert_eq!(world.until_lines(1), ["true"]);
}

#[test]
fn a_callback_may_wait_for_another_process() {
    let world = World::new();
    let (other, mut other_peer) = client(&world, "other");
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c").service(port).filter(move |process, _| {
        seen.add("waits");
        let network = process.network().expect("a network");
        let outcome = network.accept_output(&other, PATIENCE).unwrap();
        seen.add(format!("waited {outcome}"));
    });
    world.network.open(spec).unwrap();
    let mut peer = Peer::accept(&listener);
    let transcript = world.transcript.clone();
    let sending = thread::spawn(move || {
        peer.send("x");
        until_line(&transcript, "waits");
        other_peer.send("inner");
        (peer, other_peer)
    });
    world.until("the outer filter", || world.transcript.count("waited") == 1);
    drop(sending.join());
    assert_eq!(
        world.transcript.lines(),
        ["waits", r#"filter other "inner""#, "waited true"]
    );
}

#[test]
fn a_nested_wait_delivers_newer_text_inside_of_the_filter() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c")
        .service(port)
        .filter(move |process, text| {
            let text = text.to_string_lossy().into_owned();
            seen.add(format!("enter {text}"));
            if text == "1" {
                seen.add("ready");
                let network = process.network().expect("a network");
                let outcome = network.accept_output_nested(process, PATIENCE);
                seen.add(format!("waited {outcome}"));
            }
            seen.add(format!("leave {text}"));
        });
    let client = world.network.open(spec).unwrap();
    let mut peer = Peer::accept(&listener);
    let transcript = world.transcript.clone();
    let sending = thread::spawn(move || {
        peer.send("1");
        until_line(&transcript, "ready");
        peer.send("2");
        peer
    });
    assert!(world.network.accept_output(&client, PATIENCE).unwrap());
    drop(sending.join());
    assert_eq!(
        world.transcript.lines(),
        [
            "enter 1",
            "ready",
            "enter 2",
            "leave 2",
            "waited true",
            "leave 1"
        ]
    );
}

#[test]
fn a_nested_wait_leaves_other_processes_alone() {
    let world = World::new();
    let (one, mut first) = client(&world, "one");
    let (_two, mut second) = client(&world, "two");
    second.send("unheard");
    first.send("heard");
    assert!(world.network.accept_output_nested(&one, PATIENCE));
    assert_eq!(world.transcript.lines(), [r#"filter one "heard""#]);
    world.until_line(r#"filter two "unheard""#);
}

#[test]
fn awaiting_serves_the_network_too() {
    let world = World::new();
    let (client, mut peer) = client(&world, "c");
    peer.send("x");
    let waited = world.network.accept_output_async(&client, PATIENCE);
    assert!(futures_lite::future::block_on(waited).unwrap());
    assert_eq!(world.transcript.lines(), [r#"filter c "x""#]);
}

#[test]
fn chunks_are_no_longer_than_the_read_size() {
    let limits = netproc::network::Limits {
        read_size: 2,
        ..Default::default()
    };
    let world = World::with(|builder| builder.limits(limits));
    let (_client, mut peer) = client(&world, "c");
    peer.send("12345");
    assert_eq!(
        world.until_lines(3),
        [r#"filter c "12""#, r#"filter c "34""#, r#"filter c "5""#]
    );
}
