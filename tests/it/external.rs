//! `:use-external-socket`: a child of the test plays the service that sockets are passed to.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use netproc_tests::{Peer, World};

const PORT: &str = "NETPROC_TEST_PASSED_PORT";

#[test]
fn a_passed_socket_is_used_once() {
    if let Ok(port) = std::env::var(PORT) {
        return be_the_service(port.parse().unwrap());
    }
    let (listener, port) = Peer::listen();
    let output = run_service(listener, port);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs this test again as a service, with the listener as descriptor 3.
fn run_service(listener: TcpListener, port: u16) -> std::process::Output {
    let script = "exec 3<&0 0</dev/null; export LISTEN_PID=$$ LISTEN_FDS=1; \
                  exec \"$0\" --exact external::a_passed_socket_is_used_once";
    Command::new("/bin/sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(PORT, port.to_string())
        .stdin(Stdio::from(OwnedFd::from(listener)))
        .output()
        .unwrap()
}

fn be_the_service(port: u16) {
    let world = World::new();
    let ordinary = world.open(r#"(:name "o" :server t :service t)"#);
    assert_ne!(
        ordinary.port(),
        Some(port),
        "nobody asked for the passed socket"
    );
    let list = r#"(:name "s" :server t :service t :use-external-socket t :filter echo)"#;
    let server = world.open(list);
    assert_eq!(server.port(), Some(port));
    assert_eq!(
        server.contact_value(":service").as_integer(),
        Some(i64::from(port))
    );
    let mut peer = Peer::connect(&server);
    peer.send("x");
    let accepted = world.accepted(&server);
    world.until("an echo", || accepted.bytes_sent() == 1);
    assert_eq!(peer.receive(1), b"x");
    let second = world.open(list);
    assert_ne!(second.port(), Some(port), "it is taken");
}
