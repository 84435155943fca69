//! An echo between two process objects in a network in memory: all that a message costs above the
//! kernel.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use netproc_network::{Address, Callbacks, Network, Spec};
use netproc_socket::{Backend, MemoryNetwork};

use super::{MESSAGE, Step};
use crate::server::Failure;

/// How many clients there are: what is done once to drive the network is shared by all.
const CLIENTS: u8 = 64;

/// Returns a step in which each client has a message go to the server and back.
pub(super) fn echo() -> Result<Step, Failure> {
    let memory = MemoryNetwork::new(1);
    let network = Network::builder().backend(Backend::memory(&memory)).build();
    let address: Address = "192.0.2.1:7".parse()?;
    let server = Spec::server("server")
        .address(address.clone())
        .backlog(u32::from(CLIENTS))
        .coding("binary")
        .filter(|process, text| process.send(text));
    let received = Arc::new(AtomicUsize::new(0));
    let open = |spec| memory.run(network.open_async::<Spec>(spec));
    open(server.build()?).ok_or("it waits for ever")??;
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let count = Arc::clone(&received);
        let client = Spec::client("client")
            .address(address.clone())
            .coding("binary")
            .filter(move |_, text| {
                count.fetch_add(text.byte_len(), Ordering::Relaxed);
            });
        clients.push(open(client.build()?).ok_or("it waits for ever")??);
    }
    let mut expected = 0;
    Ok(Box::new(move || {
        for client in &clients {
            client.send(&MESSAGE)?;
        }
        // It ends when nothing is left to be done, for what it waits for never happens.
        memory.run(network.run(std::future::pending::<()>()));
        expected += MESSAGE.len() * clients.len();
        if received.load(Ordering::Relaxed) != expected {
            return Err("an echo is missing".into());
        }
        Ok(f64::from(CLIENTS))
    }))
}
