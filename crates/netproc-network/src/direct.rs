//! The short way of text from a socket to its filter, in the state that nearly every process is in.
//!
//! On an open connection with a function for a filter and nothing else to do, bytes that arrive are
//! decoded and given to the filter at once. It does what the long way does, by way of the machine's
//! effects, and where anything else is due it leaves the matter to that. How messages go is told in
//! [`messages`](crate::messages).

use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll};

use netproc_address::Kind;

use crate::callback::{Filter, FilterClosure, FilterTarget};
use crate::functions::FilterChoice;
use crate::link::Link;
use crate::process::Process;
use crate::shared::{Shared, State};

/// What the short way came to; with the lock each time.
pub(crate) enum Direct<'a> {
    /// Something else is due first.
    Elsewhere(MutexGuard<'a, State>),
    /// Something was read, and the filter has had it.
    Moved(MutexGuard<'a, State>),
    /// So many messages were read that others are to have their turn.
    Plenty(MutexGuard<'a, State>),
    /// Nothing has arrived.
    Waiting(MutexGuard<'a, State>),
}

impl Process {
    /// Reads once and calls the filter, if nothing else is due; the caller holds the turn.
    pub(crate) fn read_directly<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        context: &mut Context<'_>,
        spare: &mut Option<Process>,
    ) -> Direct<'a> {
        if !state.is_clear() {
            return Direct::Elsewhere(state);
        }
        if state.kind() != Kind::Stream {
            return self.receive_directly(state, context, spare);
        }
        match Shared::poll_arrival(&mut state, context) {
            Poll::Pending => return Direct::Waiting(state),
            Poll::Ready(Err(_)) => return Direct::Elsewhere(state),
            Poll::Ready(Ok(())) => {}
        }
        let shared = self.shared();
        let Poll::Ready(text) = shared.read_text(&mut state, context) else {
            return Direct::Waiting(state);
        };
        let filter = state
            .callbacks
            .filter
            .function()
            .filter(|_| !text.is_empty());
        if let Some(filter) = filter.cloned() {
            state.turn.begin_call();
            drop(state);
            self.call_filter(&*filter, &text, spare);
            state = shared.lock();
            state.turn.end_call();
            state.give_back(text.into_internal_bytes());
        } else {
            state.turn.set_active();
        }
        Direct::Moved(state)
    }
}

impl State {
    /// Tells whether nothing stands between what arrives and the filter.
    #[inline]
    pub(crate) fn is_clear(&self) -> bool {
        let rests = match &self.link {
            Some(Link::Plain(_)) => true,
            Some(Link::Secure(session)) => session.is_at_rest(),
            _ => false,
        };
        rests
            && self.rare.is_none()
            && self.machine.is_clear()
            && self.callbacks.filter.function().is_some()
    }
}

impl FilterChoice {
    /// Returns the function to call, if it is one.
    #[inline]
    pub(crate) fn function(&self) -> Option<&Arc<FilterClosure>> {
        match self {
            FilterChoice::Call(Filter(FilterTarget::Function(filter))) => Some(filter),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use netproc_address::Service;
    use netproc_keywords::Spec;

    use super::*;
    use crate::callback::{Callbacks, ServerCallbacks};
    use crate::network::Network;

    #[test]
    fn a_logged_connection_comes_to_the_short_way() {
        let network = Network::new();
        let spec = Spec::server("logged")
            .service(Service::Any)
            .log(|_, _, _| ())
            .filter(|process, text| process.send(text));
        let server = network.open(spec).expect("a server");
        let client = Spec::client("client").service(server.service());
        let client = network.open(client).expect("a client");
        client.send("x").expect("sent");
        assert!(
            network
                .accept_output(Some(&client), Duration::from_secs(60))
                .expect("a wait")
        );
        let accepted = network.processes().into_iter();
        let accepted = accepted.filter(|process| ![&server, &client].contains(&process));
        let has_rare = |process: Process| process.shared().lock().rare.is_some();
        assert_eq!(accepted.map(has_rare).collect::<Vec<_>>(), [false]);
    }
}
