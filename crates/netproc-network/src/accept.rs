//! Accepting connections: each becomes a process of its own.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_io::Timer;
use futures_lite::future;
use netproc_address::Address;
use netproc_process::{Accepted, Failure, Input, Machine, State as MachineState};
use netproc_socket::Socket;

use crate::fault::FaultKind;
use crate::link::{Link, Pipe, Session};
use crate::patience::Patience;
use crate::process::Process;
use crate::security::{Tls, named};
use crate::shared::{Shared, State};
use crate::traffic::{Step, code_of, failure_of};

/// How long a server rests when it cannot accept, mostly for want of descriptors.
const REST: Duration = Duration::from_millis(100);

impl Shared {
    /// Accepts one connection, if there is one.
    pub(crate) fn accept_step(
        self: &Arc<Self>,
        state: &mut State,
        context: &mut Context<'_>,
    ) -> Step {
        if let Some(rest) = state.rare.as_mut().and_then(|rare| rare.rest.as_mut()) {
            if std::pin::Pin::new(rest).poll(context).is_pending() {
                return Step::Waiting;
            }
            state.rare().rest = None;
        }
        let arrival = match Self::poll_arrival(state, context) {
            Poll::Pending => return Step::Waiting,
            Poll::Ready(arrival) => arrival,
        };
        let Some(socket) = state.socket() else {
            return Step::Over;
        };
        match arrival.and_then(|()| socket.try_accept()) {
            Ok((connection, remote)) => {
                state.readable = true;
                match state.tls() {
                    Some(tls) => self.secure(tls.clone(), connection, remote),
                    None => self.accepted(state, Link::Plain(connection), remote),
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => state.readable = false,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                // Most likely the descriptors are used up, and will be for a while.
                state.rare().rest = Some(Timer::after(REST));
                let errno = code_of(&error);
                self.handle(state, Input::AcceptFailed(Failure::System { errno }));
            }
        }
        Step::Moved
    }

    /// Has TLS begun on a connection, which becomes a process when the handshake is done.
    ///
    /// Until then the connection is nobody's: one that comes to nothing leaves no process behind.
    fn secure(self: &Arc<Self>, tls: Tls, socket: Socket, remote: Address) {
        let Some(inner) = self.inner() else { return };
        let deadline = Patience::lasting(inner.limits().handshake);
        let handshake = named(tls.server.accept(Pipe::new(socket)), &remote).deadline(deadline);
        let server = Arc::clone(self);
        inner.spawn(async move {
            let ended = async {
                let is_over = || server.lock().machine.state() != MachineState::Listen;
                tls.ended.until(|| is_over().then_some(None)).await
            };
            let Some(outcome) = future::or(async { Some(handshake.await) }, ended).await else {
                return;
            };
            let mut state = server.lock();
            match outcome {
                Ok(stream) => {
                    let link = Link::Secure(Box::new(Session::new(stream)));
                    return server.accepted(&mut state, link, remote);
                }
                Err(error) if state.callbacks.log.is_some() => {
                    server.handle(&mut state, Input::AcceptFailed(failure_of(&error)));
                }
                Err(error) => state.rare().faults.push(FaultKind::Tls(error)),
            }
            drop(state);
            server.wakers.wake_all();
        });
    }

    /// Makes a process of a connection; its log, its sentinel and its data follow in its turns.
    fn accepted(self: &Arc<Self>, server: &mut State, link: Link, remote: Address) {
        let Some(inner) = self.inner() else { return };
        // A peer that is gone already leaves a socket without a name; its end is told all the same.
        let local = link.socket().and_then(|socket| socket.local_address().ok());
        let local = local.unwrap_or_else(|| remote.clone());
        let callbacks = server.callbacks.clone();
        let mut registry = inner.registry();
        let number = registry.next_accept();
        let buffer = server
            .machine
            .accepted_buffer_name(&remote, number)
            .and_then(|name| inner.buffers().get_or_create(&name).ok());
        let vacancy = registry.vacancy(&server.machine.accepted_name(&remote, number));
        let accepted = Accepted {
            name: Arc::clone(vacancy.name()),
            local,
            remote,
        };
        let machine = Machine::accepted(&server.machine, accepted);
        let shared = Shared::new(&inner, vacancy.id(), machine, callbacks, buffer);
        vacancy.fill(Arc::clone(&shared));
        drop(registry);
        let mut state = shared.lock();
        state.set_link(link);
        if state.callbacks.log.is_some() {
            state.rare().server = Some(Arc::clone(self));
        }
        drop(state);
        inner.roster().admit(&Process::from_shared(shared));
    }
}
