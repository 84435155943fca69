//! Clients: standard input and output joined to the wire.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, UdpSocket};
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::thread::{self, JoinHandle};

use crate::support::{PATIENCE, Server, command, noise, receive, run};

/// Starts a peer for one connection and returns the arguments that reach it.
fn peer<T: Send + 'static>(
    serve: impl FnOnce(std::net::TcpStream) -> T + Send + 'static,
) -> (Vec<String>, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener
        .local_addr()
        .expect("an address")
        .port()
        .to_string();
    let thread = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        serve(stream)
    });
    let arguments = [":name", "me", ":host", "localhost", ":service", &port];
    (arguments.map(str::to_owned).to_vec(), thread)
}

/// Reads to the end, then sends an answer and closes.
fn read_then_answer(answer: &'static [u8]) -> impl FnOnce(std::net::TcpStream) -> Vec<u8> {
    move |mut stream| {
        let mut received = Vec::new();
        stream.read_to_end(&mut received).expect("the input ends");
        stream.write_all(answer).expect("an answer");
        received
    }
}

#[test]
fn the_end_of_input_half_closes() {
    let (arguments, peer) = peer(read_then_answer(b"answer\n"));
    let finished = run(arguments, "question\n");
    assert_eq!(peer.join().expect("a peer"), b"question\n");
    assert_eq!(finished.output(), "answer\n");
    assert_eq!(finished.status, Some(0));
}

#[test]
fn events_are_lines_on_standard_error() {
    let (arguments, peer) = peer(|_| ());
    let finished = run(arguments, "");
    peer.join().expect("a peer");
    assert_eq!(finished.output(), "");
    let lines: Vec<&str> = finished.stderr.lines().collect();
    assert!(
        matches!(lines[..], [open, "netproc: me: connection broken by remote peer"]
            if open.starts_with("netproc: me: open to 127.0.0.1:")),
        "{lines:?}"
    );
}

#[test]
fn quiet_means_quiet() {
    let (mut arguments, peer) = peer(|_| ());
    arguments.insert(0, "--quiet".to_owned());
    let finished = run(arguments, "");
    peer.join().expect("a peer");
    assert_eq!((finished.stderr.as_str(), finished.status), ("", Some(0)));
}

#[test]
fn json_of_a_client_leaves_standard_output_to_the_wire() {
    let (mut arguments, peer) = peer(read_then_answer(b"wire"));
    arguments.insert(0, "--json".to_owned());
    let finished = run(arguments, "");
    peer.join().expect("a peer");
    assert_eq!(finished.output(), "wire");
    let events: Vec<serde_json::Value> = finished
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let kinds: Vec<&str> = events
        .iter()
        .filter_map(|event| event["event"].as_str())
        .collect();
    assert_eq!(kinds, ["open", "closed"]);
}

#[test]
fn all_bytes_go_and_come() {
    let server = Server::start([":service", "t", ":filter", "echo"]);
    let bytes = noise(3_000_000);
    let port = server.port();
    let finished = run(
        [":host", "localhost", ":service", port.as_str()],
        bytes.clone(),
    );
    assert!(
        finished.stdout == bytes,
        "{} bytes came back",
        finished.stdout.len()
    );
    assert_eq!(finished.status, Some(0));
}

#[test]
fn the_whole_list_may_be_one_argument() {
    let server = Server::start([":service", "t", ":filter", "echo"]);
    let list = format!(
        "(:name \"me\" :host \"localhost\" :service {})",
        server.port()
    );
    assert_eq!(run([list], "hello\n").output(), "hello\n");
}

#[test]
fn a_refusal_names_the_address_and_the_cause() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let port = address.port().to_string();
    for nowait in ["nil", "t"] {
        let finished = run(
            [":host", "127.0.0.1", ":service", &port, ":nowait", nowait],
            "",
        );
        let expected =
            format!("netproc: client: cannot connect to {address}: Connection refused\n");
        assert_eq!(finished.stderr, expected);
        assert_eq!(finished.status, Some(1));
    }
}

#[test]
fn a_missing_socket_is_named() {
    let finished = run([":family", "local", ":service", "/nowhere/at/all"], "");
    assert!(
        finished
            .stderr
            .contains("/nowhere/at/all: No such file or directory")
    );
    assert_eq!(finished.status, Some(1));
}

