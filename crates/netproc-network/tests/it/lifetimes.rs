//! Networks and processes end when the last who needs them lets go, from wherever that is.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use netproc_network::{Callbacks, Error, Network, Process, Service, Spec, Value};

use crate::support::{PATIENCE, drive_until, in_time, listen, wait_until};

fn server(network: &Network) -> Process {
    network
        .open(Spec::server("s").service(Service::Any))
        .expect("a server")
}

#[test]
fn a_network_may_end_with_the_filter_that_owned_it() {
    in_time(|| {
        let network = Network::new();
        let process = server(&network);
        let owned = network.clone();
        process.set_filter(move |_, _| drop(owned.clone()));
        drop(network);
        process.set_filter(|_, _| ());
        process
            .set_filter_value(&Value::Nil)
            .expect("the default filter");
    });
}

#[test]
fn a_network_may_end_inside_a_callback() {
    in_time(|| {
        let network = Network::new();
        let slot = Arc::new(Mutex::new(None));
        let last = Arc::clone(&slot);
        let spec = Spec::client("c").service(server(&network).service());
        let process = network
            .open(spec.sentinel(move |_, _| drop(last.lock().expect("no panic").take())))
            .expect("a client");
        *slot.lock().expect("no panic") = Some(network);
        process.delete();
        assert!(process.network().is_none());
    });
}

#[test]
fn a_connection_under_way_does_not_keep_its_network() {
    let (_listener, port) = listen();
    let token = Arc::new(());
    let held = Arc::clone(&token);
    let network = Network::new();
    let process = network
        .open(
            Spec::client("c")
                .service(Service::Port(port))
                .nowait(true)
                .filter(move |_, _| drop(Arc::clone(&held))),
        )
        .expect("a client");
    drop(network);
    assert!(!process.is_live());
    drop(process);
    assert_eq!(Arc::strong_count(&token), 1);
}

#[test]
fn tasks_end_with_their_network_under_a_background_thread() {
    let token = Arc::new(());
    let held = Arc::clone(&token);
    let network = Network::new();
    let process = network
        .open(
            Spec::server("s")
                .service(Service::Any)
                .filter(move |_, _| drop(Arc::clone(&held))),
        )
        .expect("a server");
    let threads = network.run_background(1).expect("a thread");
    drop((network, process));
    wait_until("the task to end", || Arc::strong_count(&token) == 1);
    drop(threads);
}

/// The queue of the listener holds one connection; the second waits for ever.
#[test]
fn a_process_that_is_being_opened_can_be_deleted() {
    let network = Network::new();
    let path = std::env::temp_dir().join(format!("netproc-full-{}", std::process::id()));
    let path = path.to_str().expect("a plain path").to_owned();
    let _ = std::fs::remove_file(&path);
    network
        .open(
            Spec::server("full")
                .local_path(path.as_str())
                .backlog(0)
                .stopped(true),
        )
        .expect("a server");
    network
        .open(Spec::client("first").local_path(path.as_str()))
        .expect("a place in the queue");
    let opening = network.clone();
    let second = path.clone();
    let waiting = std::thread::spawn(move || {
        opening.open(Spec::client("second").local_path(second.as_str()))
    });
    wait_until("the second client", || network.process("second").is_some());
    network.process("second").expect("a process").delete();
    let outcome = in_time(move || waiting.join().expect("no panic"));
    std::fs::remove_file(&path).expect("a socket file");
    assert!(matches!(outcome, Err(Error::Deleted { .. })), "{outcome:?}");
    assert!(network.process("second").is_none());
}

#[test]
fn an_open_that_is_dropped_leaves_nothing() {
    let (listener, port) = listen();
    let network = Network::new();
    let spec = Spec::client("c").service(Service::Port(port));
    let opening = network.open_async(spec);
    assert!(
        futures_lite::future::block_on(futures_lite::future::poll_once(opening)).is_none_or(
            |outcome| {
                outcome.expect("a connection").delete();
                true
            }
        )
    );
    assert!(network.processes().is_empty());
    drop(listener);
}

/// The channel has room for `failed` only; `deleted` has to wait, and arrives.
#[test]
fn nothing_told_to_a_failed_process_is_lost() {
    let network = Network::new();
    let (listener, port) = listen();
    drop(listener);
    let (events, arrived) = async_channel::bounded(1);
    let process = network
        .open(
            Spec::client("c")
                .service(Service::Port(port))
                .nowait(true)
                .events(&events),
        )
        .expect("a client");
    drop(events);
    drive_until(&network, "a failure", || arrived.is_full());
    process.delete();
    let first = arrived.try_recv().expect("one event");
    assert_eq!(
        format!("{first:?}").matches("failed").count(),
        1,
        "{first:?}"
    );
    drive_until(&network, "the last event", || !arrived.is_empty());
    let last = arrived.try_recv().expect("one event");
    assert!(format!("{last:?}").contains("deleted"), "{last:?}");
    let _ = PATIENCE;
}

#[test]
fn one_look_lets_go_of_all_that_was_deleted() {
    let network = Network::new();
    let held = Arc::new(());
    for _ in 0..1000 {
        let theirs = Arc::clone(&held);
        let server = Spec::server("s")
            .service(Service::Any)
            .filter(move |_, _| drop(Arc::clone(&theirs)));
        network.open(server).expect("a server").delete();
    }
    network
        .accept_output(None, Duration::ZERO)
        .expect("nothing to wait for");
    assert_eq!(Arc::strong_count(&held), 1);
}
