//! Races and misfortunes in the network in memory.

use std::io::ErrorKind;
use std::time::Duration;

use netproc_address::{Address, Kind, LocalName, NetworkOption};
use netproc_socket::{BindOptions, ConnectError, ConnectOptions, Connected, Fault, Link, OsError};

use crate::memory::{World, web};
use crate::support::internet;

fn candidates() -> [Address; 4] {
    [
        "[2001:db8::1]:1",
        "[2001:db8::2]:1",
        "192.0.2.1:1",
        "192.0.2.2:1",
    ]
    .map(internet)
}

fn race(world: &World, options: &ConnectOptions) -> Option<Result<Connected, ConnectError>> {
    let connect = world
        .backend
        .connect(Kind::Stream, candidates().into(), options);
    world.network.run(connect)
}

#[test]
fn a_silent_address_delays_the_next_by_the_attempt_delay() {
    let world = World::new();
    let [six, _, four, _] = candidates();
    world.network.set_fault(&six, Some(Fault::Stall));
    let server = world.listen(Kind::Stream, &four);
    let connected = race(&world, &ConnectOptions::default()).unwrap().unwrap();
    assert_eq!(connected.remote, four);
    assert_eq!(world.network.elapsed(), Duration::from_millis(250));
    drop(connected);
    assert_eq!(
        server
            .try_accept()
            .unwrap()
            .0
            .try_read(&mut [0; 1])
            .unwrap(),
        0
    );
}

#[test]
fn an_unreachable_address_costs_no_time() {
    let world = World::new();
    let [six, _, four, _] = candidates();
    world.network.set_fault(&six, Some(Fault::Unreachable));
    let _server = world.listen(Kind::Stream, &four);
    let connected = race(&world, &ConnectOptions::default()).unwrap().unwrap();
    assert_eq!(connected.remote, four);
    assert_eq!(world.network.elapsed(), Duration::ZERO);
}

#[test]
fn after_a_failure_beside_a_silent_attempt_the_next_is_tried_at_once() {
    let world = World::new();
    let [silent, last, unreachable, _] = candidates();
    world.network.set_fault(&silent, Some(Fault::Stall));
    world
        .network
        .set_fault(&unreachable, Some(Fault::Unreachable));
    let _server = world.listen(Kind::Stream, &last);
    let connected = race(&world, &ConnectOptions::default()).unwrap().unwrap();
    assert_eq!(connected.remote, last);
    assert_eq!(world.network.elapsed(), Duration::from_millis(250));
}

#[test]
fn the_faster_of_two_wins_even_if_it_began_later() {
    let world = World::new();
    let [six, _, four, _] = candidates();
    let slow = Link {
        latency: Duration::from_millis(400),
        ..Link::default()
    };
    world.network.set_link(&six, slow);
    let quick = Link {
        latency: Duration::from_millis(20),
        ..Link::default()
    };
    world.network.set_link(&four, quick);
    let loser = world.listen(Kind::Stream, &six);
    let _winner = world.listen(Kind::Stream, &four);
    let connected = race(&world, &ConnectOptions::default()).unwrap().unwrap();
    assert_eq!(connected.remote, four);
    assert_eq!(world.network.elapsed(), Duration::from_millis(290));
    // The loser's socket is closed: its knock finds nobody behind it.
    world.network.advance(Duration::from_secs(1));
    assert_eq!(
        loser.try_accept().unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
}

#[test]
fn without_a_delay_addresses_are_tried_one_after_the_other_as_given() {
    let world = World::new();
    let [_, second, four, _] = candidates();
    let _both = (
        world.listen(Kind::Stream, &second),
        world.listen(Kind::Stream, &four),
    );
    let options = ConnectOptions {
        attempt_delay: None,
        ..ConnectOptions::default()
    };
    let connected = race(&world, &options).unwrap().unwrap();
    assert_eq!(connected.remote, second);
}

#[test]
fn every_failure_of_a_race_is_told() {
    let world = World::new();
    let error = race(&world, &ConnectOptions::default())
        .unwrap()
        .unwrap_err();
    let told: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| attempt.address().cloned())
        .collect();
    let [a, b, c, d] = candidates();
    assert_eq!(told, [Some(a), Some(c), Some(b), Some(d)]);
    assert_eq!(error.cause().text(), "Connection refused");
}

