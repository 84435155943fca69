//! Each process hears of its end once, last of all, and after everything that came before it.

use std::io::Write;

use futures_lite::future::block_on;
use netproc_network::{Callbacks, Error, Network, NetworkOption, ServerCallbacks, Service, Spec};

use crate::support::{Journal, connect_to, drive_until, listen};

const BROKEN: &str = "connection broken by remote peer\n";

fn journalling_server(network: &Network, journal: &Journal) -> netproc_network::Process {
    let (text, event, log) = (journal.clone(), journal.clone(), journal.clone());
    network
        .open(
            Spec::server("s")
                .service(Service::Any)
                .filter(move |_, received| text.note(received.to_string()))
                .sentinel(move |_, message| event.note(message))
                .log(move |_, _, _| log.note("log")),
        )
        .expect("a server")
}

#[test]
fn data_before_a_reset_is_delivered_before_the_end() {
    let network = Network::new();
    let journal = Journal::default();
    let server = journalling_server(&network, &journal);
    let client = network
        .open(
            Spec::client("c")
                .service(server.service())
                .option(NetworkOption::Linger(Some(0))),
        )
        .expect("a client");
    client.send("last words").expect("an open process");
    client.delete();
    drive_until(&network, "the end", || journal.has(BROKEN));
    assert_eq!(
        journal.entries(),
        ["log", "open from 127.0.0.1\n", "last words", BROKEN]
    );
}

/// The peer is gone when the server answers: the answer fails, what came before is heard.
#[test]
fn data_before_a_failed_send_is_delivered_before_the_end() {
    let network = Network::new();
    let journal = Journal::default();
    let server = journalling_server(&network, &journal);
    let mut peer = connect_to(&server);
    drive_until(&network, "the connection", || {
        network.processes().len() == 2
    });
    let connection = network.processes().remove(0);
    connection.stop();
    peer.write_all(b"last words").expect("a server");
    drop(peer);
    // The first send makes the peer's kernel answer with a reset, the next one fails by it.
    while connection.send("answer").is_ok() {}
    connection.resume();
    drive_until(&network, "the end", || journal.has(BROKEN));
    assert_eq!(
        journal.entries(),
        ["log", "open from 127.0.0.1\n", "last words", BROKEN]
    );
    assert_eq!(network.processes(), [server]);
}

/// Its socket is not read, so only the failed send can tell.
#[test]
fn a_process_that_only_sends_hears_of_its_end() {
    let network = Network::new();
    let (journal, (listener, port)) = (Journal::default(), listen());
    let event = journal.clone();
    let client = network
        .open(
            Spec::client("c")
                .service(Service::Port(port))
                .filter_value(netproc_network::Value::t())
                .sentinel(move |_, message| event.note(message)),
        )
        .expect("a client");
    drop(listener.accept().expect("a connection"));
    while client.send("text").is_ok() {}
    drive_until(&network, "the end", || journal.has(BROKEN));
    assert_eq!(journal.entries(), [BROKEN]);
    assert!(network.processes().is_empty());
}

#[test]
fn a_connection_deleted_in_its_log_function_hears_of_its_end_once() {
    let network = Network::new();
    let journal = Journal::default();
    let event = journal.clone();
    let server = network
        .open(
            Spec::server("s")
                .service(Service::Any)
                .sentinel(move |_, message| event.note(message))
                .log(|_, connection, _| connection.map(netproc_network::Process::delete).ok_or("")),
        )
        .expect("a server");
    let _peer = connect_to(&server);
    drive_until(&network, "the end", || journal.has("deleted\n"));
    assert_eq!(journal.entries(), ["open from 127.0.0.1\n", "deleted\n"]);
    assert_eq!(network.processes(), [server]);
}

#[test]
fn flushing_tells_an_end_with_unsent_bytes_from_success() {
    let network = Network::builder().on_fault(|_| ()).build();
    let (listener, port) = listen();
    let client = network
        .open(Spec::client("c").service(Service::Port(port)))
        .expect("a client");
    let (peer, _) = listener.accept().expect("a connection");
    let sending = client.clone();
    let helper = Spec::client("helper").datagram().service(Service::Port(9));
    let helper = helper.sentinel(move |_, _| sending.send(vec![0; 32 << 20].as_slice()));
    network.open(helper).expect("a helper").delete();
    assert!(client.queued_bytes() > 0);
    let flushing = client.flush_async();
    drop(peer);
    let outcome = block_on(flushing);
    assert!(
        matches!(outcome, Err(Error::EndedWhileSending { .. })),
        "{outcome:?}"
    );
}

#[test]
fn a_fault_function_that_panics_harms_nobody() {
    let network = Network::builder()
        .on_fault(|_| panic!("of the fault function"))
        .build();
    let journal = Journal::default();
    let heard = journal.clone();
    let server = network
        .open(
            Spec::server("s")
                .service(Service::Any)
                .filter(move |_, text| {
                    heard.note(text.to_string());
                    assert!(text.is_empty(), "of the filter");
                }),
        )
        .expect("a server");
    let mut peer = connect_to(&server);
    peer.write_all(b"one").expect("a server");
    drive_until(&network, "the first text", || journal.has("one"));
    peer.write_all(b"two").expect("a server");
    drive_until(&network, "the second text", || journal.has("two"));
    let client = network
        .open(Spec::client("after").service(server.service()))
        .expect("callbacks are not running any more");
    client.send("three").expect("an open process");
    drive_until(&network, "the third text", || journal.has("three"));
}
