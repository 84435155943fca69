//! Sequenced packets: records are kept apart (probe 15-seqpacket).

use netproc::network::{Limits, Process, Status};
use netproc_tests::World;

/// A server and a client that record their calls.
fn pair(world: &World) -> (Process, Process) {
    let path = World::quoted(&world.path("q"));
    let server = world.open(&format!(
        r#"(:name "s" :server t :type seqpacket :family local :service {path} :coding binary
            :filter record :sentinel record :log record)"#
    ));
    let client = world.open(&format!(
        r#"(:name "c" :type seqpacket :family local :service {path} :coding binary
            :filter record :sentinel record)"#
    ));
    (server, client)
}

#[test]
fn a_connection_is_logged_and_named_like_a_stream() {
    let world = World::new();
    let (server, client) = pair(&world);
    assert_eq!(
        (server.status(), client.status()),
        (Status::Listen, Status::Open)
    );
    assert_eq!(
        world.until_lines(2),
        [
            r#"log s s <1> "accept from -\n""#,
            r#"sentinel s <1> "open from -\n" open"#
        ]
    );
    assert_eq!(client.datagram_address(), None);
}

#[test]
fn each_record_is_one_call() {
    let world = World::new();
    let (server, client) = pair(&world);
    client.send("one").unwrap();
    client.send("two").unwrap();
    world.until_line(r#"filter s <1> "two""#);
    let accepted = world.accepted(&server);
    accepted.send("r1").unwrap();
    accepted.send("r2").unwrap();
    world.until_line(r#"filter c "r2""#);
    assert!(world.transcript.has(r#"filter s <1> "one""#));
    assert!(world.transcript.has(r#"filter c "r1""#));
}

#[test]
fn a_record_longer_than_the_read_size_is_kept_whole() {
    let limits = Limits {
        read_size: 16,
        ..Limits::default()
    };
    let world = World::with(|builder| builder.limits(limits));
    let (_server, client) = pair(&world);
    let record = "0123456789".repeat(100);
    client.send(&record).unwrap();
    world.until_line(&format!(r#"filter s <1> "{record}""#));
}

#[test]
fn a_record_too_long_for_the_system_is_refused() {
    let world = World::new();
    let (_server, client) = pair(&world);
    let condition = client
        .send(&"x".repeat(4_000_000))
        .unwrap_err()
        .condition()
        .to_string();
    assert!(condition.contains("Message too long"), "{condition}");
    assert_eq!(client.status(), Status::Open);
    client.send("next").unwrap();
    world.until_line(r#"filter s <1> "next""#);
}

#[test]
fn records_that_wait_in_the_queue_stay_apart() {
    let world = World::new();
    let (_server, client) = pair(&world);
    for number in 0..2000 {
        client.send(&format!("{number:0100}")).unwrap();
    }
    world.until("all records", || {
        world.transcript.count("filter s <1>") == 2000
    });
    let lines = world.transcript.lines();
    let filtered: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("filter"))
        .collect();
    for (number, line) in filtered.into_iter().enumerate() {
        assert_eq!(*line, format!(r#"filter s <1> "{number:0100}""#));
    }
}

#[test]
fn the_end_half_closes_as_with_streams() {
    let world = World::new();
    let (server, client) = pair(&world);
    let accepted = world.accepted(&server);
    client.send_eof().unwrap();
    world.until_line(r#"sentinel s <1> "connection broken by remote peer\n" closed"#);
    world.until_line(r#"sentinel c "connection broken by remote peer\n" closed"#);
    assert!(!accepted.is_live() && !client.is_live());
}

#[test]
fn an_empty_record_is_data_and_the_end_is_the_end() {
    let world = World::new();
    let path = world.path("q");
    world.open(&format!(
        r#"(:name "s" :server t :type seqpacket :family local :service {}
            :filter record :sentinel record)"#,
        World::quoted(&path)
    ));
    let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::from(5), None).unwrap();
    socket
        .connect(&socket2::SockAddr::unix(&path).unwrap())
        .unwrap();
    socket.send(b"a").unwrap();
    socket.send(b"").unwrap();
    socket.send(b"b").unwrap();
    drop(socket);
    let lines = world.until_lines(5);
    assert_eq!(
        lines,
        [
            r#"sentinel s <1> "open from -\n" open"#,
            r#"filter s <1> "a""#,
            r#"filter s <1> """#,
            r#"filter s <1> "b""#,
            r#"sentinel s <1> "connection broken by remote peer\n" closed"#
        ]
    );
}
