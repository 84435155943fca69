//! A server on bare io_uring: connections are accepted and received from until they end, each by one
//! operation, and whatever is to be sent goes to the kernel in one call a round.

#[expect(unsafe_code, reason = "the memory that operations name is theirs")]
mod ring;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::os::fd::OwnedFd;

pub(crate) use self::ring::is_permitted;
use self::ring::{Connection, Event, Received, Ring};
use super::{listen_local, listen_tcp, not_offered};
use crate::place::Place;
use crate::server::Failure;
use crate::service::{Manner, Service, Transport};

/// Serves until accepting or waiting fails.
pub(crate) fn serve(service: Service, place: &Place) -> Result<(), Failure> {
    let listener: OwnedFd = match (service.transport, service.manner) {
        (Transport::Tcp, Manner::Echo) => listen_tcp(place)?.into(),
        (Transport::LocalStream, Manner::Echo) => listen_local(place)?.into(),
        _ => return Err(not_offered(service)),
    };
    let mut server = Server {
        ring: Ring::new(listener)?,
        connections: HashMap::new(),
    };
    let mut events = Vec::new();
    loop {
        server.ring.round(&mut events)?;
        for event in events.drain(..) {
            server.learn(event)?;
        }
    }
}

/// What a connection has to send, of which the first is under way: the ring keeps no order.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<Received>,
    has_ended: bool,
}

struct Server {
    ring: Ring,
    connections: HashMap<Connection, Queue>,
}

impl Server {
    fn learn(&mut self, event: Event) -> io::Result<()> {
        let (Event::Accepted(connection)
        | Event::Received(connection, _)
        | Event::Sent(connection)
        | Event::Ended(connection)) = event;
        let queue = self.connections.entry(connection).or_default();
        match event {
            Event::Accepted(_) => return Ok(()),
            Event::Received(_, received) => {
                queue.waiting.push_back(received);
                if queue.waiting.len() > 1 {
                    return Ok(());
                }
            }
            Event::Sent(_) => drop(queue.waiting.pop_front()),
            Event::Ended(_) => {
                queue.has_ended = true;
                if !queue.waiting.is_empty() {
                    return Ok(());
                }
            }
        }
        if let Some(next) = queue.waiting.front() {
            self.ring.send_back(connection, next)?;
        } else if queue.has_ended {
            self.connections.remove(&connection);
            self.ring.close(connection)?;
        }
        Ok(())
    }
}
