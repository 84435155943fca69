//! The filter `forward`: connections joined with others.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use crate::support::{PATIENCE, Server, noise, run};

/// Starts a server that forwards to that port of this machine.
fn forward_to(port: u16) -> Server {
    let list = format!("(:host \"127.0.0.1\" :service {port})");
    Server::start([":service", "t", ":filter", "forward", ":forward", &list])
}

#[test]
fn each_way_ends_by_itself() {
    let target = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let server = forward_to(target.local_addr().expect("an address").port());
    let question = noise(3_000_000);
    let answer: Vec<u8> = question.iter().rev().copied().collect();
    let (expected, to_send) = (question.clone(), answer.clone());
    let peer = thread::spawn(move || {
        let (mut stream, _) = target.accept().expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let mut received = Vec::new();
        stream
            .read_to_end(&mut received)
            .expect("the question ends");
        assert!(received == expected, "{} bytes arrived", received.len());
        stream.write_all(&to_send).expect("the answer is sent");
    });
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream.write_all(&question).expect("the question is sent");
    stream.shutdown(Shutdown::Write).expect("an end");
    let mut received = Vec::new();
    stream.read_to_end(&mut received).expect("the answer ends");
    assert!(received == answer, "{} bytes came back", received.len());
    peer.join().expect("a peer");
}

#[test]
fn each_connection_has_one_of_its_own() {
    let echo = Server::start([":service", "t", ":filter", "echo"]);
    let port: u16 = echo.port().parse().expect("a port");
    let server = forward_to(port);
    let address = server.address();
    let mut streams: Vec<TcpStream> = (0..8)
        .map(|_| TcpStream::connect(&address).expect("a connection"))
        .collect();
    for (number, stream) in streams.iter_mut().enumerate() {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let line = format!("connection {number}");
        stream.write_all(line.as_bytes()).expect("a line is sent");
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer).expect("a line comes back");
        assert_eq!(answer, line.as_bytes());
    }
}

#[test]
fn a_target_that_refuses_closes_the_connection() {
    let target = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = target.local_addr().expect("an address").port();
    drop(target);
    let server = forward_to(port);
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let failed = server.event("failed");
    assert!(
        failed["message"]
            .as_str()
            .expect("text")
            .ends_with("Connection refused")
    );
    assert_eq!(stream.read(&mut [0; 1]).expect("an end"), 0);
}

#[test]
fn records_are_forwarded_one_by_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let [target, front] = ["target", "front"].map(|name| {
        let path = folder.path().join(name);
        path.to_str().expect("a name in Unicode").to_owned()
    });
    let kind = [":family", "local", ":type", "seqpacket", ":service"];
    let echo = Server::start(kind.iter().copied().chain([&*target, ":filter", "echo"]));
    echo.event("listen");
    let list = format!("(:family local :type seqpacket :service \"{target}\")");
    let server = Server::start(kind.iter().copied().chain([&*front, ":forward", &list]));
    server.event("listen");
    let mut client = crate::support::command(kind.iter().copied().chain([&*front]))
        .spawn()
        .expect("a client");
    let mut input = client.stdin.take().expect("piped");
    input.write_all(b"record").expect("a record is sent");
    let mut answer = [0; 6];
    let mut output = client.stdout.take().expect("piped");
    output.read_exact(&mut answer).expect("it comes back");
    assert_eq!(&answer, b"record");
    drop(input);
    assert_eq!(client.wait().expect("an end").code(), Some(0));
}

#[test]
fn forward_needs_a_list_and_the_list_needs_forward() {
    let finished = run([":server", "t", ":service", "t", ":filter", "forward"], "");
    assert!(
        finished.stderr.contains("expected :forward beside it"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(2));
    let list = "(:host \"localhost\" :service 80)";
    let finished = run(
        [
            ":server", "t", ":service", "t", ":filter", "echo", ":forward", list,
        ],
        "",
    );
    assert_eq!(finished.status, Some(2));
    let finished = run(
        [":server", "t", ":service", "t", ":forward", "(:host 5)"],
        "",
    );
    assert!(
        finished.stderr.contains("in :forward: :host 5: expected"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(2));
}

#[test]
fn an_unknown_keyword_of_the_other_end_is_a_warning() {
    // The port is taken, so the command ends by itself.
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let list = "(:hots \"localhost\" :service 80)";
    let finished = run([":server", "t", ":service", &*port, ":forward", list], "");
    assert!(
        finished
            .stderr
            .contains("in :forward: :hots is not known and does nothing"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(1));
}
