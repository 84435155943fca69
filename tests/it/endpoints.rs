//! Where servers listen and clients connect: `:type`, `:host`, `:service`, `:family` (probes 03, 26).

use netproc::network::{Kind, Process, Status};
use netproc_tests::{Peer, World, has_ipv6};

/// Opens an echo server and a client, each with these arguments, and sends a word to and fro.
#[track_caller]
fn talk(world: &World, server: &str, client: impl Fn(&Process) -> String) -> (Process, Process) {
    let server = world.open(&format!(r#"(:name "s" :server t :filter echo {server})"#));
    let client = client(&server);
    let client = world.open(&format!(r#"(:name "c" :filter record {client})"#));
    client.send("word").unwrap();
    world.until_line(r#"filter c "word""#);
    (server, client)
}

fn port(server: &Process) -> u16 {
    server.port().expect("a port")
}

#[test]
fn a_stream_over_ipv4() {
    let world = World::new();
    let (server, client) = talk(&world, ":family ipv4 :service t", |server| {
        format!(":family ipv4 :service {}", port(server))
    });
    assert_eq!(
        server.local_address().unwrap().to_string(),
        format!("127.0.0.1:{}", port(&server))
    );
    assert_eq!(client.remote_address(), server.local_address());
    assert_eq!(
        (server.status(), client.status()),
        (Status::Listen, Status::Open)
    );
}

#[test]
fn a_stream_over_ipv6() {
    if !has_ipv6() {
        return;
    }
    let world = World::new();
    let (server, client) = talk(&world, ":family ipv6 :service t", |server| {
        format!(":family ipv6 :service {}", port(server))
    });
    assert_eq!(
        server.local_address().unwrap().to_string(),
        format!("[::1]:{}", port(&server))
    );
    assert_eq!(client.remote_address(), server.local_address());
}

fn local(kind: &str, name: &str) {
    let world = World::new();
    let name = name.replace("DIR", &world.path("").display().to_string());
    let arguments = format!(r#":type {kind} :family local :service "{name}""#);
    let (server, client) = talk(&world, &arguments, |_| arguments.clone());
    assert_eq!(client.kind(), server.kind());
    assert_eq!(client.remote_address(), server.local_address());
}

#[test]
fn a_stream_over_a_local_path() {
    local("nil", "DIRs");
}

#[test]
fn a_stream_over_an_abstract_name() {
    local("nil", &format!("\\0netproc-stream-{}", std::process::id()));
}

#[test]
fn records_over_a_local_path() {
    local("seqpacket", "DIRs");
}

#[test]
fn records_over_an_abstract_name() {
    local(
        "seqpacket",
        &format!("\\0netproc-records-{}", std::process::id()),
    );
}

#[test]
fn datagrams_over_ipv4() {
    let world = World::new();
    let (server, client) = talk(&world, ":type datagram :service t", |server| {
        format!(":type datagram :service {}", port(server))
    });
    assert_eq!(
        (server.status(), client.status()),
        (Status::Open, Status::Open)
    );
    assert_eq!(server.kind(), Kind::Datagram);
}

#[test]
fn datagrams_over_ipv6() {
    if !has_ipv6() {
        return;
    }
    let world = World::new();
    talk(&world, ":type datagram :family ipv6 :service t", |server| {
        format!(":type datagram :family ipv6 :service {}", port(server))
    });
}

#[test]
fn datagrams_over_local_paths() {
    let world = World::new();
    let path = World::quoted(&world.path("d"));
    world.open(&format!(
        r#"(:name "s" :server t :type datagram :family local :service {path} :filter record)"#
    ));
    let client = world.open(&format!(
        r#"(:name "c" :type datagram :family local :service {path})"#
    ));
    client.send("word").unwrap();
    world.until_line(r#"filter s "word""#);
}

#[test]
fn the_default_host_of_a_server_is_the_loopback_address_alone() {
    let world = World::new();
    let address = |arguments: &str| {
        let server = world.open(&format!(r#"(:name "s" :server t :service t {arguments})"#));
        server.local_address().unwrap().ip().unwrap().to_string()
    };
    assert_eq!(address(""), "127.0.0.1");
    assert_eq!(address(":host local"), "127.0.0.1");
    assert_eq!(address(r#":host "127.0.0.1""#), "127.0.0.1");
    assert_eq!(address(r#":host "0.0.0.0""#), "0.0.0.0");
    if has_ipv6() {
        assert_eq!(address(":host local :family ipv6"), "::1");
        assert_eq!(address(r#":host "::1""#), "::1");
        assert_eq!(address(r#":host "::""#), "::");
    }
}

#[test]
fn a_server_on_a_name_takes_the_first_address_and_the_family_asked_for() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :host "localhost" :family ipv4 :service t)"#);
    assert_eq!(
        server.local_address().unwrap().ip().unwrap().to_string(),
        "127.0.0.1"
    );
}

#[test]
fn the_unspecified_address_listens_everywhere() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :host "0.0.0.0" :service t :log record)"#);
    let port = port(&server);
    let _peers = ["127.0.0.1", "127.0.0.2"]
        .map(|host| std::net::TcpStream::connect((host, port)).expect("a server everywhere"));
    world.until("two connections", || world.transcript.count("log") == 2);
}

#[test]
fn the_unspecified_ipv6_address_takes_ipv4_peers_as_mapped_ones() {
    if !has_ipv6() {
        return;
    }
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :host "::" :service t :log record)"#);
    let peer = std::net::TcpStream::connect(("127.0.0.1", port(&server))).unwrap();
    let port = peer.local_addr().unwrap().port();
    world.until_line(&format!(
        r#"log s s <[0:0:0:0:0:ffff:7f00:1]:{port}> "accept from 0:0:0:0:0:ffff:7f00:1\n""#
    ));
}

#[test]
fn a_service_is_a_number_a_string_of_digits_or_t() {
    let world = World::new();
    let any = world.open(r#"(:name "s" :server t :service t)"#);
    assert_ne!(port(&any), 0);
    let (_reserved, free) = Peer::closed_port();
    let second = world.open(&format!(r#"(:name "s" :server t :service {free})"#));
    assert_eq!(port(&second), free);
    second.delete();
    let third = world.open(&format!(r#"(:name "s" :server t :service "{free}")"#));
    assert_eq!(port(&third), free);
    assert_eq!(
        third.contact_value(":service").as_integer(),
        Some(i64::from(free))
    );
}

#[test]
fn a_service_may_be_a_name() {
    let world = World::new();
    // Nobody listens there, but the name was found, or the condition would say so.
    let condition = world.condition(r#"(:name "c" :host "127.0.0.9" :service "discard")"#);
    assert_eq!(
        condition,
        r#"(file-error "make client process failed" "Connection refused" :name "c" :host "127.0.0.9" :service "discard")"#
    );
}

#[test]
fn the_client_keeps_the_service_in_the_form_given() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service "{port}")"#
    ));
    assert_eq!(
        client.contact_value(":service").as_str(),
        Some(&*port.to_string())
    );
}

#[test]
fn a_name_is_looked_up_for_clients() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :family ipv4 :service {port})"#
    ));
    assert_eq!(
        client.remote_address().unwrap().to_string(),
        format!("127.0.0.1:{port}")
    );
}

#[test]
fn numbers_stand_for_families_too() {
    let world = World::new();
    if has_ipv6() {
        let server = world.open(r#"(:name "s" :server t :family 10 :service t)"#);
        assert_eq!(
            server.local_address().unwrap().ip().unwrap().to_string(),
            "::1"
        );
    }
    let server = world.open(r#"(:name "s" :server t :family 2 :service t)"#);
    assert_eq!(
        server.local_address().unwrap().ip().unwrap().to_string(),
        "127.0.0.1"
    );
}

#[test]
fn a_host_beside_a_local_family_is_ignored() {
    let world = World::new();
    let path = World::quoted(&world.path("u"));
    let server = world.open(&format!(
        r#"(:name "s" :server t :family local :host "nowhere" :service {path})"#
    ));
    assert!(server.contact_value(":host").is_nil());
}

#[test]
fn a_port_is_free_again_at_once() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t)"#);
    let port = port(&server);
    let mut peer = Peer::connect(&server);
    let accepted = world.accepted(&server);
    // This end closes first, so it is the one that lingers in TIME_WAIT.
    accepted.delete();
    server.delete();
    assert_eq!(peer.receive_rest(), b"");
    drop(peer);
    let again = world.open(&format!(r#"(:name "s" :server t :service {port})"#));
    assert_eq!(again.port(), Some(port));
}

#[test]
fn without_a_passed_socket_use_external_socket_is_ignored() {
    let world = World::new();
    let server =
        world.open(r#"(:name "s" :server t :service t :use-external-socket t :filter echo)"#);
    let mut peer = Peer::connect(&server);
    peer.send("x");
    let accepted = world.accepted(&server);
    world.until("an echo", || accepted.bytes_sent() == 1);
    assert!(server.contact_value(":use-external-socket").is_true());
}
