//! Sockets passed in by a service manager, played by this test for a child of its own.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};

use netproc_socket::activation;

/// Set for the child, and what it shall see.
const ROLE: &str = "NETPROC_TEST_ACTIVATION";

/// Runs this program again as a service: descriptors 3 and 4 are a datagram socket and a listener.
fn service(role: &str, pid: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let datagram = UnixDatagram::unbound().unwrap();
    let script = format!(
        "exec 3<&0 4<&1 1>&2; export LISTEN_PID={pid} LISTEN_FDS=2 LISTEN_FDNAMES=udp:web; \
         exec \"$0\" --exact the_service_takes_what_it_was_passed"
    );
    let status = Command::new("/bin/sh")
        .arg("-c")
        .arg(script)
        .arg(std::env::current_exe().unwrap())
        .env(ROLE, format!("{role} {port}"))
        .stdin(Stdio::from(OwnedFd::from(datagram)))
        .stdout(Stdio::from(OwnedFd::from(listener)))
        .status()
        .unwrap();
    assert!(status.success(), "see the service's own output above");
}

#[test]
fn the_service_takes_what_it_was_passed() {
    let Ok(role) = std::env::var(ROLE) else {
        // Not the service: nothing was passed to this process.
        assert!(activation::take().unwrap().is_none());
        return;
    };
    let (role, port) = role.split_once(' ').unwrap();
    if role == "other" {
        assert!(activation::take().unwrap().is_none());
        return;
    }
    assert!(
        activation::take_named("udp").unwrap().is_none(),
        "it does not listen"
    );
    let passed = if role == "named" {
        activation::take_named("web").unwrap()
    } else {
        activation::take().unwrap()
    };
    let passed = passed.expect("the listener");
    assert_eq!(passed.name, "web");
    assert_eq!(passed.address.to_string(), format!("127.0.0.1:{port}"));
    let client = std::net::TcpStream::connect(passed.address.to_std().unwrap()).unwrap();
    let (_, peer) = async_io::block_on(async {
        passed.socket.readable().await.unwrap();
        passed.socket.try_accept().unwrap()
    });
    assert_eq!(peer.to_std(), client.local_addr().ok());
    assert!(activation::take().unwrap().is_none(), "each is taken once");
}

#[test]
fn a_listener_is_taken_once_by_name_or_in_turn() {
    service("first", "$$");
    service("named", "$$");
}

#[test]
fn what_is_meant_for_another_process_is_left_alone() {
    service("other", "1");
}
