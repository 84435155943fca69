//! Datagram processes (probe 14-datagram, deviations of `docs/deviations.md`).

use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;

use netproc::address::{Address, LocalName};
use netproc::network::Process;
use netproc_tests::{PATIENCE, World};

fn server(world: &World) -> Process {
    world.open(r#"(:name "s" :server t :type datagram :service t :filter record :sentinel record)"#)
}

fn client(world: &World, server: &Process, name: &str) -> Process {
    world.open(&format!(
        r#"(:name "{name}" :type datagram :service {} :filter record)"#,
        server.port().unwrap()
    ))
}

fn socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

#[test]
fn a_server_answers_the_last_sender() {
    let world = World::new();
    let server = server(&world);
    let (a, b) = (client(&world, &server, "a"), client(&world, &server, "b"));
    a.send("from a").unwrap();
    world.until_line(r#"filter s "from a""#);
    server.send("reply1").unwrap();
    world.until_line(r#"filter a "reply1""#);
    b.send("from b").unwrap();
    world.until_line(r#"filter s "from b""#);
    server.send("reply2").unwrap();
    world.until_line(r#"filter b "reply2""#);
}

#[test]
fn in_the_filter_the_address_is_that_of_the_sender() {
    let world = World::new();
    let server = server(&world);
    let seen = world.transcript.clone();
    server.set_filter(move |process, text| {
        let port = process
            .datagram_address()
            .and_then(|address| address.port());
        seen.add(format!("{} {:?}", text.to_string_lossy(), port));
    });
    let address = server.local_address().unwrap().to_std().unwrap();
    let (a, b) = (socket(), socket());
    a.send_to(b"a", address).unwrap();
    b.send_to(b"b", address).unwrap();
    let port = |socket: &UdpSocket| Some(socket.local_addr().unwrap().port());
    assert_eq!(
        world.until_lines(2),
        [format!("a {:?}", port(&a)), format!("b {:?}", port(&b))]
    );
}

#[test]
fn each_datagram_is_one_call() {
    let world = World::new();
    let server = server(&world);
    let client = client(&world, &server, "c");
    client.send("one").unwrap();
    client.send("two").unwrap();
    assert_eq!(
        world.until_lines(2),
        [r#"filter s "one""#, r#"filter s "two""#]
    );
}

#[test]
fn an_empty_datagram_is_data() {
    let world = World::new();
    let server = server(&world);
    let socket = socket();
    let address = server.local_address().unwrap().to_std().unwrap();
    socket.send_to(b"", address).unwrap();
    socket.send_to(b"after", address).unwrap();
    assert_eq!(
        world.until_lines(2),
        [r#"filter s """#, r#"filter s "after""#]
    );
    assert!(server.is_live());
}

#[test]
fn an_empty_string_sends_nothing() {
    let world = World::new();
    let server = server(&world);
    let client = client(&world, &server, "c");
    client.send("").unwrap();
    client.send("after").unwrap();
    assert_eq!(world.until_lines(1), [r#"filter s "after""#]);
}

#[test]
fn the_longest_datagram_arrives_whole_and_a_longer_one_is_refused() {
    let world = World::new();
    let server = server(&world);
    let seen = world.transcript.clone();
    server.set_filter(move |_, text| seen.add(text.byte_len().to_string()));
    let client = client(&world, &server, "c");
    client.send(&"x".repeat(65507)).unwrap();
    assert_eq!(world.until_lines(1), ["65507"]);
    let error = client.send(&"x".repeat(65508)).unwrap_err();
    let condition = error.condition().to_string();
    assert!(condition.contains("Message too long"), "{condition}");
    client.send("ok").unwrap();
    assert_eq!(world.until_lines(2), ["65507", "2"]);
}

#[test]
fn a_split_character_does_not_join_with_the_next_datagram() {
    let world = World::new();
    let server = world.open(
        r#"(:name "s" :server t :type datagram :service t :coding utf-8-unix :filter record)"#,
    );
    let socket = socket();
    let address = server.local_address().unwrap().to_std().unwrap();
    socket.send_to(b"\xe4\xb8", address).unwrap();
    socket.send_to("\u{4e2d}".as_bytes(), address).unwrap();
    assert_eq!(world.until_lines(2)[1], "filter s \"\u{4e2d}\"");
}

#[test]
fn the_target_can_be_set() {
    let world = World::new();
    let server = server(&world);
    let socket = socket();
    let target = Address::from(socket.local_addr().unwrap());
    assert!(server.set_datagram_address(&target));
    assert_eq!(server.datagram_address(), Some(target));
    server.send("directed").unwrap();
    let mut buffer = [0; 16];
    let (count, from) = socket.recv_from(&mut buffer).unwrap();
    assert_eq!(&buffer[..count], b"directed");
    assert_eq!(Some(from.port()), server.port());
}

#[test]
fn a_target_of_another_family_is_not_taken() {
    let world = World::new();
    let server = server(&world);
    let six: std::net::SocketAddr = "[::1]:7".parse().unwrap();
    assert!(!server.set_datagram_address(&six.into()));
    let path = Address::Local(LocalName::path("/tmp/x").unwrap());
    assert!(!server.set_datagram_address(&path));
    assert_eq!(server.datagram_address(), None);
}

#[test]
fn streams_and_closed_processes_have_no_datagram_address() {
    let world = World::new();
    let stream = world.open(r#"(:name "s" :server t :service t)"#);
    let local = stream.local_address().unwrap();
    assert_eq!(stream.datagram_address(), None);
    assert!(!stream.set_datagram_address(&local));
    let closed = client(&world, &server(&world), "c");
    closed.delete();
    assert!(!closed.set_datagram_address(&local));
}

#[test]
fn a_server_without_a_target_cannot_send() {
    let world = World::new();
    let error = server(&world).send("x").unwrap_err();
    let condition = error.condition().to_string();
    assert!(
        condition.starts_with(r#"(file-error "Writing to process" ""#),
        "{condition}"
    );
}

#[test]
fn sending_to_a_closed_port_always_succeeds() {
    let world = World::new();
    let server = server(&world);
    let client = client(&world, &server, "c");
    server.delete();
    for _ in 0..5 {
        client.send("x").unwrap();
        world.look();
    }
    assert!(client.is_live());
}

#[test]
fn broadcasting_needs_permission() {
    let world = World::new();
    let client = world.open(r#"(:name "c" :type datagram :remote [127 255 255 255 9])"#);
    let condition = client.send("x").unwrap_err().condition().to_string();
    assert!(condition.contains("Permission denied"), "{condition}");
    assert!(client.is_live());
    // Emacs does not set the options of datagram clients; we do.
    let allowed =
        world.open(r#"(:name "c" :type datagram :remote [127 255 255 255 9] :broadcast t)"#);
    allowed.send("x").unwrap();
}

#[test]
fn a_named_local_peer_is_answered() {
    let world = World::new();
    let path = world.path("us");
    world.open(&format!(
        r#"(:name "us" :server t :type datagram :family local :service {} :filter echo)"#,
        World::quoted(&path)
    ));
    let socket = UnixDatagram::bind(world.path("ub")).unwrap();
    socket.send_to(b"named", &path).unwrap();
    socket.set_nonblocking(true).unwrap();
    let mut buffer = [0; 16];
    world.until("an answer", || socket.recv(&mut buffer).is_ok());
    assert_eq!(&buffer[..5], b"named");
}

#[test]
fn the_end_of_sending_means_nothing_to_datagrams() {
    let world = World::new();
    let server = server(&world);
    let client = client(&world, &server, "c");
    client.send_eof().unwrap();
    client.send("after").unwrap();
    world.until_line(r#"filter s "after""#);
}

#[test]
fn datagrams_reach_the_buffer_of_the_server_by_the_default_filter() {
    let world = World::new();
    let server =
        world.open(r#"(:name "s" :server t :type datagram :service t :buffer "dbuf" :log record)"#);
    let client = client(&world, &server, "c");
    client.send("one ").unwrap();
    client.send("two").unwrap();
    let buffer = server.buffer().unwrap();
    world.until("both", || buffer.text() == "one two");
    assert_eq!(world.transcript.lines(), [""; 0]);
}
