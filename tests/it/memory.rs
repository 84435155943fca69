//! The network over sockets in memory: the same every time, in no time, with faults on demand.

use std::net::IpAddr;
use std::time::Duration;

use netproc::address::Address;
use netproc::network::{Process, Spec};
use netproc::socket::{Backend, Fault, Link, MemoryNetwork};
use netproc_tests::World;

fn world(seed: u64) -> (World, MemoryNetwork) {
    let memory = MemoryNetwork::new(seed);
    let backend = Backend::memory(&memory);
    (World::with(|builder| builder.backend(backend)), memory)
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

/// Runs until the transcript has so many lines; the clock moves when everything waits.
#[track_caller]
fn until_lines(world: &World, memory: &MemoryNetwork, count: usize) -> Vec<String> {
    let network = world.network.clone();
    let wait = network.run(async {
        while world.transcript.lines().len() < count {
            let before = memory.elapsed();
            futures_lite::future::yield_now().await;
            if memory.elapsed() == before && !memory.step() {
                futures_lite::future::yield_now().await;
            }
        }
    });
    memory.run(wait).expect("what is waited for");
    world.transcript.lines()
}

#[track_caller]
fn open(world: &World, memory: &MemoryNetwork, list: &str) -> Process {
    let spec: Spec = list.parse().unwrap();
    memory
        .run(world.network.open_async(spec))
        .expect("an outcome")
        .unwrap()
}

const SERVER: &str = r#"(:name "s" :server t :host "192.0.2.1" :service 7 :filter echo)"#;
const CLIENT: &str = r#"(:name "c" :host "192.0.2.1" :service 7 :filter record :sentinel record)"#;

#[test]
fn a_connection_takes_the_time_of_its_link() {
    let (world, memory) = world(1);
    let latency = Duration::from_millis(40);
    memory.set_default_link(Link {
        latency,
        ..Link::default()
    });
    let _server = open(&world, &memory, SERVER);
    let client = open(&world, &memory, CLIENT);
    assert_eq!(memory.elapsed(), latency * 2, "a round trip");
    client.send("x").unwrap();
    assert_eq!(until_lines(&world, &memory, 1), [r#"filter c "x""#]);
    assert_eq!(memory.elapsed(), latency * 4, "another one");
}

#[test]
fn a_refusal_is_told_as_by_the_system() {
    let (world, memory) = world(1);
    memory.set_fault(&address("192.0.2.1:7"), Some(Fault::Refuse));
    let _server = open(&world, &memory, SERVER);
    let spec: Spec = CLIENT.parse().unwrap();
    let error = memory
        .run(world.network.open_async(spec))
        .unwrap()
        .unwrap_err();
    assert!(
        error
            .condition()
            .to_string()
            .contains("\"Connection refused\"")
    );
    assert_eq!(world.network.processes().len(), 1);
    let nowait = CLIENT.replace(":name", ":nowait t :name");
    let _failing = open(&world, &memory, &nowait);
    assert_eq!(
        until_lines(&world, &memory, 1),
        [r#"sentinel c "failed with code 111\n" failed"#]
    );
}

#[test]
fn a_reset_breaks_the_connection() {
    let (world, memory) = world(1);
    let _server = open(&world, &memory, SERVER);
    let _client = open(&world, &memory, CLIENT);
    assert!(memory.reset(&address("192.0.2.1:7")) > 0);
    assert_eq!(
        until_lines(&world, &memory, 1),
        [r#"sentinel c "connection broken by remote peer\n" closed"#]
    );
}

#[test]
fn the_second_address_of_a_host_is_used_when_the_first_refuses() {
    let (world, memory) = world(1);
    memory.add_host(
        "two.test",
        [IpAddr::from([192, 0, 2, 9]), IpAddr::from([192, 0, 2, 1])],
    );
    let _server = open(&world, &memory, SERVER);
    let client = open(
        &world,
        &memory,
        r#"(:name "c" :host "two.test" :service 7 :filter record)"#,
    );
    assert_eq!(client.remote_address(), Some(address("192.0.2.1:7")));
    assert_eq!(client.contact_value(":remote").to_string(), "[192 0 2 1 7]");
}

#[test]
fn writes_and_reads_of_any_size_lose_nothing() {
    for seed in 1..=5 {
        let (world, memory) = world(seed);
        memory.set_default_link(Link {
            latency: Duration::from_millis(3),
            capacity: 100,
            largest_write: Some(7),
            largest_read: Some(5),
            ..Link::default()
        });
        let _server = open(&world, &memory, SERVER);
        let client = open(&world, &memory, CLIENT);
        let seen = world.transcript.clone();
        client.set_filter(move |_, text| seen.add(text.to_string_lossy()));
        let sent = "h\u{e9}llo w\u{f6}rld, ".repeat(40);
        client.send(&sent).unwrap();
        while world.transcript.lines().concat().len() < sent.len() {
            let count = world.transcript.lines().len();
            until_lines(&world, &memory, count + 1);
        }
        assert_eq!(world.transcript.lines().concat(), sent, "seed {seed}");
    }
}

#[test]
fn a_failed_accept_is_told_and_the_connection_comes_later() {
    let (world, memory) = world(1);
    let list = SERVER.replace(":filter echo", ":log record :sentinel record");
    let _server = open(&world, &memory, &list);
    let aborted = netproc::socket::OsError::from_code(103);
    memory.fail_accept(&address("192.0.2.1:7"), aborted);
    let _client = open(&world, &memory, CLIENT);
    let lines = until_lines(&world, &memory, 3);
    assert_eq!(lines[0], r#"log s nil "accept failed with code103\n""#);
    assert!(
        lines[1].starts_with("log s s <") && lines[2].contains("open from"),
        "{lines:?}"
    );
}
