//! Datagrams that wait together are heard as if each came by itself, whatever the filter does.

use std::net::UdpSocket;

use netproc_address::Address;
use netproc_lisp::Value;
use netproc_network::{Network, Process, Service, Spec, Text};
use netproc_socket::{Backend, BindOptions, MemoryNetwork, Socket};

use crate::support::{Journal, drive_until};

/// How many datagrams come: more than are received at once.
const COUNT: usize = 40;

/// What the filter does at one of them.
#[derive(Clone, Copy, Debug)]
enum Act {
    Nothing,
    Stop,
    ReadNoMore,
    ChangeFilter,
    Delete,
    Fail,
}

/// Two senders, in turns.
enum Senders {
    System([UdpSocket; 2]),
    Memory(MemoryNetwork, [Socket; 2]),
}

impl Senders {
    fn send(&self, number: usize, to: &Address) {
        let (bytes, sender) = (number.to_string(), number % 2);
        match (self, to) {
            (Senders::System(sockets), Address::V4(to)) => {
                sockets[sender].send_to(bytes.as_bytes(), to).expect("room");
            }
            (Senders::Memory(_, sockets), to) => {
                let sent = sockets[sender].try_send_to(bytes.as_bytes(), Some(to));
                sent.expect("room");
            }
            _ => panic!("an address of another family"),
        }
    }

    fn names(&self) -> [Address; 2] {
        match self {
            Senders::System(sockets) => sockets
                .each_ref()
                .map(|socket| socket.local_addr().expect("an address").into()),
            Senders::Memory(_, sockets) => sockets
                .each_ref()
                .map(|socket| socket.local_address().expect("an address")),
        }
    }

    /// Serves the network until the condition holds.
    fn until(&self, network: &Network, what: &str, condition: impl Fn() -> bool) {
        match self {
            Senders::System(_) => drive_until(network, what, condition),
            Senders::Memory(memory, _) => {
                // It ends when nothing is left to be done.
                memory.run(network.run(std::future::pending::<()>()));
                assert!(condition(), "{what}");
            }
        }
    }
}

fn system() -> (Network, Senders, Spec) {
    let senders = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").expect("a port"));
    let network = Network::builder().on_fault(|_| {}).build();
    let spec = Spec::server("s").datagram().service(Service::Any);
    (
        network,
        Senders::System(senders),
        spec.build().expect("a spec"),
    )
}

fn memory() -> (Network, Senders, Spec) {
    let memory = MemoryNetwork::new(1);
    let backend = Backend::memory(&memory);
    let senders = ["192.0.2.2:7", "192.0.2.3:7"].map(|at| {
        let at = at.parse().expect("an address");
        backend
            .bind_datagram(&at, &BindOptions::default())
            .expect("a socket")
    });
    let network = Network::builder().backend(backend).on_fault(|_| {}).build();
    let address: Address = "192.0.2.1:7".parse().expect("an address");
    let spec = Spec::server("s").datagram().address(address);
    (
        network,
        Senders::Memory(memory, senders),
        spec.build().expect("a spec"),
    )
}

/// Returns what is heard of the datagrams, which come together or each when the one before it has
/// been heard; at the one in the middle something is done.
fn heard(world: fn() -> (Network, Senders, Spec), together: bool, act: Act) -> Vec<String> {
    let (network, senders, spec) = world();
    let server = match &senders {
        Senders::System(_) => network.open(spec),
        Senders::Memory(memory, _) => memory.run(network.open_async(spec)).expect("an outcome"),
    };
    let server = server.expect("a server");
    let journal = Journal::default();
    server.set_filter(filter(&journal, senders.names(), act));
    let note = journal.clone();
    server.set_sentinel(move |_, event| note.note(event));
    let to = server.local_address().expect("an address");
    let middle = COUNT / 2;
    let due = |sent: usize| match act {
        Act::Stop | Act::ReadNoMore => sent.min(middle + 1),
        Act::Delete => sent.min(middle + 2),
        _ => sent,
    };
    for number in 0..COUNT {
        senders.send(number, &to);
        if !together {
            senders.until(&network, "a datagram", || {
                journal.entries().len() >= due(number + 1)
            });
        }
    }
    senders.until(&network, "what comes first", || {
        journal.entries().len() >= due(COUNT)
    });
    assert_eq!(journal.entries().len(), due(COUNT), "{act:?}");
    match act {
        Act::Stop => server.resume(),
        Act::ReadNoMore => server.set_filter(filter(&journal, senders.names(), Act::Nothing)),
        Act::Delete => return journal.entries(),
        _ => {}
    }
    senders.until(&network, "the rest", || journal.entries().len() >= COUNT);
    journal.entries()
}

