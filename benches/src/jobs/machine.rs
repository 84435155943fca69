//! The process object without its socket.

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;

use netproc_address::Address;
use netproc_keywords::Spec;
use netproc_process::{Accepted, Effect, Input, Machine, Registry};

use super::{MESSAGE, Step};
use crate::server::Failure;

/// How many processes the table holds beside the one that comes and goes.
const TENANTS: usize = 10_000;

fn address(port: u16) -> Address {
    SocketAddr::from(([127, 0, 0, 1], port)).into()
}

/// Returns the machine of a server that listens.
fn server() -> Result<Machine, Failure> {
    let list = r#"(:name "echo" :server t :host "127.0.0.1" :service 7007 :filter echo)"#;
    let spec: Spec = list.parse()?;
    let mut server = Machine::from_spec(&Arc::new(spec), "echo".into());
    let local = address(7007);
    server.handle(Input::Listening { local })?;
    Ok(server)
}

fn accept(server: &Machine) -> Machine {
    let remote = address(40_000);
    let connection = Accepted {
        name: server.accepted_name(&remote, 1).into(),
        local: address(7007),
        remote,
    };
    Machine::accepted(server, connection)
}

/// Returns a step in which one message is received, handed to the filter, and sent at once.
pub(super) fn echo() -> Result<Step, Failure> {
    let mut machine = accept(&server()?);
    Ok(Box::new(move || {
        machine.handle(Input::Received(black_box(&MESSAGE)))?;
        let text = loop {
            let effect = machine.poll_effect().ok_or("nothing for the filter")?;
            if let Effect::Filter(text) = effect {
                break text;
            }
        };
        let written = machine.begin_send(&text)?;
        black_box(written.map_or(0, |bytes| bytes.len()));
        black_box((machine.poll_effect(), machine.interest()));
        Ok(1.0)
    }))
}

/// Returns a step of a connection's whole life: accepted, announced, closed by its peer.
pub(super) fn life() -> Result<Step, Failure> {
    let server = server()?;
    Ok(Box::new(move || {
        let mut machine = accept(&server);
        machine.handle(Input::PeerClosed)?;
        black_box(std::iter::from_fn(|| machine.poll_effect()).count());
        Ok(1.0)
    }))
}

/// Returns a step in which a name that many have asked for is found a number, found, and given
/// back.
pub(super) fn registry() -> Step {
    let mut registry = Registry::new();
    for _ in 0..TENANTS {
        registry.insert("echo", |_, _| ());
    }
    Box::new(move || {
        let id = registry.insert(black_box("echo"), |_, _| ());
        black_box(registry.find("echo<5000>"));
        registry.remove(id);
        Ok(1.0)
    })
}
