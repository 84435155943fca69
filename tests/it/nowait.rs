//! `:nowait`: lookup and connection in the background, every outcome told (probes 05 and 07).

use std::net::IpAddr;
use std::time::{Duration, Instant};

use netproc::network::{Callbacks, ExitStatus, NetworkOption, Process, Spec, Status};
use netproc::socket::{Backend, LookupError, MemoryNetwork};
use netproc_tests::{Peer, World};

const RECORDED: &str = r#":name "c" :nowait t :filter record :sentinel record"#;

#[test]
fn success_is_told_later_as_open() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    for address in [
        format!(":host \"localhost\" :service {port}"),
        format!(":host \"127.0.0.1\" :service {port}"),
        format!(":remote [127 0 0 1 {port}]"),
    ] {
        let world = World::new();
        let client = world.open(&format!("({RECORDED} {address})"));
        assert_eq!(client.status(), Status::Connect, "{address}");
        assert_eq!(client.exit_status(), ExitStatus::Code(0));
        assert_eq!(world.transcript.lines(), [""; 0]);
        world.until_line(r#"sentinel c "open\n" open"#);
        assert_eq!(client.status(), Status::Open);
        drop(Peer::accept(&listener));
    }
    drop(world);
}

#[test]
fn a_local_connection_stands_at_once_and_is_told_later_all_the_same() {
    let world = World::new();
    for kind in ["nil", "seqpacket"] {
        let path = World::quoted(&world.path(kind));
        world.open(&format!(
            r#"(:name "s" :server t :type {kind} :family local :service {path})"#
        ));
        let client = world.open(&format!(
            "({RECORDED} :type {kind} :family local :service {path})"
        ));
        assert_eq!(client.status(), Status::Connect);
        world.until_line(r#"sentinel c "open\n" open"#);
        client.delete();
    }
}

#[test]
fn open_comes_before_any_data() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    world.open(&format!("({RECORDED} :service {port})"));
    // The kernel connects it once the network runs, and that is before anything is read.
    listener.set_nonblocking(true).unwrap();
    let mut peer = None;
    world.until("the connection", || {
        peer = peer.take().or_else(|| listener.accept().ok());
        peer.is_some()
    });
    let (mut peer, _) = peer.unwrap();
    std::io::Write::write_all(&mut peer, b"early").unwrap();
    drop(peer);
    assert_eq!(
        world.until_lines(3),
        [
            r#"sentinel c "open\n" open"#,
            r#"filter c "early""#,
            r#"sentinel c "connection broken by remote peer\n" closed"#
        ]
    );
}

#[test]
fn refusal_is_told_with_the_number_of_the_system() {
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    let client = world.open(&format!("({RECORDED} :host \"127.0.0.1\" :service {port})"));
    world.until_line(r#"sentinel c "failed with code 111\n" failed"#);
    assert_eq!(client.exit_status(), ExitStatus::Code(111));
    assert!(
        world.network.process("c").is_some(),
        "it stays until it is deleted"
    );
    assert_eq!(
        client.send("x").unwrap_err().condition().to_string(),
        r#"(error "Process c not running")"#
    );
    client.delete();
    assert_eq!(world.until_lines(2)[1], r#"sentinel c "deleted\n" closed"#);
    assert_eq!(client.exit_status(), ExitStatus::Code(0));
    assert!(world.network.process("c").is_none());
}

#[test]
fn refusal_shows_the_address_tried_in_the_contact() {
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    let client = world.open(&format!("({RECORDED} :host \"127.0.0.1\" :service {port})"));
    world.until("the end", || client.status() == Status::Failed);
    let remote = client.contact_value(":remote").to_string();
    assert_eq!(remote, format!("[127 0 0 1 {port}]"));
}

#[test]
fn a_missing_path_is_told_too() {
    let world = World::new();
    let path = World::quoted(&world.path("missing"));
    let client = world.open(&format!("({RECORDED} :family local :service {path})"));
    assert_eq!(client.status(), Status::Connect);
    world.until_line(r#"sentinel c "failed with code 2\n" failed"#);
    assert_eq!(client.exit_status(), ExitStatus::Code(2));
}

#[test]
fn a_service_that_has_no_port_is_told_too() {
    let world = World::new();
    let client = world.open(&format!(
        "({RECORDED} :host \"localhost\" :service \"no-such-service\")"
    ));
    assert_eq!(client.status(), Status::Connect);
    let lines = world.until_lines(1);
    assert!(lines[0].starts_with("sentinel c \"failed"), "{lines:?}");
    assert_eq!(
        client.exit_status(),
        ExitStatus::Text("Name lookup of localhost failed".into())
    );
}

#[test]
fn a_name_that_is_not_found_is_told_too() {
    let memory = MemoryNetwork::new(1);
    memory.fail_lookup("nosuch.test", LookupError::from_code(-2));
    let world = World::with(|builder| builder.backend(Backend::memory(&memory)));
    let client = world.open(&format!("({RECORDED} :host \"nosuch.test\" :service 80)"));
    assert_eq!(client.status(), Status::Connect);
    let done = world.network.connected_in(&memory, &client);
    assert_eq!(done, Status::Failed);
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "failed: name lookup of nosuch.test: Name or service not known\n" failed"#]
    );
    assert_eq!(
        client.exit_status(),
        ExitStatus::Text("Name lookup of nosuch.test failed".into())
    );
}

/// Lets a network in memory run until a process is connected or failed and has told so.
trait InMemory {
    fn connected_in(&self, memory: &MemoryNetwork, process: &Process) -> Status;
}

impl InMemory for netproc::network::Network {
    fn connected_in(&self, memory: &MemoryNetwork, process: &Process) -> Status {
        let network = self.clone();
        let status = memory.run(self.run(async {
            let status = process.connected_async().await;
            // What was told together with it is delivered.
            for _ in 0..10 {
                futures_lite::future::yield_now().await;
            }
            status
        }));
        drop(network);
        status.expect("an outcome")
    }
}

#[test]
fn opening_does_not_wait_for_the_lookup() {
    let memory = MemoryNetwork::new(1);
    memory.add_host("slow.test", [IpAddr::from([192, 0, 2, 1])]);
    memory.set_lookup_delay(Duration::from_secs(3600));
    let world = World::with(|builder| builder.backend(Backend::memory(&memory)));
    let before = Instant::now();
    let client = world.open(&format!("({RECORDED} :host \"slow.test\" :service 80)"));
    assert!(before.elapsed() < Duration::from_secs(60));
    assert_eq!(client.status(), Status::Connect);
    world.look();
    assert_eq!(client.status(), Status::Connect);
    client.delete();
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "deleted\n" closed"#]
    );
}

#[test]
fn what_is_sent_before_waits_for_the_connection() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!("({RECORDED} :service {port})"));
    client.send("first ").unwrap();
    assert_eq!(client.status(), Status::Open);
    client.send("second").unwrap();
    assert_eq!(Peer::accept(&listener).receive(12), b"first second");
}

