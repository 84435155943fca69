//! Many connections on several threads: callbacks in order, one at a time, one end each.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::{Arc, Mutex};
use std::thread;

use netproc_network::{Callbacks, Network, Process, ProcessId, Service, Spec};

use crate::support::{connect_to, wait_until};

/// What one connection went through.
#[derive(Default)]
struct Life {
    running: bool,
    opened: usize,
    ended: usize,
    bytes: usize,
}

#[derive(Clone, Default)]
struct Lives(Arc<Mutex<HashMap<ProcessId, Life>>>);

impl Lives {
    /// Runs a callback and checks that no other one of the process runs, nor comes too late.
    fn during(&self, process: &Process, change: impl FnOnce(&mut Life)) {
        {
            let mut lives = self.0.lock().expect("no panic");
            let life = lives.entry(process.id()).or_default();
            assert!(!life.running, "two callbacks at a time");
            assert_eq!(life.ended, 0, "a callback after the end");
            life.running = true;
        }
        thread::yield_now();
        let mut lives = self.0.lock().expect("no panic");
        let life = lives.entry(process.id()).or_default();
        life.running = false;
        change(life);
    }

    fn all(&self, condition: impl Fn(&Life) -> bool) -> bool {
        self.0.lock().expect("no panic").values().all(condition)
    }

    fn count(&self) -> usize {
        self.0.lock().expect("no panic").len()
    }
}

fn echo_server(network: &Network, lives: &Lives) -> Process {
    let (data, change) = (lives.clone(), lives.clone());
    network
        .open(
            Spec::server("echo")
                .service(Service::Any)
                .backlog(256)
                .filter(move |process, text| {
                    data.during(process, |life| {
                        assert_eq!(life.opened, 1, "data before open");
                        life.bytes += text.byte_len();
                    });
                    let _gone = process.send(text);
                })
                .sentinel(move |process, event| {
                    change.during(process, |life| {
                        if event.starts_with("open") {
                            life.opened += 1;
                        } else {
                            life.ended += 1;
                        }
                    });
                }),
        )
        .expect("a server")
}

#[test]
fn deletes_and_closes_race_and_each_process_ends_once() {
    const PEERS: usize = 120;
    let network = Network::builder()
        .on_fault(|fault| panic!("{fault}"))
        .build();
    let lives = Lives::default();
    let server = echo_server(&network, &lives);
    let _threads = network.run_background(3).expect("threads");
    let peers: Vec<_> = (0..4)
        .map(|_| {
            let server = server.clone();
            thread::spawn(move || {
                for number in 0..PEERS / 4 {
                    let mut peer = connect_to(&server);
                    let _gone = peer.write_all(&[b'x'; 500]);
                    if number % 3 == 0 {
                        let _gone = peer.shutdown(Shutdown::Write);
                        let _gone = peer.read_to_end(&mut Vec::new());
                    }
                }
            })
        })
        .collect();
    let deleting = network.clone();
    let deleter = thread::spawn(move || {
        while !peers.iter().all(thread::JoinHandle::is_finished) {
            for process in deleting.processes() {
                if !process.is_server() && process.id().index() % 2 == 0 {
                    process.delete();
                }
            }
            thread::yield_now();
        }
        for peer in peers {
            peer.join().expect("no panic");
        }
    });
    wait_until("the peers", || deleter.is_finished());
    deleter.join().expect("no panic");
    wait_until("the last accept", || lives.count() == PEERS);
    wait_until("every end", || {
        lives.all(|life| life.ended == 1 && life.opened == 1)
    });
    wait_until("an empty table", || network.processes() == [server.clone()]);
}

#[test]
fn two_processes_that_call_verbs_on_each_other_do_not_block() {
    const ROUNDS: usize = 300;
    let network = Network::new();
    let _threads = network.run_background(3).expect("threads");
    let pair: Arc<Mutex<Vec<Process>>> = Arc::default();
    let others = Arc::clone(&pair);
    let server = network
        .open(
            Spec::server("s")
                .service(Service::Any)
                .filter(move |process, text| {
                    let other = {
                        let pair = others.lock().expect("no panic");
                        pair.iter().find(|other| *other != process).cloned()
                    };
                    let Some(other) = other else { return Ok(()) };
                    other.stop();
                    other.set_query_on_exit(false);
                    other.resume();
                    other.send(text)
                }),
        )
        .expect("a server");
    let peers = [connect_to(&server), connect_to(&server)];
    wait_until("two connections", || network.processes().len() == 3);
    *pair.lock().expect("no panic") = network
        .processes()
        .into_iter()
        .filter(|process| !process.is_server())
        .collect();
    let playing: Vec<_> = peers
        .into_iter()
        .map(|mut peer| {
            thread::spawn(move || {
                for _ in 0..ROUNDS {
                    peer.write_all(b"ball").expect("a server");
                    peer.read_exact(&mut [0; 4]).expect("the other's ball");
                }
            })
        })
        .collect();
    wait_until("the games", || {
        playing.iter().all(thread::JoinHandle::is_finished)
    });
    for player in playing {
        player.join().expect("no panic");
    }
}
