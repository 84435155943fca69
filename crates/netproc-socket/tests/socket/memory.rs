//! The network in memory does what the system does, on a clock of its own.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::Duration;

use futures_lite::future::zip;
use netproc_address::{Address, Family, Host, Kind, LocalName, NetworkOption, OptionName, Service};
use netproc_socket::{
    Backend, BindOptions, ConnectOptions, Hint, Link, LookupError, MemoryNetwork, Query, Socket,
    Step,
};

use crate::support::{again, internet};

/// A network with one way of connecting.
pub(crate) struct World {
    pub(crate) network: MemoryNetwork,
    pub(crate) backend: Backend,
}

impl World {
    pub(crate) fn new() -> World {
        let network = MemoryNetwork::new(7);
        let backend = Backend::memory(&network);
        World { network, backend }
    }

    pub(crate) fn listen(&self, kind: Kind, address: &Address) -> Socket {
        self.backend
            .listen(kind, address, 5, &BindOptions::default())
            .unwrap()
    }

    /// Connects a pair: the client and what was accepted.
    pub(crate) fn pair(&self, kind: Kind, address: &Address) -> (Socket, Socket) {
        let server = self.listen(kind, address);
        let client = self.connect(kind, address).unwrap();
        let (accepted, _) = server.try_accept().unwrap();
        (client, accepted)
    }

    pub(crate) fn connect(
        &self,
        kind: Kind,
        address: &Address,
    ) -> Result<Socket, netproc_socket::ConnectError> {
        let options = ConnectOptions::default();
        let connect = self.backend.connect(kind, vec![address.clone()], &options);
        let connected = self.network.run(connect).expect("an outcome")?;
        Ok(connected.socket)
    }

    pub(crate) fn read(&self, socket: &Socket) -> std::io::Result<Vec<u8>> {
        let mut buffer = [0; 4096];
        let read = again(|| socket.try_read(&mut buffer), || socket.readable());
        let length = self.network.run(read).expect("an outcome")?;
        Ok(buffer[..length].to_vec())
    }
}

pub(crate) fn web() -> Address {
    internet("192.0.2.80:80")
}

fn name(text: &str) -> Address {
    Address::Local(LocalName::path(text).unwrap())
}

#[test]
fn a_stream_carries_bytes_both_ways_and_half_closes() {
    let world = World::new();
    let (client, server) = world.pair(Kind::Stream, &web());
    client.try_write(b"question").unwrap();
    client.shutdown_write().unwrap();
    assert_eq!(world.read(&server).unwrap(), b"question");
    assert_eq!(world.read(&server).unwrap(), b"");
    server.try_write(b"answer").unwrap();
    assert_eq!(world.read(&client).unwrap(), b"answer");
    drop(server);
    assert_eq!(world.read(&client).unwrap(), b"");
    assert_eq!(
        client.try_write(b"x").unwrap_err().kind(),
        ErrorKind::BrokenPipe
    );
}

#[test]
fn addresses_of_both_ends_agree() {
    let world = World::new();
    let server = world.listen(Kind::Stream, &internet("0.0.0.0:0"));
    let port = server.local_address().unwrap().port().unwrap();
    let client = world.connect(Kind::Stream, &web().with_port(port)).unwrap();
    let (accepted, peer) = server.try_accept().unwrap();
    assert_eq!(peer, client.local_address().unwrap());
    assert_eq!(
        accepted.local_address().unwrap(),
        client.peer_address().unwrap()
    );
    assert!(client.descriptor().is_none());
    assert_eq!(client.family().unwrap(), Family::Ipv4);
}

