//! Callbacks under many threads, and callbacks that fail.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Instant;

use netproc::network::{Callbacks, ServerCallbacks, Service, Spec};
use netproc_tests::{PATIENCE, Peer, World};

/// Waits for something that background threads do.
#[track_caller]
fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "in vain waited for {what}");
        thread::yield_now();
    }
}

#[test]
fn callbacks_of_one_process_never_overlap_and_keep_their_order() {
    let world = World::new();
    let inside = Arc::new(AtomicUsize::new(0));
    let overlaps = Arc::new(AtomicUsize::new(0));
    let texts: Arc<Mutex<HashMap<String, Vec<u8>>>> = Arc::default();
    let (level, clashes, all) = (inside, Arc::clone(&overlaps), Arc::clone(&texts));
    let busy: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let spec = Spec::server("s")
        .backlog(50)
        .service(Service::Any)
        .coding("binary")
        .filter(move |process, text| {
            let name = process.name().to_owned();
            let mut levels = busy.lock().unwrap();
            let mine = levels.entry(name.clone()).or_default();
            *mine += 1;
            if *mine > 1 {
                clashes.fetch_add(1, Ordering::SeqCst);
            }
            drop(levels);
            level.fetch_add(1, Ordering::SeqCst);
            thread::yield_now();
            all.lock()
                .unwrap()
                .entry(name.clone())
                .or_default()
                .extend(&*text.as_bytes());
            level.fetch_sub(1, Ordering::SeqCst);
            *busy.lock().unwrap().entry(name).or_default() -= 1;
        });
    let server = world.network.open(spec).unwrap();
    let background = world.network.run_background(2).unwrap();
    let sent: Vec<u8> = (0..=250).cycle().take(300_000).collect();
    let peers: Vec<_> = (0..8)
        .map(|_| {
            let mut peer = Peer::connect(&server);
            let bytes = sent.clone();
            thread::spawn(move || {
                for piece in bytes.chunks(777) {
                    peer.send(piece);
                }
                peer.finish();
                peer.receive_rest()
            })
        })
        .collect();
    for peer in peers {
        assert_eq!(peer.join().unwrap(), b"");
    }
    until("the ends", || world.network.processes().len() == 1);
    background.stop();
    assert_eq!(overlaps.load(Ordering::SeqCst), 0);
    let texts = texts.lock().unwrap();
    assert_eq!(texts.len(), 8);
    for (name, text) in &*texts {
        assert!(*text == sent, "{name} got its bytes in another order");
    }
}

#[test]
fn different_processes_are_served_side_by_side() {
    let world = World::new();
    let meeting = Arc::new((Mutex::new(0), Condvar::new()));
    let seen = world.transcript.clone();
    let spec = Spec::server("s").service(Service::Any).filter(move |_, _| {
        let (count, arrival) = &*meeting;
        let mut count = count.lock().unwrap();
        *count += 1;
        arrival.notify_all();
        // Each of the two filters returns only when the other runs too.
        let (_count, outcome) = arrival
            .wait_timeout_while(count, PATIENCE, |count| *count < 2)
            .unwrap();
        seen.add(format!("met {}", !outcome.timed_out()));
    });
    let server = world.network.open(spec).unwrap();
    let _background = world.network.run_background(2).unwrap();
    let mut peers = [Peer::connect(&server), Peer::connect(&server)];
    for peer in &mut peers {
        peer.send("x");
    }
    until("both filters", || world.transcript.lines().len() == 2);
    assert_eq!(world.transcript.lines(), ["met true", "met true"]);
}

#[test]
fn an_error_in_a_filter_is_reported_and_the_process_goes_on() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let seen = world.transcript.clone();
    let spec = Spec::client("c").service(port).filter(move |_, text| {
        let text = text.to_string_lossy().into_owned();
        seen.add(text.clone());
        if text == "bad" {
            Err("no good")
        } else {
            Ok(())
        }
    });
    let client = world.network.open(spec).unwrap();
    let mut peer = Peer::accept(&listener);
    peer.send("bad");
    assert!(world.network.accept_output(&client, PATIENCE).unwrap());
    peer.send("good");
    world.until_line("good");
    assert_eq!(
        world.faults.lines(),
        ["error in process filter of c: no good"]
    );
    assert!(client.is_live());
}

