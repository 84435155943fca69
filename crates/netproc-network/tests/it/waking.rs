//! Whoever waits is woken when there is something to do, and only then.

use std::fs;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_io::AsyncRead;
use netproc_network::{Callbacks, Network, Process, ProcessStream, Service, Spec};

use crate::support::{Count, connect_to, drive_until, wait_until};

fn client_stream(network: &Network) -> (Process, ProcessStream) {
    let server = network
        .open(Spec::server("silent").service(Service::Any))
        .expect("a server");
    let client = network
        .open(Spec::client("c").service(server.service()))
        .expect("a client");
    (client.clone(), client.into_stream().expect("a stream"))
}

fn poll_read(stream: &mut ProcessStream, waker: &std::task::Waker) -> Poll<usize> {
    let mut buffer = [0; 16];
    Pin::new(stream)
        .poll_read(&mut Context::from_waker(waker), &mut buffer)
        .map(|count| count.expect("no error"))
}

#[test]
fn a_reader_of_a_stream_learns_that_it_was_deleted() {
    let network = Network::new();
    let (process, mut stream) = client_stream(&network);
    let (count, waker) = Count::waker();
    assert_eq!(poll_read(&mut stream, &waker), Poll::Pending);
    process.delete();
    assert!(count.get() > 0);
    assert_eq!(poll_read(&mut stream, &waker), Poll::Ready(0));
}

#[test]
fn a_reader_of_a_stream_learns_that_the_network_is_gone() {
    let network = Network::new();
    let (_, mut stream) = client_stream(&network);
    let (count, waker) = Count::waker();
    assert_eq!(poll_read(&mut stream, &waker), Poll::Pending);
    drop(network);
    assert!(count.get() > 0);
    assert_eq!(poll_read(&mut stream, &waker), Poll::Ready(0));
}

/// Two wait for one socket: the thread in the background and the nested wait.
#[test]
fn a_nested_wait_beside_a_background_thread_sleeps() {
    let network = Network::new();
    let _threads = network.run_background(1).expect("a thread");
    let server = network
        .open(Spec::server("silent").service(Service::Any))
        .expect("a server");
    let client = network
        .open(Spec::client("c").service(server.service()))
        .expect("a client");
    let before = processor_time();
    assert!(!network.accept_output_nested(&client, Duration::from_millis(300)));
    let spent = processor_time().saturating_sub(before);
    assert!(spent < Duration::from_millis(100), "{spent:?} of 300 ms");
}

#[test]
fn a_stream_that_waits_beside_its_task_sleeps() {
    let network = Network::new();
    let _threads = network.run_background(1).expect("a thread");
    let (_, mut stream) = client_stream(&network);
    let (count, waker) = Count::waker();
    assert_eq!(poll_read(&mut stream, &waker), Poll::Pending);
    let before = count.get();
    assert!(
        !network
            .accept_output(None, Duration::from_millis(100))
            .expect("no callback")
    );
    assert!(
        count.get() - before <= 2,
        "{} wake-ups",
        count.get() - before
    );
}

/// Emacs's nesting goes on working while another thread waits for the same process.
#[test]
fn a_nested_wait_in_a_callback_survives_one_elsewhere() {
    let network = Network::new();
    let heard = crate::support::Journal::default();
    let (journal, driven) = (heard.clone(), network.clone());
    let server = network
        .open(
            Spec::server("s")
                .service(Service::Any)
                .filter(move |process, text| {
                    journal.note(text.to_string());
                    if journal.entries().len() == 1 {
                        process.send("more").expect("an open process");
                        // Another thread asks for the same process and gives up.
                        let (other, process_there) = (driven.clone(), process.clone());
                        std::thread::spawn(move || {
                            other.accept_output_nested(&process_there, Duration::ZERO)
                        })
                        .join()
                        .expect("no panic");
                        driven.accept_output_nested(process, crate::support::PATIENCE);
                        journal.note("outer ends");
                    }
                }),
        )
        .expect("a server");
    let peer = connect_to(&server);
    let answering = std::thread::spawn(move || {
        use std::io::{Read, Write};
        (&peer).write_all(b"first").expect("a reader");
        (&peer).read_exact(&mut [0; 4]).expect("an answer");
        (&peer).write_all(b"second").expect("a reader");
        peer
    });
    drive_until(&network, "both texts", || heard.has("outer ends"));
    assert_eq!(heard.entries(), ["first", "second", "outer ends"]);
    answering.join().expect("no panic");
}

#[test]
fn a_waiting_server_under_two_threads_sleeps() {
    let network = Network::new();
    let _threads = network.run_background(2).expect("threads");
    let server = network
        .open(
            Spec::server("echo")
                .service(Service::Any)
                .filter(|process, text| process.send(text)),
        )
        .expect("a server");
    let peers: Vec<_> = (0..8).map(|_| connect_to(&server)).collect();
    wait_until("all accepted", || network.processes().len() == 9);
    let before = processor_time();
    assert!(
        !network
            .accept_output(None, Duration::from_millis(200))
            .expect("no callback")
    );
    let spent = processor_time().saturating_sub(before);
    assert!(spent < Duration::from_millis(100), "{spent:?} of 200 ms");
    drop(peers);
}

/// Returns how long this thread has run so far (proc(5), `schedstat`).
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = stat.split_whitespace().next().expect("a number");
    Duration::from_nanos(nanoseconds.parse().expect("a number"))
}