#[test]
fn text_is_coded_between_the_wire_and_utf_8() {
    let (mut arguments, peer) = peer(read_then_answer(b"\xe9\r\n"));
    arguments.extend([":coding".to_owned(), "latin-1-dos".to_owned()]);
    let finished = run(arguments, "à\nb\n");
    assert_eq!(peer.join().expect("a peer"), b"\xe0\r\nb\r\n");
    assert_eq!(finished.output(), "é\n");
}

#[test]
fn without_coding_no_byte_is_changed() {
    let (arguments, peer) = peer(read_then_answer(b"\xff\r\n\x00"));
    let finished = run(arguments, b"\xe9\r\n\x80".to_vec());
    assert_eq!(peer.join().expect("a peer"), b"\xe9\r\n\x80");
    assert_eq!(finished.stdout, b"\xff\r\n\x00");
}

#[test]
fn a_closed_standard_output_ends_quietly() {
    let (mut arguments, peer) = peer(|mut stream| {
        // Until the client is gone.
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    arguments.insert(0, "--quiet".to_owned());
    let mut command = command(arguments);
    let mut child = command.spawn().expect("the command starts");
    drop(child.stdout.take());
    let mut stderr = String::new();
    let mut errors = child.stderr.take().expect("piped");
    errors.read_to_string(&mut stderr).expect("text");
    assert_eq!(child.wait().expect("an end").code(), Some(0));
    assert_eq!(stderr, "");
    peer.join().expect("a peer");
}

#[test]
fn an_output_that_nobody_reads_does_not_stop_the_input() {
    const FLOOD: usize = 4_000_000;
    let (mut arguments, peer) = peer(|mut stream| {
        let mut writer = stream.try_clone().expect("a second handle");
        let flood = thread::spawn(move || {
            writer.write_all(&vec![b'x'; FLOOD]).expect("a flood");
            writer.shutdown(Shutdown::Write).expect("an end");
        });
        let mut first = [0; 5];
        stream
            .read_exact(&mut first)
            .expect("input in spite of the flood");
        (first, flood)
    });
    arguments.insert(0, "--quiet".to_owned());
    let mut command = command(arguments);
    let mut child = command
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(b"input").expect("input is taken");
    let (first, flood) = peer.join().expect("a peer");
    assert_eq!(&first, b"input");
    let mut output = Vec::new();
    let mut stdout = child.stdout.take().expect("piped");
    stdout.read_to_end(&mut output).expect("the flood");
    assert_eq!(output.len(), FLOOD);
    flood.join().expect("all of the flood is sent");
    drop(stdin);
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[test]
fn local_streams_are_joined_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("peer");
    let listener = UnixListener::bind(&path).expect("a socket");
    let peer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut received = String::new();
        stream.read_to_string(&mut received).expect("text");
        stream
            .write_all(received.to_uppercase().as_bytes())
            .expect("an answer");
    });
    let path = path.to_str().expect("a name in Unicode");
    let finished = run([":family", "local", ":service", path], "local");
    peer.join().expect("a peer");
    assert_eq!(finished.output(), "LOCAL");
    // The exact address means the same.
    assert_eq!(run([":remote", path], "").status, Some(1));
}

#[test]
fn what_is_read_at_once_is_one_datagram() {
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    peer.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let port = peer.local_addr().expect("an address").port().to_string();
    let thread = thread::spawn(move || {
        let mut sender = None;
        let message = receive(|buffer| {
            let (count, from) = peer.recv_from(buffer)?;
            sender = Some(from);
            Ok(count)
        });
        peer.send_to(b"answer", sender.expect("a sender"))
            .expect("an answer");
        message
    });
    let arguments = [":type", "datagram", ":host", "localhost", ":service", &port];
    let finished = run(arguments, "one\nmessage\n");
    assert_eq!(thread.join().expect("a peer"), b"one\nmessage\n");
    assert_eq!(finished.output(), "answer");
    assert_eq!(finished.status, Some(0));
}

#[test]
fn records_come_back_from_a_seqpacket_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("records");
    let path = path.to_str().expect("a name in Unicode");
    let list = [":family", "local", ":type", "seqpacket", ":service", path];
    let server = Server::start(list.iter().chain(&[":filter", "echo"]));
    assert_eq!(server.address(), path);
    let finished = run(list, "record");
    assert_eq!(finished.output(), "record");
    assert_eq!(finished.status, Some(0));
}