#[test]
fn a_panic_in_any_callback_is_contained() {
    let world = World::new();
    let spec = Spec::server("s")
        .service(Service::Any)
        .filter(|_, _| -> () { panic!("in the filter") })
        .sentinel(|_, event| assert!(!event.starts_with("open from"), "in the sentinel"))
        .log(|_, _, _| -> () { panic!("in the log") });
    let server = world.network.open(spec).unwrap();
    let mut peer = Peer::connect(&server);
    let name = format!("s <127.0.0.1:{}>", peer.address().port());
    peer.send("x");
    world.until("three reports", || world.faults.lines().len() == 3);
    assert_eq!(
        world.faults.lines(),
        [
            "panic in process log function of s: in the log".to_owned(),
            format!("panic in process sentinel of {name}: in the sentinel"),
            format!("panic in process filter of {name}: in the filter"),
        ]
    );
    let accepted = world.network.process(&name).unwrap();
    accepted.send("alive").unwrap();
    assert_eq!(peer.receive(5), b"alive");
    assert!(server.is_live());
}

#[test]
fn a_fault_function_that_panics_harms_nobody() {
    let world = World::with(|builder| builder.on_fault(|_| panic!("in the report")));
    let spec = Spec::server("s")
        .service(Service::Any)
        .filter(|process, text| {
            process.send(text).expect("an open process");
            Err::<(), _>("always")
        });
    let server = world.network.open(spec).unwrap();
    let mut peer = Peer::connect(&server);
    peer.send("x");
    let accepted = world.accepted(&server);
    world.until("an echo", || accepted.bytes_sent() == 1);
    assert_eq!(peer.receive(1), b"x");
}

#[test]
fn sends_of_many_threads_keep_the_order_of_each() {
    const THREADS: usize = 8;
    const LINES: usize = 400;
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :service {port} :coding utf-8-unix)"#
    ));
    let mut peer = Peer::accept(&listener);
    let reading = thread::spawn(move || peer.receive_rest());
    let background = world.network.run_background(1).unwrap();
    let senders: Vec<_> = (0..THREADS)
        .map(|sender| {
            let client = client.clone();
            thread::spawn(move || {
                for line in 0..LINES {
                    let padding = "x".repeat(line % 300);
                    client
                        .send(&format!("{sender} {line} {padding}\n"))
                        .unwrap();
                }
            })
        })
        .collect();
    for sender in senders {
        sender.join().unwrap();
    }
    client.send_eof().unwrap();
    let received = String::from_utf8(reading.join().unwrap()).unwrap();
    background.stop();
    let mut next = [0; THREADS];
    for line in received.lines() {
        let mut words = line.split(' ');
        let mut number = || words.next().unwrap().parse::<usize>().unwrap();
        let (sender, line) = (number(), number());
        assert_eq!(line, next[sender], "of sender {sender}");
        next[sender] += 1;
    }
    assert_eq!(next, [LINES; THREADS]);
}

#[test]
fn background_threads_stop_and_waits_go_on() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :filter echo)"#);
    let background = world.network.run_background(2).unwrap();
    let mut peer = Peer::connect(&server);
    peer.send("1");
    assert_eq!(peer.receive(1), b"1");
    background.stop();
    let accepted = world.accepted(&server);
    peer.send("2");
    assert!(world.network.accept_output(&accepted, PATIENCE).unwrap());
    assert_eq!(peer.receive(1), b"2");
}

#[test]
fn deleting_from_another_thread_while_a_filter_runs_tells_the_sentinel_after_it() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let (seen, heard) = (world.transcript.clone(), world.transcript.clone());
    let spec = Spec::client("c")
        .service(port)
        .filter(move |process, _| {
            seen.add("enter");
            let deadline = Instant::now() + PATIENCE;
            while process.is_live() && Instant::now() < deadline {
                thread::yield_now();
            }
            seen.add("leave");
        })
        .sentinel(move |_, event| heard.add(event));
    let client = world.network.open(spec).unwrap();
    let _background = world.network.run_background(1).unwrap();
    let mut peer = Peer::accept(&listener);
    peer.send("x");
    until("the filter", || world.transcript.has("enter"));
    client.delete();
    until("the end", || world.transcript.lines().len() == 3);
    assert_eq!(world.transcript.lines(), ["enter", "leave", "deleted\n"]);
}