#[test]
fn a_race_among_silent_addresses_waits_for_ever() {
    let world = World::new();
    for address in candidates() {
        world.network.set_fault(&address, Some(Fault::Stall));
    }
    assert!(race(&world, &ConnectOptions::default()).is_none());
}

#[test]
fn a_refusing_address_refuses_though_somebody_listens() {
    let world = World::new();
    let _server = world.listen(Kind::Stream, &web());
    world.network.set_fault(&web(), Some(Fault::Refuse));
    let error = world.connect(Kind::Stream, &web()).unwrap_err();
    assert_eq!(error.cause().text(), "Connection refused");
    world.network.set_fault(&web(), None);
    assert!(world.connect(Kind::Stream, &web()).is_ok());
}

#[test]
fn a_reset_is_told_to_both_ends() {
    let world = World::new();
    let (client, server) = world.pair(Kind::Stream, &web());
    assert_eq!(world.network.reset(&web()), 1);
    for end in [client, server] {
        assert_eq!(
            world.read(&end).unwrap_err().kind(),
            ErrorKind::ConnectionReset
        );
        assert_eq!(
            end.try_write(b"x").unwrap_err().kind(),
            ErrorKind::BrokenPipe
        );
    }
}

#[test]
fn a_connection_may_break_after_so_many_bytes() {
    let world = World::new();
    let (client, server) = world.pair(Kind::Stream, &web());
    world.network.set_fault(&web(), Some(Fault::ResetAfter(5)));
    client.try_write(b"hello").unwrap();
    assert_eq!(world.read(&server).unwrap(), b"hello");
    client.try_write(b"!").unwrap();
    assert_eq!(
        world.read(&server).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
}

#[test]
fn a_stalled_connection_goes_on_where_it_stopped() {
    let world = World::new();
    let (client, server) = world.pair(Kind::Stream, &web());
    world.network.set_fault(&web(), Some(Fault::Stall));
    client.try_write(b"held ").unwrap();
    client.try_write(b"back").unwrap();
    drop(client);
    assert!(server.try_read(&mut [0; 9]).is_err());
    world.network.set_fault(&web(), None);
    assert_eq!(world.read(&server).unwrap(), b"held back");
    assert_eq!(world.read(&server).unwrap(), b"");
}

#[test]
fn linger_zero_resets_the_peer() {
    let world = World::new();
    let (client, server) = world.pair(Kind::Stream, &web());
    client.set_option(&NetworkOption::Linger(Some(0))).unwrap();
    drop(client);
    assert_eq!(
        world.read(&server).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
}

#[test]
fn an_accept_may_fail_and_its_client_waits_on() {
    let world = World::new();
    let server = world.listen(Kind::Stream, &web());
    let _client = world.connect(Kind::Stream, &web()).unwrap();
    world
        .network
        .fail_accept(&web(), OsError::from_code(libc::EMFILE));
    let error = server.try_accept().unwrap_err();
    assert_eq!(netproc_socket::bare_text(&error), "Too many open files");
    assert!(server.try_accept().is_ok());
}

#[test]
fn a_full_listener_lets_clients_in_as_it_accepts() {
    let world = World::new();
    let local = Address::Local(LocalName::path("/full").unwrap());
    for address in [local, web()] {
        let options = BindOptions::default();
        let server = world
            .backend
            .listen(Kind::Stream, &address, 0, &options)
            .unwrap();
        let _first = world.connect(Kind::Stream, &address).unwrap();
        let second = world
            .backend
            .start_connect(Kind::Stream, &address, &[])
            .unwrap();
        let accept = async {
            world.backend.timer(Duration::from_millis(100)).await;
            server.try_accept().unwrap()
        };
        let both = futures_lite::future::zip(second, accept);
        let (second, _) = world.network.run(both).expect("room in the end");
        assert!(second.is_ok());
    }
}

#[test]
fn closing_a_listener_breaks_off_those_who_wait() {
    let world = World::new();
    let server = world.listen(Kind::Stream, &web());
    let client = world.connect(Kind::Stream, &web()).unwrap();
    drop(server);
    assert_eq!(
        world.read(&client).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
}
