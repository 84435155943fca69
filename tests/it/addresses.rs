//! `:local` and `:remote` in each format of the manual, `(f . av)` among them (probe 16-rawaddr).

use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};

use netproc_tests::{Peer, World, has_ipv6, reserve};
use socket2::{Socket, Type};

/// Opens a server at `:local`, connects to it by the same words in `:remote`, and says a word.
#[track_caller]
fn both_ends(world: &World, kind: &str, address: &str) {
    world.open(&format!(
        r#"(:name "s" :server t :type {kind} :local {address} :filter record)"#
    ));
    let client = world.open(&format!(r#"(:name "c" :type {kind} :remote {address})"#));
    client.send("word").unwrap();
    world.until("the word", || world.transcript.count("filter s") == 1);
}

/// Returns a port of the loopback address that nobody else is given while its socket lives.
fn free(kind: Type) -> (Socket, u16) {
    reserve(Ipv4Addr::LOCALHOST.into(), kind)
}

#[test]
fn five_elements_are_an_ipv4_address_and_a_port() {
    let world = World::new();
    let (_reserved, port) = free(Type::STREAM);
    both_ends(&world, "nil", &format!("[127 0 0 1 {port}]"));
}

#[test]
fn nine_elements_are_an_ipv6_address_and_a_port() {
    if !has_ipv6() {
        return;
    }
    let world = World::new();
    let (_reserved, port) = reserve(Ipv6Addr::LOCALHOST.into(), Type::STREAM);
    both_ends(&world, "nil", &format!("[0 0 0 0 0 0 0 1 {port}]"));
}

#[test]
fn a_string_is_a_local_path() {
    let world = World::new();
    both_ends(&world, "nil", &World::quoted(&world.path("u")));
}

#[test]
fn a_string_that_begins_with_nul_is_an_abstract_name() {
    let world = World::new();
    let name = format!("netproc-address-{}", std::process::id());
    both_ends(&world, "nil", &format!("\"\\0{name}\""));
    // It is that name and no other, also for those who do not know us.
    UnixStream::connect_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
}

fn bytes(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes: Vec<_> = bytes.into_iter().map(|byte| byte.to_string()).collect();
    bytes.join(" ")
}

#[test]
fn a_family_and_bytes_are_an_ipv4_address() {
    let world = World::new();
    let (_reserved, port) = free(Type::STREAM);
    let port = port.to_be_bytes();
    let rest = [127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    both_ends(
        &world,
        "nil",
        &format!("(2 . [{} {}])", bytes(port), bytes(rest)),
    );
}

#[test]
fn a_family_and_bytes_are_an_ipv6_address() {
    if !has_ipv6() {
        return;
    }
    let world = World::new();
    let (_reserved, port) = reserve(Ipv6Addr::LOCALHOST.into(), Type::STREAM);
    let port = port.to_be_bytes();
    // Flow, the address, the scope.
    let mut rest = [0; 24];
    rest[19] = 1;
    both_ends(
        &world,
        "nil",
        &format!("(10 . [{} {}])", bytes(port), bytes(rest)),
    );
}

#[test]
fn a_family_and_bytes_are_a_local_path() {
    let world = World::new();
    let path = world.path("u");
    let address = format!(
        "(1 . [{} 0])",
        bytes(path.as_os_str().as_encoded_bytes().to_vec())
    );
    both_ends(&world, "nil", &address);
    UnixStream::connect(path).unwrap();
}

#[test]
fn a_family_and_bytes_are_an_abstract_name() {
    let world = World::new();
    let name = format!("\0netproc-raw-{}", std::process::id());
    both_ends(
        &world,
        "seqpacket",
        &format!("(1 . [{}])", bytes(name.into_bytes())),
    );
}

#[test]
fn a_family_and_bytes_are_a_datagram_address() {
    let world = World::new();
    let (reserved, port) = free(Type::DGRAM);
    // It would take the datagrams.
    drop(reserved);
    let port = port.to_be_bytes();
    let rest = [127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    both_ends(
        &world,
        "datagram",
        &format!("(2 . [{} {}])", bytes(port), bytes(rest)),
    );
}

#[test]
fn a_family_that_has_no_socket_is_refused_by_the_system() {
    let world = World::new();
    let condition = world.condition(r#"(:name "s" :server t :local (255 . [0 0]))"#);
    assert_eq!(
        condition,
        r#"(file-error "make server process failed" "Address family not supported by protocol" :name "s" :server t :local (255 . [0 0]))"#
    );
    assert!(world.network.processes().is_empty());
}

#[test]
fn an_address_overrides_host_service_and_family_unseen() {
    let world = World::new();
    let server = world
        .open(r#"(:name "s" :server t :local [127 0 0 1 0] :host 5 :service foo :family bar)"#);
    let port = server.port().unwrap();
    let client = world.open(&format!(
        r#"(:name "c" :remote [127 0 0 1 {port}] :host 5 :service foo :family bar)"#
    ));
    assert_eq!(client.remote_address(), server.local_address());
}

#[test]
fn port_0_in_an_address_is_replaced_by_the_real_one() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :local [127 0 0 1 0])"#);
    let port = server.port().unwrap();
    assert_ne!(port, 0);
    assert_eq!(
        server.contact_list().to_string(),
        format!(r#"(:name "s" :server t :local [127 0 0 1 {port}] :service {port})"#)
    );
}

#[test]
fn clients_ignore_local_and_stream_servers_ignore_remote() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    world.open(&format!(r#"(:name "c" :service {port} :local nonsense)"#));
    world.open(r#"(:name "s" :server t :service t :remote nonsense)"#);
}

#[test]
fn a_datagram_server_begins_with_its_remote_as_target() {
    let world = World::new();
    let sink = world.open(r#"(:name "sink" :server t :type datagram :service t :filter record)"#);
    let port = sink.port().unwrap();
    let server = world.open(&format!(
        r#"(:name "s" :server t :type datagram :service t :remote [127 0 0 1 {port}])"#
    ));
    assert_eq!(server.datagram_address(), sink.local_address());
    server.send("initial").unwrap();
    world.until_line(r#"filter sink "initial""#);
}

#[test]
fn an_initial_remote_of_another_family_is_ignored() {
    let world = World::new();
    let server = world
        .open(r#"(:name "s" :server t :type datagram :service t :remote [0 0 0 0 0 0 0 1 7])"#);
    assert_eq!(server.datagram_address(), None);
}