#[test]
fn everything_takes_its_time_on_the_networks_clock() {
    let world = World::new();
    let latency = Duration::from_millis(40);
    world.network.set_default_link(Link {
        latency,
        ..Link::default()
    });
    let (client, server) = world.pair(Kind::Stream, &web());
    assert_eq!(world.network.elapsed(), latency * 2);
    client.try_write(b"x").unwrap();
    assert_eq!(
        server.try_read(&mut [0; 9]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    assert_eq!(world.read(&server).unwrap(), b"x");
    assert_eq!(world.network.elapsed(), latency * 3);
}

#[test]
fn advancing_the_clock_delivers_what_is_due() {
    let world = World::new();
    let (client, server) = world.pair(Kind::Stream, &name("/stream"));
    let latency = Duration::from_secs(1);
    world.network.set_link(
        &name("/slow"),
        Link {
            latency,
            ..Link::default()
        },
    );
    let (slow, other) = world.pair(Kind::Stream, &name("/slow"));
    client.try_write(b"now").unwrap();
    slow.try_write(b"later").unwrap();
    assert_eq!(server.try_read(&mut [0; 9]).unwrap(), 3);
    world
        .network
        .advance(latency.saturating_sub(Duration::from_nanos(1)));
    assert!(other.try_read(&mut [0; 9]).is_err());
    world.network.advance(Duration::from_nanos(1));
    assert_eq!(other.try_read(&mut [0; 9]).unwrap(), 5);
}

#[test]
fn a_full_link_would_block_and_wakes_the_writer() {
    let world = World::new();
    world.network.set_default_link(Link {
        capacity: 10,
        ..Link::default()
    });
    let (client, server) = world.pair(Kind::Stream, &web());
    assert_eq!(client.try_write(&[1; 100]).unwrap(), 10);
    assert_eq!(
        client.try_write(&[1; 90]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    let reader = async {
        futures_lite::future::yield_now().await;
        server.try_read(&mut [0; 4]).unwrap()
    };
    let both = zip(client.writable(), reader);
    let (woken, read) = world.network.run(both).expect("the writer is woken");
    woken.unwrap();
    assert_eq!(read, 4);
    assert_eq!(client.try_write(&[1; 90]).unwrap(), 4);
}

#[test]
fn small_writes_and_reads_lose_nothing_and_repeat_with_the_seed() {
    let transfer = || {
        let world = World::new();
        world.network.set_default_link(Link {
            largest_write: Some(7),
            largest_read: Some(3),
            capacity: 32,
            jitter: Duration::from_millis(9),
            ..Link::default()
        });
        let (client, server) = world.pair(Kind::Stream, &web());
        let text: Vec<u8> = (0..=255).collect();
        let send = async {
            let mut rest = text.as_slice();
            while !rest.is_empty() {
                let sent = again(|| client.try_write(rest), || client.writable())
                    .await
                    .unwrap();
                rest = &rest[sent..];
            }
            client.shutdown_write().unwrap();
        };
        let mut sizes = Vec::new();
        let receive = async {
            let mut seen = Vec::new();
            loop {
                let mut buffer = [0; 100];
                let read = again(|| server.try_read(&mut buffer), || server.readable());
                let length = read.await.unwrap();
                if length == 0 {
                    break seen;
                }
                sizes.push(length);
                seen.extend_from_slice(&buffer[..length]);
            }
        };
        let ((), seen) = world.network.run(zip(send, receive)).expect("an end");
        assert_eq!(seen, text);
        assert!(sizes.iter().all(|size| *size <= 3));
        (sizes, world.network.elapsed())
    };
    assert_eq!(transfer(), transfer());
}

#[test]
fn records_keep_their_bounds_and_empty_ones_are_data() {
    let world = World::new();
    let (client, server) = world.pair(Kind::SeqPacket, &name("/records"));
    for record in [&b"one"[..], b"", b"three"] {
        client.try_write(record).unwrap();
    }
    drop(client);
    let mut buffer = [0; 4];
    let mut next = || {
        server
            .try_receive(&mut buffer)
            .unwrap()
            .map(|got| (got.length, got.truncated))
    };
    assert_eq!(next(), Some((3, false)));
    assert_eq!(next(), Some((0, false)));
    assert_eq!(next(), Some((4, true)));
    assert_eq!(next(), None);
}

#[test]
fn datagrams_find_their_way_and_back() {
    let world = World::new();
    let server = world
        .backend
        .bind_datagram(&web(), &BindOptions::default())
        .unwrap();
    let client = world.backend.open_datagram(Family::Ipv4, &[]).unwrap();
    assert_eq!(client.local_address().unwrap(), internet("0.0.0.0:0"));
    assert_eq!(client.try_send_to(b"", Some(&web())).unwrap(), 0);
    let received = server
        .try_receive(&mut [0; 9])
        .unwrap()
        .expect("an empty datagram");
    assert_eq!(received.length, 0);
    server.try_send_to(b"back", received.from.as_ref()).unwrap();
    let received = client
        .try_receive(&mut [0; 9])
        .unwrap()
        .expect("a datagram");
    assert_eq!((received.length, received.from), (4, Some(web())));
    assert_eq!(
        client
            .try_send_to(b"nobody", Some(&internet("192.0.2.9:9")))
            .unwrap(),
        6
    );
}

#[test]
fn lossy_links_lose_datagrams() {
    let world = World::new();
    world.network.set_default_link(Link {
        loss: 0.5,
        ..Link::default()
    });
    let server = world
        .backend
        .bind_datagram(&web(), &BindOptions::default())
        .unwrap();
    let client = world.backend.open_datagram(Family::Ipv4, &[]).unwrap();
    for _ in 0..100 {
        client.try_send_to(b"x", Some(&web())).unwrap();
    }
    let arrived = std::iter::from_fn(|| server.try_receive(&mut [0; 9]).ok()).count();
    assert!((20..80).contains(&arrived), "{arrived}");
}

#[test]
fn names_and_services_are_those_that_were_added() {
    let world = World::new();
    let addresses: [IpAddr; 2] = ["2001:db8::1".parse().unwrap(), [192, 0, 2, 1].into()];
    world.network.add_host("both.example", addresses);
    world.network.add_service("http", 80);
    world.network.set_lookup_delay(Duration::from_secs(2));
    let resolve = |host: &str, service: &str, family| {
        let query = Query::new(Host::Name(host.into()), Service::Name(service.into()));
        let query = query.family(family);
        world
            .network
            .run(world.backend.resolve(&query))
            .expect("an outcome")
    };
    let found = resolve("both.example", "http", None).unwrap();
    assert_eq!(
        found,
        [internet("[2001:db8::1]:80"), internet("192.0.2.1:80")]
    );
    assert_eq!(world.network.elapsed(), Duration::from_secs(2));
    let found = resolve("both.example", "8080", Some(Family::Ipv4)).unwrap();
    assert_eq!(found, [internet("192.0.2.1:8080")]);
    let error = resolve("none.example", "80", None).unwrap_err();
    assert_eq!(error.text(), "Name or service not known");
    world
        .network
        .fail_lookup("later.example", LookupError::from_code(libc::EAI_AGAIN));
    let error = resolve("later.example", "80", None).unwrap_err();
    assert!(error.is_temporary());
    assert_eq!(error.text(), "Temporary failure in name resolution");
}

#[test]
fn options_are_kept_and_read_back() {
    let world = World::new();
    let given = BindOptions::new(vec![NetworkOption::Priority(3)]);
    let server = world
        .backend
        .listen(Kind::Stream, &web(), 5, &given)
        .unwrap();
    assert_eq!(
        server.option(OptionName::Priority).unwrap(),
        NetworkOption::Priority(3)
    );
    let reuse = server.option(OptionName::ReuseAddress).unwrap();
    assert_eq!(reuse, NetworkOption::ReuseAddress(true));
    server.set_option(&NetworkOption::KeepAlive(true)).unwrap();
    let keep = server.option(OptionName::KeepAlive).unwrap();
    assert_eq!(keep, NetworkOption::KeepAlive(true));
}

#[test]
fn an_address_is_bound_once() {
    let world = World::new();
    let _server = world.listen(Kind::Stream, &web());
    let again = |address: &Address| {
        let options = BindOptions::default();
        world
            .backend
            .listen(Kind::Stream, address, 5, &options)
            .unwrap_err()
    };
    for address in [web(), internet("0.0.0.0:80")] {
        assert_eq!(again(&address).cause().text(), "Address already in use");
    }
    // A datagram socket has ports of its own.
    world
        .backend
        .bind_datagram(&web(), &BindOptions::default())
        .unwrap();
    drop(world.listen(Kind::Stream, &name("/file")));
    assert_eq!(again(&name("/file")).hint(), Some(Hint::StaleSocketFile));
    assert!(
        world
            .network
            .remove_file(&LocalName::path("/file").unwrap())
    );
    world.listen(Kind::Stream, &name("/file"));
}

#[test]
fn local_names_fail_as_the_system_has_it() {
    let world = World::new();
    let cause = |kind, address: &Address| world.connect(kind, address).unwrap_err().cause().text();
    assert_eq!(
        cause(Kind::Stream, &name("/none")),
        "No such file or directory"
    );
    drop(world.listen(Kind::Stream, &name("/stale")));
    assert_eq!(cause(Kind::Stream, &name("/stale")), "Connection refused");
    let _server = world.listen(Kind::Stream, &name("/live"));
    assert_eq!(
        cause(Kind::SeqPacket, &name("/live")),
        "Protocol wrong type for socket"
    );
    let error = world
        .backend
        .listen(Kind::SeqPacket, &web(), 5, &BindOptions::default())
        .unwrap_err();
    assert_eq!(error.step(), &Step::Socket);
}

#[test]
fn a_timer_runs_on_the_networks_clock() {
    let world = World::new();
    let start = world.backend.now();
    let hour = Duration::from_secs(3600);
    assert!(world.network.run(world.backend.timer(hour)).is_some());
    assert_eq!(world.backend.now() - start, hour);
}

#[test]
fn waiting_for_what_never_comes_is_told() {
    let world = World::new();
    let server = world.listen(Kind::Stream, &web());
    assert!(world.network.run(server.readable()).is_none());
}
