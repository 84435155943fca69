//! What will happen at its time.

use netproc_address::Address;

use super::endpoint::{Id, Message};
use super::link::Fault;
use super::state::State;
use crate::error::OsError;

/// Something that happens at its time.
pub(super) enum Event {
    /// A timer runs out.
    Fire(u64),
    /// A message arrives.
    Deliver { to: Id, message: Message },
    /// The peer's last byte has arrived.
    End { to: Id },
    /// The connection breaks.
    Reset { to: Id },
    /// A client knocks.
    Knock { client: Id, address: Address },
    /// A client learns that it is connected.
    Admitted { client: Id },
    /// A client learns that it is not.
    Refused { client: Id, error: OsError },
}

impl State {
    /// Lets an event happen, or holds it back for as long as its link is stalled.
    pub(super) fn happen(&mut self, event: Event) {
        if self.is_stalled(&event) {
            self.held.push(event);
            return;
        }
        match event {
            Event::Fire(timer) => {
                if let Some(waker) = self.timers.remove(&timer) {
                    self.woken.push(waker);
                }
            }
            Event::Deliver { to, message } => self.deliver(to, message),
            Event::End { to } => {
                if let Some(endpoint) = self.endpoints.get_mut(&to) {
                    endpoint.ended = true;
                    endpoint.wake_all(&mut self.woken);
                }
            }
            Event::Reset { to } => self.reset_one(to),
            Event::Knock { client, address } => self.knock(client, &address),
            Event::Admitted { client } => {
                if let Some(endpoint) = self.endpoints.get_mut(&client) {
                    endpoint.admit();
                    endpoint.wake_all(&mut self.woken);
                }
            }
            Event::Refused { client, error } => {
                if let Some(endpoint) = self.endpoints.get_mut(&client) {
                    endpoint.refuse(error);
                    endpoint.wake_all(&mut self.woken);
                }
            }
        }
    }

    fn is_stalled(&self, event: &Event) -> bool {
        let id = match event {
            Event::Fire(_) => return false,
            Event::Knock { address, .. } => {
                return self.fault(address) == Some(Fault::Stall);
            }
            Event::Deliver { to, .. } | Event::End { to } | Event::Reset { to } => to,
            Event::Admitted { client } | Event::Refused { client, .. } => client,
        };
        let route = self
            .endpoints
            .get(id)
            .and_then(|endpoint| endpoint.route.as_ref());
        route.is_some_and(|route| self.fault(route) == Some(Fault::Stall))
    }
}