/// Notes each datagram with its sender, where an answer would go and the bytes so far.
fn filter(
    journal: &Journal,
    senders: [Address; 2],
    act: Act,
) -> impl Fn(&Process, &Text) -> Result<(), String> + Send + Sync + 'static {
    let journal = journal.clone();
    move |process, text| {
        let from = process.datagram_address();
        let from = senders
            .iter()
            .position(|sender| Some(sender) == from.as_ref());
        journal.note(format!("{text} {from:?} {}", process.bytes_received()));
        if *text != *(COUNT / 2).to_string() {
            return Ok(());
        }
        match act {
            Act::Nothing => {}
            Act::Stop => process.stop(),
            Act::ReadNoMore => {
                let set = process.set_filter_value(&Value::t());
                set.map_err(|error| error.to_string())?;
            }
            Act::ChangeFilter => {
                let journal = journal.clone();
                process.set_filter(move |_, text| journal.note(format!("other {text}")));
            }
            Act::Delete => process.delete(),
            Act::Fail => return Err("as it is to".into()),
        }
        Ok(())
    }
}

#[test]
fn whatever_a_filter_does_counts_from_the_next_datagram_on() {
    for act in [
        Act::Nothing,
        Act::Stop,
        Act::ReadNoMore,
        Act::ChangeFilter,
        Act::Delete,
        Act::Fail,
    ] {
        let expected = heard(system, false, act);
        assert_eq!(heard(system, true, act), expected, "{act:?}");
        let expected = heard(memory, false, act);
        assert_eq!(heard(memory, true, act), expected, "{act:?}");
    }
}

#[test]
fn a_wait_inside_the_filter_goes_on_with_the_next_datagram() {
    let (network, senders, spec) = system();
    let server = network.open(spec).expect("a server");
    let journal = Journal::default();
    let (note, inner) = (journal.clone(), network.clone());
    server.set_filter(move |process, text| {
        note.note(format!("{text} begins"));
        if *text == "3" {
            let heard = inner.accept_output_nested(process, crate::support::PATIENCE);
            assert!(heard);
        }
        note.note(format!("{text} ends"));
    });
    let to = server.local_address().expect("an address");
    (0..COUNT).for_each(|number| senders.send(number, &to));
    drive_until(&network, "all datagrams", || {
        journal.entries().len() == 2 * COUNT
    });
    let begun: Vec<String> = journal
        .entries()
        .iter()
        .filter_map(|entry| entry.strip_suffix(" begins").map(String::from))
        .collect();
    let expected: Vec<String> = (0..COUNT).map(|number| number.to_string()).collect();
    assert_eq!(begun, expected);
    assert_eq!(journal.entries()[7], "4 begins");
}

#[test]
fn an_answer_that_is_too_long_is_refused_to_the_filter_that_sends_it() {
    let (network, senders, spec) = system();
    let server = network.open(spec).expect("a server");
    let journal = Journal::default();
    let note = journal.clone();
    server.set_filter(move |process, text| {
        let length = if *text == "5" { 70_000 } else { 7 };
        let sent = process.send(vec![b'x'; length].as_slice());
        note.note(format!("{text} {}", sent.is_ok()));
    });
    let to = server.local_address().expect("an address");
    (0..COUNT).for_each(|number| senders.send(number, &to));
    drive_until(&network, "all datagrams", || {
        journal.entries().len() == COUNT
    });
    let expected = (0..COUNT).map(|number| format!("{number} {}", number != 5));
    assert!(journal.entries().into_iter().eq(expected));
}
