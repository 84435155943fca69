//! One process as the network holds it: its machine, its socket, its callbacks, one lock.
//!
//! The lock is never held while a callback runs, and is taken before that of the registry.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Waker};

use netproc_address::{Address, Kind};
use netproc_process::{Effect, FilterKind, Input, Machine, Marker, ProcessId};
use netproc_socket::Socket;

use crate::arrivals::Arrivals;
use crate::buffers::{Buffer, detach, mark_at_end};
use crate::callback::{Log, Sentinel};
use crate::changes::Changes;
use crate::fault::FaultKind;
use crate::functions::FilterChoice;
use crate::link::{Link, Session};
use crate::messages::Messages;
use crate::network::{Inner, Network};
use crate::rare::Rare;
use crate::security::Tls;
use crate::turn::Turn;
use crate::upgrade::Upgrade;
use crate::wakers::Wakers;

/// What every handle of one process shares.
pub(crate) struct Shared {
    pub(crate) id: ProcessId,
    pub(crate) name: Arc<str>,
    inner: Weak<Inner>,
    state: Mutex<State>,
    pub(crate) wakers: Arc<Wakers>,
    /// The waker to leave with the socket, and with whatever else is waited for: it wakes them.
    pub(crate) waker: Waker,
    /// The most bytes read at once.
    pub(crate) read_size: usize,
    changed: Changes,
}

/// What changes in the life of a process.
pub(crate) struct State {
    pub(crate) machine: Machine,
    pub(crate) link: Option<Link>,
    pub(crate) callbacks: Callbacks,
    pub(crate) buffer: Option<(Buffer, Marker)>,
    pub(crate) turn: Turn,
    /// The kernel may have something to read: try before waiting.
    pub(crate) readable: bool,
    pub(crate) arrivals: Arrivals,
    pub(crate) messages: Messages,
    /// How many bytes came from the kernel, and how many it took.
    pub(crate) received: u64,
    pub(crate) sent: u64,
    /// Bytes arrived since the last callback: those who wait for output are to be told.
    pub(crate) heard: bool,
    /// What only few processes have at a time.
    pub(crate) rare: Option<Box<Rare>>,
}

/// The functions of a process.
#[derive(Clone)]
pub(crate) struct Callbacks {
    pub(crate) filter: FilterChoice,
    pub(crate) sentinel: Option<Sentinel>,
    pub(crate) log: Option<Log>,
}

impl Shared {
    pub(crate) fn new(
        inner: &Arc<Inner>,
        id: ProcessId,
        mut machine: Machine,
        callbacks: Callbacks,
        buffer: Option<Buffer>,
    ) -> Arc<Self> {
        let name = Arc::clone(machine.name());
        let buffer = buffer.map(|buffer| {
            machine.attach_buffer(buffer.name(), buffer.to_value());
            let mark = mark_at_end(&buffer);
            (buffer, mark)
        });
        let state = Mutex::new(State {
            machine,
            link: None,
            callbacks,
            buffer,
            turn: Turn::default(),
            readable: true,
            arrivals: Arrivals::default(),
            messages: Messages::None,
            received: 0,
            sent: 0,
            heard: false,
            rare: None,
        });
        let wakers = Arc::new(Wakers::new(Arc::clone(inner.roster())));
        Arc::new(Shared {
            id,
            name,
            inner: Arc::downgrade(inner),
            state,
            waker: wakers.shared_waker(),
            wakers,
            read_size: inner.limits().read_size.max(1),
            changed: Changes::default(),
        })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn network(&self) -> Option<Network> {
        self.inner.upgrade()?.network()
    }

    pub(crate) fn inner(&self) -> Option<Arc<Inner>> {
        self.inner.upgrade()
    }

    /// Tells the machine what happened and does what that means for the socket.
    pub(crate) fn handle(&self, state: &mut State, input: Input<'_>) {
        // What comes too late, say data after a delete, is refused and means nothing any more.
        let _refused = state.machine.handle(input);
        self.settle(state);
    }

    /// Does what the machine wants done with the socket and the table; calls no callback.
    pub(crate) fn settle(&self, state: &mut State) {
        if !state.machine.wants_socket() {
            return;
        }
        while let Some(effect) = state.machine.poll_socket_effect() {
            match effect {
                Effect::Shutdown => {
                    if let Some(upgrade) = state.upgrade() {
                        // The end is to be said in TLS.
                        upgrade.ends = true;
                    } else {
                        self.send_end(state);
                    }
                }
                Effect::Close => self.close(state),
                Effect::Retire => self.retire(),
                Effect::LostBytes(count) => {
                    state.rare().faults.push(FaultKind::LostBytes(count));
                }
                // The machine gives callbacks only when they are asked for.
                _ => {}
            }
        }
    }

    /// Tells the peer that nothing more will come.
    pub(crate) fn send_end(&self, state: &mut State) {
        match &mut state.link {
            Some(Link::Plain(socket)) => {
                // A peer that is gone needs no telling; reading finds that out.
                let _peer_gone = socket.shutdown_write();
            }
            Some(Link::Secure(session)) => self.end(session),
            Some(Link::Shaking) | None => {}
        }
    }

    /// Closes the socket, and gives up the handshakes of a server that are under way.
    fn close(&self, state: &mut State) {
        if let Some(tls) = state.tls() {
            tls.ended.notify();
        }
        state.drop_messages();
        // The end of a session says that everything was sent, so it has to be true.
        if let Some(Link::Secure(mut session)) = state.link.take()
            && !state.machine.has_lost()
        {
            self.end(&mut session);
            if let (Some(rest), Some(inner)) = (session.close(), self.inner()) {
                inner.spawn(rest);
            }
        }
    }

    /// Sends the end of a TLS session, as far as the kernel takes it at once.
    fn end(&self, session: &mut Session) {
        session.end(&mut Context::from_waker(&self.waker));
    }

    /// Takes the process out of the table; its name is free then.
    pub(crate) fn retire(&self) {
        if let Some(inner) = self.inner() {
            inner.registry().remove(self.id);
        }
    }

    /// Closes without a word to anybody: for processes never made, and networks that are gone.
    pub(crate) fn abandon(&self) {
        let mut state = self.lock();
        let _already_closed = state.machine.handle(Input::Delete);
        while state.machine.poll_callback_effect().is_some() {}
        self.close(&mut state);
        detach(&mut state);
        // Events and other processes that are waited for keep processes alive.
        let rare = state.rare.take();
        drop(state);
        drop(rare);
        self.notify();
        // The task ends, and whoever reads the process as a stream finds its end.
        self.wakers.wake_all();
    }

    /// Gives a connection to the process.
    pub(crate) fn adopt_connection(&self, link: Link, local: Address, remote: Address) {
        self.adopt(link, Input::Connected { local, remote });
    }

    /// Gives a listening or bound socket to a server.
    pub(crate) fn adopt_server(&self, socket: Socket, local: Address, is_datagram: bool) {
        socket.join_datagrams();
        let input = if is_datagram {
            Input::Bound {
                local,
                remote: None,
            }
        } else {
            Input::Listening { local }
        };
        self.adopt(Link::Plain(socket), input);
    }

    /// Gives an unconnected socket to a datagram client.
    pub(crate) fn adopt_datagram_client(&self, socket: Socket, local: Address, remote: Address) {
        socket.join_datagrams();
        self.adopt(
            Link::Plain(socket),
            Input::Bound {
                local,
                remote: Some(remote),
            },
        );
    }

    fn adopt(&self, link: Link, input: Input<'_>) {
        {
            let mut state = self.lock();
            state.set_link(link);
            if state.machine.handle(input).is_err() {
                // Deleted meanwhile: the socket is not wanted any more.
                state.link = None;
            }
            self.settle(&mut state);
        }
        self.notify();
    }

    /// Wakes whoever waits for this process to change.
    pub(crate) fn notify(&self) {
        self.changed.notify();
    }

    /// Waits until `condition` finds something in the state of the process.
    pub(crate) async fn wait_until<T>(&self, mut condition: impl FnMut(&State) -> Option<T>) -> T {
        self.changed.until(|| condition(&self.lock())).await
    }

    pub(crate) fn is_in_callback_here(&self) -> bool {
        self.lock().turn.is_held_here()
    }

    /// Allows this thread, if one of the callbacks runs on it, to serve the process once more.
    pub(crate) fn nest(&self) -> Nesting<'_> {
        let before = self.lock().turn.set_nesting(true);
        Nesting {
            shared: self,
            before,
        }
    }
}