#[test]
fn whoever_waits_for_the_connection_goes_on_when_the_sentinel_has_heard() {
    let verbs: [fn(&Process); 4] = [
        |client| client.send("early").unwrap(),
        |client| client.send_eof().unwrap(),
        |client| drop(client.contact()),
        |client| client.set_option(&NetworkOption::KeepAlive(true)).unwrap(),
    ];
    let (_listener, port) = Peer::listen();
    for verb in verbs {
        let world = World::new();
        verb(&world.open(&format!("({RECORDED} :service {port})")));
        assert_eq!(world.transcript.lines(), [r#"sentinel c "open\n" open"#]);
    }
}

#[test]
fn sending_reports_that_the_connection_failed() {
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    let client = world.open(&format!("({RECORDED} :service {port})"));
    assert_eq!(
        client.send("x").unwrap_err().condition().to_string(),
        r#"(error "Process c not running")"#
    );
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "failed with code 111\n" failed"#]
    );
}

#[test]
fn the_contact_waits_for_the_socket() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(
        "(:name \"c\" :nowait t :host \"127.0.0.1\" :service {port})"
    ));
    assert_eq!(
        client.contact_value(":remote").to_string(),
        format!("[127 0 0 1 {port}]")
    );
    assert_eq!(client.status(), Status::Open);
}

#[test]
fn deleting_before_says_deleted_and_nothing_else() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!("({RECORDED} :host \"localhost\" :service {port})"));
    client.delete();
    world.look();
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "deleted\n" closed"#]
    );
    assert!(world.network.processes().is_empty());
}

#[test]
fn a_stopped_one_is_told_open_and_reads_later() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :log record)"#);
    let port = server.port().unwrap();
    let client = world.open(&format!("({RECORDED} :stop t :service {port})"));
    assert_eq!(client.status(), Status::Stop);
    world.until_line(r#"sentinel c "open\n" stop"#);
    world.accepted(&server).send("held").unwrap();
    world.look();
    assert_eq!(world.transcript.count("filter"), 0);
    client.resume();
    world.until_line(r#"filter c "held""#);
}

#[test]
fn the_default_sentinel_writes_failures_into_the_buffer_and_not_open() {
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    let client = world.open(&format!(
        r#"(:name "c" :nowait t :service {port} :buffer "b")"#
    ));
    let buffer = client.buffer().unwrap();
    world.until("words", || !buffer.text().is_empty());
    assert_eq!(buffer.text(), "\nProcess c failed with code 111\n");
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "d" :nowait t :service {port} :buffer "d")"#
    ));
    world.until("the connection", || client.status() == Status::Open);
    world.look();
    assert!(client.buffer().unwrap().text().is_empty());
}

#[test]
fn a_datagram_process_by_host_is_told_open() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :type datagram :service t :filter record)"#);
    let port = server.port().unwrap();
    let client = world.open(&format!(
        "({RECORDED} :type datagram :host \"localhost\" :family ipv4 :service {port})"
    ));
    assert_eq!(client.status(), Status::Connect);
    world.until_line(r#"sentinel c "open\n" open"#);
    client.send("x").unwrap();
    world.until_line(r#"filter s "x""#);
}

#[test]
fn a_datagram_process_by_address_is_open_at_once() {
    let world = World::new();
    let client = world.open(&format!(
        "({RECORDED} :type datagram :remote [127 0 0 1 9])"
    ));
    assert_eq!(client.status(), Status::Open);
    world.look();
    assert_eq!(world.transcript.lines(), [""; 0]);
}

#[test]
fn callbacks_may_be_changed_before_the_connection_stands() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let spec = Spec::client("c")
        .service(port)
        .nowait(true)
        .sentinel(|_, _| ());
    let client = world.network.open(spec).unwrap();
    let seen = world.transcript.clone();
    client.set_sentinel(move |_, event| seen.add(event));
    assert_eq!(world.until_lines(1), ["open\n"]);
}
