//! Machines made from keyword lists, addresses, and a driver that writes down what happens.

use std::net::SocketAddr;
use std::sync::Arc;

use netproc_address::Address;
use netproc_keywords::Spec;
use netproc_lisp::{Value, read};
use netproc_process::{Accepted, Effect, Input, Machine};

pub(crate) fn machine(list: &str) -> Machine {
    let spec: Spec = list.parse().expect("a keyword list");
    let name = Arc::clone(&spec.name);
    Machine::from_spec(&Arc::new(spec), name)
}

pub(crate) fn address(text: &str) -> Address {
    Address::from(text.parse::<SocketAddr>().expect("an address"))
}

pub(crate) fn value(text: &str) -> Value {
    read(text).expect("a value")
}

/// A client that is connected and was polled.
pub(crate) fn open(list: &str) -> Machine {
    let mut machine = machine(list);
    connect(&mut machine);
    events(&mut machine);
    machine
}

pub(crate) fn connect(machine: &mut Machine) {
    let (local, remote) = (address("127.0.0.1:48320"), address("127.0.0.1:34119"));
    machine
        .handle(Input::Connected { local, remote })
        .expect("connecting");
}

pub(crate) fn listening(list: &str, local: &str) -> Machine {
    let mut machine = machine(list);
    machine
        .handle(Input::Listening {
            local: address(local),
        })
        .expect("listening");
    machine
}

pub(crate) fn accept(server: &Machine, remote: &str) -> Machine {
    let remote = address(remote);
    let name = server.accepted_name(&remote, 1).into();
    let local = server.local().expect("a server that listens").clone();
    Machine::accepted(
        server,
        Accepted {
            name,
            local,
            remote,
        },
    )
}

/// Does what the machine wants until it wants nothing more, and writes that down.
pub(crate) fn events(machine: &mut Machine) -> Vec<String> {
    std::iter::from_fn(|| machine.poll_effect())
        .map(|effect| describe(&effect))
        .collect()
}

pub(crate) fn describe(effect: &Effect) -> String {
    match effect {
        Effect::Filter(text) => format!("filter {text}"),
        Effect::Insert(text) => format!("insert {text}"),
        Effect::Sentinel(event) => format!("sentinel {event:?}"),
        Effect::Log { function, message } => format!("{function} {message:?}"),
        Effect::Shutdown => "shutdown".to_owned(),
        Effect::Close => "close".to_owned(),
        Effect::Retire => "retire".to_owned(),
        Effect::LostBytes(count) => format!("lost {count}"),
        other => format!("{other:?}"),
    }
}

/// `process-status`, `process-live-p`, `process-exit-status` and `process-command`.
pub(crate) fn slots(machine: &Machine) -> String {
    let live: Vec<_> = machine
        .status()
        .live()
        .iter()
        .map(ToString::to_string)
        .collect();
    let live = if live.is_empty() {
        "nil".to_owned()
    } else {
        format!("({})", live.join(" "))
    };
    let exit = machine.exit_status().to_value();
    let command = if machine.is_stopped() { "t" } else { "nil" };
    format!("{} {live} {exit} {command}", machine.status())
}
