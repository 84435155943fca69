//! Memory stays bounded when callbacks send, and nobody waits for ever because of it.

use std::sync::{Arc, Mutex};
use std::thread;

use futures_lite::future::block_on;
use netproc_network::{Callbacks, Event, Limits, Network, Process, Service, Spec};

use crate::support::{
    PATIENCE, connect_to, count_to_end, drive_until, in_time, listen, wait_until, write_then_end,
};

const HIGH: u32 = 256 * 1024;
const READ: usize = 16 * 1024;
const FLOOD: usize = 24 * 1024 * 1024;

fn narrow_network() -> Network {
    let limits = Limits {
        read_size: READ,
        high_water: HIGH,
        low_water: HIGH / 4,
        ..Limits::DEFAULT
    };
    Network::builder().limits(limits).build()
}

/// Makes a server that sends all it gets to one client process, which it closes at the end.
fn forwarder(network: &Network, target: &Process) -> Process {
    let (data, end) = (target.clone(), target.clone());
    let spec = Spec::server("front")
        .service(Service::Any)
        .filter(move |_, text| data.send(text))
        .sentinel(move |_, event| {
            if event.starts_with("connection broken") {
                return end.send_eof();
            }
            Ok(())
        });
    network.open(spec).expect("a server")
}

#[test]
fn a_forwarder_reads_no_faster_than_it_can_send() {
    let network = narrow_network();
    let (listener, port) = listen();
    let back = network
        .open(Spec::client("back").service(Service::Port(port)))
        .expect("a client");
    let (sink, _) = listener.accept().expect("a connection");
    let source = connect_to(&forwarder(&network, &back));
    let writing = thread::spawn(move || write_then_end(&source, FLOOD));

    drive_until(&network, "a full queue", || {
        back.queued_bytes() >= HIGH as usize
    });
    // Nobody reads at the far end, so nothing may arrive any more after this.
    while network
        .accept_output(None, std::time::Duration::from_millis(50))
        .expect("no callback")
    {
        assert!(
            back.queued_bytes() <= HIGH as usize + READ,
            "{}",
            back.queued_bytes()
        );
    }
    let reading = thread::spawn(move || count_to_end(&sink));
    drive_until(&network, "the far end reads", || reading.is_finished());
    assert_eq!(reading.join().expect("no panic"), FLOOD);
    writing.join().expect("no panic");
}

#[test]
fn a_forwarder_goes_on_when_its_target_is_deleted() {
    let network = narrow_network();
    let (listener, port) = listen();
    let back = network
        .open(Spec::client("back").service(Service::Port(port)))
        .expect("a client");
    let _sink = listener.accept().expect("a connection");
    let target = back.clone();
    let server = network
        .open(
            Spec::server("front")
                .service(Service::Any)
                .filter(move |_, text| {
                    let _deleted = target.send(text);
                }),
        )
        .expect("a server");
    let source = connect_to(&server);
    let writing = thread::spawn(move || write_then_end(&source, FLOOD));
    drive_until(&network, "a full queue", || {
        back.queued_bytes() >= HIGH as usize
    });
    back.delete();
    drive_until(&network, "all is read", || writing.is_finished());
    writing.join().expect("no panic");
}

#[test]
fn who_reads_events_may_wait_for_room() {
    let network = narrow_network();
    let (events, arrived) = async_channel::bounded(1);
    let server = network
        .open(Spec::server("echo").service(Service::Any).events(&events))
        .expect("a server");
    let _threads = network.run_background(1).expect("a thread");
    thread::spawn(move || {
        block_on(async {
            while let Ok(event) = arrived.recv().await {
                if let Event::Data { process, text, .. } = event {
                    process.send_async(&text).await.expect("an open process");
                }
            }
        });
    });
    let peer = Arc::new(connect_to(&server));
    let writer = Arc::clone(&peer);
    // No half-close: the process would end when the last event is in the channel.
    thread::spawn(move || {
        let written = std::io::Write::write_all(&mut &*writer, &vec![b'x'; FLOOD]);
        written.expect("a server");
    });
    wait_until("a full queue", || {
        network
            .processes()
            .iter()
            .any(|process| process.queued_bytes() > 0)
    });
    in_time(move || std::io::Read::read_exact(&mut &*peer, &mut vec![0; FLOOD]))
        .expect("all of the echo");
}

/// The peer answers on another connection only when it has read all of a long request.
#[test]
fn a_queue_is_sent_while_its_callback_waits() {
    const REQUEST: usize = 16 * 1024 * 1024;
    let network = narrow_network();
    let (answers, port) = listen();
    let answer = network
        .open(Spec::client("answer").service(Service::Port(port)))
        .expect("a client");
    let answered = Arc::new(Mutex::new(None));
    let (result, driven) = (Arc::clone(&answered), network.clone());
    let server = network
        .open(
            Spec::server("ask")
                .service(Service::Any)
                .filter(move |process, _| {
                    process
                        .send(vec![b'r'; REQUEST].as_slice())
                        .expect("an open process");
                    let outcome = driven.accept_output(&answer, PATIENCE);
                    *result.lock().expect("no panic") = Some(outcome);
                    process.delete();
                }),
        )
        .expect("a server");
    let peer = connect_to(&server);
    let peer = thread::spawn(move || {
        use std::io::{Read, Write};
        (&peer).write_all(b"go").expect("a server");
        (&peer)
            .read_exact(&mut vec![0; REQUEST])
            .expect("the request");
        let (mut answer, _) = answers.accept().expect("a connection");
        answer.write_all(b"done").expect("a reader");
        answer
    });
    drive_until(&network, "an answer", || {
        answered.lock().expect("no panic").is_some()
    });
    let outcome = answered.lock().expect("no panic").take();
    assert!(matches!(outcome, Some(Ok(true))), "{outcome:?}");
    peer.join().expect("no panic");
}
