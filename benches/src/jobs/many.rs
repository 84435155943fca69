//! Many processes, one after the other or all at once, in a network in memory: what the system
//! does for a socket is not in it.

use std::future::pending;
use std::hint::black_box;

use netproc_network::{Address, Network, Process, Spec};
use netproc_socket::{Backend, MemoryNetwork};

use super::Step;
use crate::server::Failure;

/// How many come and go in one step.
const STEP: u32 = 1000;

/// Returns a step that makes and deletes processes, one at a time; after them the network may be
/// driven until nothing is left to do, as one that waits does.
pub(super) fn make_and_delete(driven: bool) -> Result<Step, Failure> {
    let mut world = World::new()?;
    Ok(Box::new(move || {
        for _ in 0..STEP {
            world.make("client")?.delete();
        }
        if driven {
            world.settle();
        }
        Ok(f64::from(STEP))
    }))
}

/// Returns a step that has so many processes at once.
pub(super) fn many(count: usize) -> Result<Step, Failure> {
    let mut world = World::new()?;
    Ok(Box::new(move || {
        // They all ask for one name, so that each gets a number.
        let made = (0..count).map(|_| world.make("client"));
        let made = made.collect::<Result<Vec<_>, _>>()?;
        for process in &made {
            let found = world.network.process(process.name());
            if found.as_ref().map(Process::id) != Some(process.id()) {
                return Err("a process is not found".into());
            }
        }
        black_box(world.network.processes());
        for process in &made {
            process.delete();
        }
        drop(made);
        world.settle();
        Ok(count as f64)
    }))
}

/// A network in memory with one datagram server to send to.
struct World {
    memory: MemoryNetwork,
    network: Network,
    server: Address,
}

impl World {
    fn new() -> Result<Self, Failure> {
        let memory = MemoryNetwork::new(1);
        let backend = Backend::memory(&memory);
        Ok(World {
            memory,
            network: Network::builder().backend(backend).build(),
            server: "192.0.2.1:7".parse()?,
        })
    }

    /// Makes a datagram client, which stands without anybody's answer.
    fn make(&mut self, name: &str) -> Result<Process, Failure> {
        let client = Spec::client(name)
            .datagram()
            .address(self.server.clone())
            .buffer(netproc_keywords::BufferSetting::None);
        let opened = self.network.open_async(client);
        Ok(self.memory.run(opened).ok_or("it waits for ever")??)
    }

    /// Lets everything happen that deletions left to be done: it ends when nothing is left, for what
    /// it waits for never happens.
    fn settle(&self) {
        self.memory.run(self.network.run(pending::<()>()));
    }
}
