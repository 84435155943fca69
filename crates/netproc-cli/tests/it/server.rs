//! Servers: every kind, every filter, and how they end.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use nix::sys::signal::Signal;

use crate::support::{PATIENCE, Server, noise, receive, run};

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// Sends a line and expects it back.
#[track_caller]
fn check_echo(mut stream: impl Read + Write) {
    stream.write_all(b"hello\n").expect("a line is sent");
    let mut answer = [0; 6];
    stream.read_exact(&mut answer).expect("a line comes back");
    assert_eq!(&answer, b"hello\n");
}

#[test]
fn the_listen_event_has_all_members() {
    let server = Server::start([
        ":name", "echo", ":host", "local", ":service", "t", ":filter", "echo", ":coding", "binary",
    ]);
    let event = server.event("listen");
    let members: Vec<&str> = event
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(members.len(), 5);
    for member in ["event", "process", "local", "remote", "message"] {
        assert!(members.contains(&member), "{member} in {event}");
    }
    assert_eq!(event["process"], "echo");
    assert!(
        event["local"]
            .as_str()
            .expect("text")
            .starts_with("127.0.0.1:")
    );
    assert!(event["remote"].is_null());
}

#[test]
fn events_of_a_connection_come_in_order() {
    let server = Server::start([":name", "s", ":service", "t", ":filter", "echo"]);
    let stream = connect(&server);
    let here = stream.local_addr().expect("an address").to_string();
    let accept = server.event("accept");
    assert_eq!(accept["remote"], here);
    assert_eq!(accept["process"], format!("s <{here}>"));
    assert_eq!(accept["message"], "accept from 127.0.0.1");
    assert_eq!(server.event("open")["message"], "open from 127.0.0.1");
    drop(stream);
    assert_eq!(
        server.event("closed")["message"],
        "connection broken by remote peer"
    );
}

#[test]
fn echo_serves_ipv4() {
    let server = Server::start([":service", "t", ":filter", "echo"]);
    check_echo(connect(&server));
}

#[test]
fn echo_serves_ipv6() {
    if TcpListener::bind("[::1]:0").is_err() {
        eprintln!("skipped: this machine has no IPv6");
        return;
    }
    let server = Server::start([":family", "ipv6", ":service", "t", ":filter", "echo"]);
    check_echo(connect(&server));
}

#[test]
fn echo_serves_local_streams() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let name = path.to_str().expect("a name in Unicode");
    let server = Server::start([":family", "local", ":service", name, ":filter", "echo"]);
    assert_eq!(server.address(), name);
    check_echo(UnixStream::connect(&path).expect("a connection"));
}

#[test]
fn echo_serves_datagrams() {
    let server = Server::start([":type", "datagram", ":service", "t", ":filter", "echo"]);
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    peer.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    peer.send_to(b"datagram", server.address())
        .expect("a datagram is sent");
    assert_eq!(receive(|message| peer.recv(message)), b"datagram");
}

#[test]
fn echo_serves_local_datagrams() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let name = path.to_str().expect("a name in Unicode");
    let server = Server::start([
        ":type", "datagram", ":family", "local", ":service", name, ":filter", "echo",
    ]);
    assert_eq!(server.address(), name);
    let peer = UnixDatagram::bind(folder.path().join("peer")).expect("a socket");
    peer.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    peer.send_to(b"datagram", &path)
        .expect("a datagram is sent");
    assert_eq!(receive(|message| peer.recv(message)), b"datagram");
}

#[test]
fn echo_loses_no_byte_of_many_clients() {
    let server = Server::start([":service", "t", ":filter", "echo"]);
    let address = server.address();
    let bytes = noise(1_000_000);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(&address).expect("a connection");
                let mut writer = stream.try_clone().expect("a second handle");
                let sent = &bytes;
                scope.spawn(move || {
                    writer.write_all(sent).expect("all is sent");
                    writer.shutdown(Shutdown::Write).expect("an end");
                });
                let mut received = Vec::new();
                stream.read_to_end(&mut received).expect("all comes back");
                assert!(received == bytes, "{} bytes came back", received.len());
            });
        }
    });
}

#[test]
fn print_is_the_default() {
    let mut server = Server::start_printing([":service", "t"]);
    let mut stream = connect(&server);
    stream
        .write_all(b"\x00printed\xff")
        .expect("a line is sent");
    let mut printed = [0; 9];
    let output = server.output.as_mut().expect("piped");
    output.read_exact(&mut printed).expect("what was sent");
    assert_eq!(&printed, b"\x00printed\xff");
}

