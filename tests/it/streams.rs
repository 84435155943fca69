//! Processes as streams of bytes, under any executor.

use std::thread;

use futures_lite::{AsyncReadExt, AsyncWriteExt, future::block_on};
use netproc::network::Error;
use netproc_tests::{Peer, World};

#[test]
fn bytes_go_both_ways_without_anybody_driving_the_network() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :stop t)"#));
    let mut stream = client.into_stream().unwrap();
    let mut peer = Peer::accept(&listener);
    block_on(async {
        stream.write_all(b"ping").await.unwrap();
        assert_eq!(peer.receive(4), b"ping");
        peer.send("pong");
        let mut answer = [0; 4];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"pong");
    });
}

#[test]
fn closing_half_closes_and_the_rest_is_read() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :stop t)"#));
    let mut stream = client.into_stream().unwrap();
    let mut peer = Peer::accept(&listener);
    let answering = thread::spawn(move || {
        let question = peer.receive_rest();
        peer.send("answer");
        question
    });
    block_on(async {
        stream.write_all(b"question").await.unwrap();
        stream.close().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "answer");
    });
    assert_eq!(answering.join().unwrap(), b"question");
}

#[test]
fn the_end_of_the_peer_is_the_end_of_reading_and_not_of_writing() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :stop t)"#));
    let mut stream = client.into_stream().unwrap();
    let mut peer = Peer::accept(&listener);
    peer.send("all");
    peer.finish();
    block_on(async {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "all");
        stream.write_all(b"later").await.unwrap();
        stream.close().await.unwrap();
    });
    assert_eq!(peer.receive_rest(), b"later");
}

#[test]
fn much_goes_both_ways_at_once() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :coding binary :filter echo)"#);
    let _background = world.network.run_background(1).unwrap();
    let client = world.open(&format!(
        r#"(:name "c" :service {} :stop t)"#,
        server.port().unwrap()
    ));
    let (mut reading, mut writing) = futures_lite::io::split(client.into_stream().unwrap());
    let sent: Vec<u8> = (0..=250).cycle().take(5_000_000).collect();
    let bytes = sent.clone();
    let received = block_on(async {
        let write = async {
            writing.write_all(&bytes).await.unwrap();
            writing.close().await.unwrap();
        };
        let mut received = Vec::new();
        let read = async { reading.read_to_end(&mut received).await.unwrap() };
        futures_lite::future::zip(write, read).await;
        received
    });
    assert!(received == sent);
}

#[test]
fn what_was_queued_before_is_sent_first() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :stop t)"#));
    client.send("first ").unwrap();
    let mut stream = client.into_stream().unwrap();
    block_on(stream.write_all(b"second")).unwrap();
    assert_eq!(Peer::accept(&listener).receive(12), b"first second");
}

#[test]
fn dropping_the_stream_deletes_the_process() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :service {port} :stop t :sentinel record)"#
    ));
    let stream = client.into_stream().unwrap();
    let mut peer = Peer::accept(&listener);
    drop(stream);
    assert_eq!(peer.receive_rest(), b"");
    assert!(world.network.processes().is_empty());
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "deleted\n" closed"#]
    );
}

#[test]
fn servers_datagrams_and_closed_processes_are_no_streams() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t)"#);
    let datagram = world.open(r#"(:name "d" :type datagram :service 9)"#);
    let closed = world.open(&format!(
        r#"(:name "c" :service {})"#,
        server.port().unwrap()
    ));
    closed.delete();
    for process in [server, datagram, closed] {
        let refused = process.into_stream();
        assert!(matches!(refused, Err(Error::NotAStream { .. })));
    }
}