/// While this lives, the thread inside a callback may serve the callback's process.
pub(crate) struct Nesting<'a> {
    shared: &'a Shared,
    before: Option<bool>,
}

impl Drop for Nesting<'_> {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            self.shared.lock().turn.set_nesting(before);
        }
    }
}

impl State {
    /// Takes what is to carry the bytes from now on.
    pub(crate) fn set_link(&mut self, link: Link) {
        self.link = Some(link);
        self.arrivals = Arrivals::default();
    }

    pub(crate) fn kind(&self) -> Kind {
        self.machine.spec().kind
    }

    /// Returns the socket, unless there is none or a handshake has it.
    pub(crate) fn socket(&self) -> Option<&Socket> {
        self.link.as_ref()?.socket()
    }

    /// Returns the upgrade to TLS that is under way: nothing is read then, and only what was
    /// queued before it is sent in clear.
    pub(crate) fn upgrade(&mut self) -> Option<&mut Upgrade> {
        self.rare.as_mut()?.upgrade.as_mut()
    }

    /// Returns what a server encrypts its connections with, if it does.
    pub(crate) fn tls(&self) -> Option<&Tls> {
        self.rare.as_ref()?.tls.as_ref()
    }

    /// Returns how many more bytes may be sent in clear, when there is an end to that.
    pub(crate) fn clear_room(&self) -> Option<usize> {
        let upgrade = self.rare.as_ref()?.upgrade.as_ref()?;
        let room = upgrade.clear_until.saturating_sub(self.sent);
        Some(usize::try_from(room).unwrap_or(usize::MAX))
    }

    pub(crate) fn is_stream(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.is_stream)
    }

    /// Tells whether the peer takes no more and its last words are not to be read either.
    pub(crate) fn is_drain_unread(&self) -> bool {
        self.machine.state() == netproc_process::State::Drain
            && self.machine.filter_kind() == FilterKind::Unread
    }

    pub(crate) fn note_received(&mut self, count: usize) {
        self.received += count as u64;
        self.heard = true;
    }

    pub(crate) fn note_sent(&mut self, count: usize) {
        self.sent += count as u64;
    }

    /// Tells whether every callback that is due has been called and has returned.
    ///
    /// Callbacks that run on this thread do not count: it is they who ask.
    pub(crate) fn is_settled(&self) -> bool {
        (!self.turn.is_calling() || self.turn.is_held_here())
            && !self.machine.wants_callback()
            && self.rare.as_ref().is_none_or(|rare| rare.sending.is_none())
    }
}