#[test]
fn discard_reads_and_answers_nothing() {
    let server = Server::start([":service", "t", ":filter", "discard"]);
    let mut stream = connect(&server);
    stream.write_all(&noise(1_000_000)).expect("all is taken");
    stream.shutdown(Shutdown::Write).expect("an end");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an end");
    assert!(answer.is_empty());
}

#[test]
fn chat_tells_all_others() {
    let server = Server::start([":service", "t", ":filter", "chat"]);
    let address = server.address();
    let mut streams: Vec<TcpStream> = (0..3)
        .map(|_| {
            let stream = TcpStream::connect(&address).expect("a connection");
            stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
            server.event("open");
            stream
        })
        .collect();
    for speaker in 0..3 {
        let line = format!("{speaker} speaks\n");
        streams[speaker]
            .write_all(line.as_bytes())
            .expect("a line is sent");
        for (listener, stream) in streams.iter_mut().enumerate() {
            if listener != speaker {
                let mut heard = vec![0; line.len()];
                stream.read_exact(&mut heard).expect("a line is heard");
                assert_eq!(heard, line.as_bytes(), "{listener} hears {speaker}");
            }
        }
    }
}

#[test]
fn signals_end_a_server_and_remove_its_socket() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let name = path.to_str().expect("a name in Unicode");
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        let server = Server::start([":family", "local", ":service", name, ":filter", "echo"]);
        server.event("listen");
        assert!(path.exists());
        assert_eq!(server.end(signal), Some(0), "{signal}");
        assert!(!path.exists());
    }
}

#[test]
fn a_file_of_somebody_else_is_not_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let name = path.to_str().expect("a name in Unicode");
    let server = Server::start([":family", "local", ":service", name, ":filter", "echo"]);
    server.event("listen");
    fs::write(folder.path().join("other"), "other").expect("a file");
    fs::rename(folder.path().join("other"), &path).expect("a new file of that name");
    assert_eq!(server.end(Signal::SIGTERM), Some(0));
    assert_eq!(fs::read(&path).expect("the file"), b"other");
}

#[test]
fn a_closed_standard_output_ends_a_print_server() {
    let mut server = Server::start_printing([":service", "t"]);
    let mut stream = connect(&server);
    drop(server.output.take());
    // The pipe may live on for a moment in a child that another test is starting just now, so
    // one line is not enough.
    let deadline = Instant::now() + PATIENCE;
    while stream.write_all(b"nobody reads this\n").is_ok() {
        assert!(Instant::now() < deadline, "the server does not end");
    }
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn an_address_in_use_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address");
    let port = address.port().to_string();
    let finished = run([":server", "t", ":service", port.as_str()], "");
    assert!(
        finished
            .stderr
            .contains(&format!("{address}: Address already in use")),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(1));
}

#[test]
fn a_stale_socket_is_told_from_a_live_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    drop(UnixListener::bind(&path).expect("a socket"));
    let name = path.to_str().expect("a name in Unicode");
    let finished = run([":server", "t", ":family", "local", ":service", name], "");
    assert!(
        finished.stderr.contains("remove it to bind here"),
        "{finished:?}"
    );
    assert_eq!(finished.status, Some(1));
}

#[test]
fn the_file_of_a_socket_of_its_own_is_removed_where_none_was_passed_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own");
    let name = path.to_str().expect("a name in Unicode");
    let arguments = [":family", "local", ":use-external-socket", "t", ":service"];
    let server = Server::start(arguments.into_iter().chain([name, ":filter", "echo"]));
    assert_eq!(server.address(), name);
    assert!(path.exists());
    assert_eq!(server.end(Signal::SIGTERM), Some(0));
    assert!(!path.exists());
}

#[test]
fn the_file_of_a_socket_that_was_passed_in_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("passed");
    let passed = UnixListener::bind(&path).expect("a socket");
    let mut server = Command::new("sh")
        .arg("-c")
        .arg("LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3<&0 </dev/null")
        .arg(env!("CARGO_BIN_EXE_netproc"))
        .args(["-q", ":server", "t", ":family", "local", ":filter", "echo"])
        .args([":use-external-socket", "t", ":service"])
        .arg(&path)
        .stdin(Stdio::from(OwnedFd::from(passed)))
        .spawn()
        .expect("a server");
    let stream = UnixStream::connect(&path).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    check_echo(stream);
    let id = nix::unistd::Pid::from_raw(server.id().try_into().expect("an id"));
    nix::sys::signal::kill(id, Signal::SIGTERM).expect("a signal is sent");
    assert_eq!(server.wait().expect("an end").code(), Some(0));
    assert!(path.exists());
}
