//! Sending: straight to the kernel where it takes the bytes, through the queue where not.

use std::borrow::Cow;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use netproc_address::{Address, Kind};
use netproc_lisp::Text;
use netproc_process::{Input, State};
use netproc_socket::{OsError, Socket};

use crate::deliver::{is_in_callback, running_here};
use crate::drive::{block_on_driving, drive};
use crate::error::Error;
use crate::link::Link;
use crate::payload::Payload;
use crate::process::Process;
use crate::shared::{Shared, State as ProcessState};
use crate::traffic::{Step, code_of, is_of_message};

/// What sending empty text means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
    /// Nothing is sent.
    IsNothing,
    /// An empty message is sent, where there are messages.
    IsMessage,
}

impl Process {
    /// Sends text or bytes to the other end.
    ///
    /// Inside a callback this never waits: what the kernel does not take at once is queued, and
    /// the process whose callback it is reads no more while the queue is over its high-water
    /// mark, so that queues stay bounded.
    /// Outside it first waits for a connection that is still being made and, while the queue
    /// is over its high-water mark, for the other end to take what is queued; callbacks run on
    /// this thread meanwhile. A datagram or a record is sent whole; empty text sends nothing, as
    /// in Emacs, see [`Process::send_message`].
    ///
    /// # Errors
    ///
    /// When the process is not open, or the system refuses the bytes for good. What was queued
    /// and could not be sent when a connection ends is reported as
    /// [`FaultKind::LostBytes`](crate::FaultKind::LostBytes).
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_network::{Network, Service, Spec};
    ///
    /// let network = Network::new();
    /// let server = network.open(Spec::server("sink").service(Service::Any))?;
    /// let client = network.open(Spec::client("c").service(server.service()))?;
    /// client.send("text")?;
    /// client.send(b"\xff\x00")?;
    /// # Ok::<(), netproc_network::Error>(())
    /// ```
    #[doc(alias = "process-send-string")]
    pub fn send<'a>(&self, payload: impl Into<Payload<'a>>) -> Result<(), Error> {
        self.send_waiting(&payload.into().to_text(), Empty::IsNothing)
    }

    /// Sends text or bytes as one message, also where that is empty.
    ///
    /// An empty datagram is a message like any other; an empty record is too, though many
    /// programs take it for the end. On streams this is [`Process::send`].
    ///
    /// # Errors
    ///
    /// As [`Process::send`].
    pub fn send_message<'a>(&self, payload: impl Into<Payload<'a>>) -> Result<(), Error> {
        self.send_waiting(&payload.into().to_text(), Empty::IsMessage)
    }

    fn send_waiting(&self, text: &Text, empty: Empty) -> Result<(), Error> {
        let shared = self.shared();
        if is_in_callback() {
            return shared.send(text, empty);
        }
        match self.network() {
            Some(network) if shared.must_wait_to_send() => block_on_driving(&network, async {
                shared.wait_until_told().await;
                shared.send(text, empty)?;
                shared.wait_for_room().await
            }),
            network => {
                shared.send(text, empty)?;
                match network {
                    Some(network) if shared.is_above_high_water() => {
                        block_on_driving(&network, shared.wait_for_room())
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    /// Sends text or bytes; resolves when the queue is below its high-water mark again.
    ///
    /// Dropping the future does not take back what was queued.
    ///
    /// # Errors
    ///
    /// As [`Process::send`].
    pub async fn send_async<'a>(&self, payload: impl Into<Payload<'a>>) -> Result<(), Error> {
        let text = payload.into().to_text();
        let shared = self.shared();
        let sending = async {
            shared.wait_until_told().await;
            shared.send(&text, Empty::IsNothing)?;
            shared.wait_for_room().await
        };
        match self.network() {
            Some(network) => drive(&network, sending).await,
            None => sending.await,
        }
    }

    /// Tells the other end that nothing more will come; reading goes on.
    ///
    /// What is queued is sent first. Sends after this succeed and go nowhere, as in Emacs. It
    /// does nothing on datagram processes.
    ///
    /// # Errors
    ///
    /// When the process is not open.
    #[doc(alias = "process-send-eof")]
    pub fn send_eof(&self) -> Result<(), Error> {
        let shared = self.shared();
        if !is_in_callback()
            && shared.must_wait_to_send()
            && let Some(network) = self.network()
        {
            block_on_driving(&network, shared.wait_until_told());
        }
        shared.send_eof()
    }

    /// Waits until everything queued is with the kernel.
    ///
    /// # Errors
    ///
    /// When the process ends before.
    pub async fn flush_async(&self) -> Result<(), Error> {
        let shared = self.shared();
        let goal = shared.lock().sent_when_flushed();
        let flushing = shared.wait_until(|state| {
            let is_over = state.link.is_none() && state.machine.state() != State::Connect;
            if is_over && state.sent < goal {
                Some(Err(Error::EndedWhileSending {
                    process: shared.name.clone(),
                }))
            } else {
                (state.machine.queued() == 0).then_some(Ok(()))
            }
        });
        match self.network() {
            Some(network) => drive(&network, flushing).await,
            None => flushing.await,
        }
    }
}

impl Shared {
    fn must_wait_to_send(&self) -> bool {
        self.lock().machine.state() == State::Connect
    }

    fn is_above_high_water(&self) -> bool {
        self.lock().machine.is_above_high_water()
    }

    pub(crate) async fn wait_until_connected(&self) {
        self.wait_until(|state| (state.machine.state() != State::Connect).then_some(()))
            .await;
    }

    /// Waits until the connection stands or failed and the sentinel is being told, or was.
    ///
    /// Nothing that comes after is waited for: who takes it may be who waits here.
    pub(crate) async fn wait_until_told(&self) {
        self.wait_until(|state| {
            let machine = &state.machine;
            (machine.state() != State::Connect && !machine.owes_outcome()).then_some(())
        })
        .await;
    }

    /// Waits until the queue is below its high-water mark.
    async fn wait_for_room(&self) -> Result<(), Error> {
        let goal = self.lock().sent_when_flushed();
        self.wait_until(|state| {
            if state.link.is_none() && state.sent < goal {
                Some(Err(Error::EndedWhileSending {
                    process: self.name.clone(),
                }))
            } else {
                (!state.machine.is_above_high_water()).then_some(Ok(()))
            }
        })
        .await
    }

    fn send(self: &Arc<Self>, text: &Text, empty: Empty) -> Result<(), Error> {
        let mut state = self.lock();
        let outcome = self.send_or_queue(&mut state, text, empty);
        // Not the number of bytes: an empty message waits too.
        let left = state.machine.must_queue();
        let caller = if state.machine.is_congested() {
            running_here()
        } else {
            None
        };
        let echoes = caller
            .as_ref()
            .is_some_and(|caller| Arc::ptr_eq(caller, self));
        if echoes {
            state.machine.hold_reading();
        }
        drop(state);
        if left || outcome.is_err() {
            self.wakers.wake_all();
        }
        if let Some(caller) = caller.filter(|_| !echoes) {
            caller.hold_for(self);
        }
        outcome
    }

    fn send_or_queue(
        self: &Arc<Self>,
        state: &mut ProcessState,
        text: &Text,
        empty: Empty,
    ) -> Result<(), Error> {
        let is_message = empty == Empty::IsMessage && state.kind() != Kind::Stream;
        let bytes = match state.machine.begin_send(text)? {
            Some(bytes) => bytes,
            None if is_message && !state.machine.output_ended() => Cow::default(),
            None => return Ok(()),
        };
        let is_upgrading = state.upgrade().is_some();
        let socket = match &mut state.link {
            Some(Link::Plain(socket)) if !is_upgrading && !state.machine.must_queue() => socket,
            Some(Link::Secure(session)) if !state.machine.must_queue() => {
                let context = &mut Context::from_waker(&self.waker);
                let sent = session.poll_send(context, &bytes);
                return self.sent_secure(state, bytes, sent);
            }
            _ => {
                state.machine.queue(bytes);
                self.settle(state);
                return Ok(());
            }
        };
        let kind = state.machine.spec().kind;
        loop {
            let outcome = match (kind, state.machine.remote()) {
                (Kind::Stream, _) => socket.try_write(&bytes),
                // In Emacs this goes to an address of zeros, and only IPv6 has words for that.
                (Kind::Datagram, None) if !is_over_ipv6(socket) => {
                    Err(ErrorKind::InvalidInput.into())
                }
                (Kind::Datagram, to) => socket.try_send_to(&bytes, to),
                (Kind::SeqPacket, _) => socket.try_send_to(&bytes, None),
            };
            match outcome {
                Ok(count) => {
                    state.note_sent(count);
                    if kind == Kind::Stream && count < bytes.len() {
                        state.machine.queue(bytes[count..].to_vec());
                    }
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    state.machine.queue(bytes);
                    return Ok(());
                }
                Err(error) => {
                    if !is_of_message(kind, &error) {
                        self.handle(state, Input::SendFailed(code_of(&error)));
                    }
                    return Err(Error::SendRefused {
                        process: Process::from_shared(Arc::clone(self)),
                        cause: OsError::from(error),
                    });
                }
            }
        }
    }

    /// Takes notice of bytes that a TLS session was given, and queues what has not left.
    fn sent_secure(
        self: &Arc<Self>,
        state: &mut ProcessState,
        bytes: Cow<'_, [u8]>,
        sent: Poll<io::Result<usize>>,
    ) -> Result<(), Error> {
        match sent {
            Poll::Ready(Ok(count)) => {
                state.note_sent(count);
                if count < bytes.len() {
                    state.machine.queue(bytes[count..].to_vec());
                }
                Ok(())
            }
            Poll::Pending => {
                state.machine.queue(bytes);
                Ok(())
            }
            Poll::Ready(Err(error)) => {
                let cause = match code_of(&error) {
                    // The session takes no more; reading finds out why.
                    0 => OsError::from(io::Error::from(ErrorKind::BrokenPipe)),
                    code => OsError::from_code(code),
                };
                self.handle(state, Input::SendFailed(cause.code()));
                Err(Error::SendRefused {
                    process: Process::from_shared(Arc::clone(self)),
                    cause,
                })
            }
        }
    }

    fn send_eof(self: &Arc<Self>) -> Result<(), Error> {
        {
            let mut state = self.lock();
            state.machine.handle(Input::SendEof)?;
            self.settle(&mut state);
            // What the encoder had left goes out at once, like any other send; the task is woken
            // below and waits for room with its own waker if this did not get through.
            let context = &mut Context::from_waker(Waker::noop());
            while matches!(self.write_step(&mut state, context), Step::Moved) {}
        }
        self.wakers.wake_all();
        Ok(())
    }
}

impl ProcessState {
    /// Returns how many bytes will have been sent once all that is queued now is.
    fn sent_when_flushed(&self) -> u64 {
        self.sent + self.machine.queued() as u64
    }
}

fn is_over_ipv6(socket: &Socket) -> bool {
    matches!(socket.local_address(), Ok(Address::V6(_)))
}
