//! Bytes between a socket and its machine: reading, flushing what is queued, taking turns.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_io::Timer;
use netproc_address::Kind;
use netproc_process::Input;
use netproc_socket::OsError;

use crate::fault::FaultKind;
use crate::shared::{Shared, State};
use crate::turn::Taken;

/// How many steps one process takes before others have their turn.
const STEPS_A_TURN: usize = 16;

/// How long a datagram waits before a receiver that was full is asked again.
const RETRY: Duration = Duration::from_millis(2);

/// Room for the longest datagram there is.
const LONGEST_DATAGRAM: usize = 65_536;

thread_local! {
    /// The bytes just read: one buffer a thread, none a connection.
    static READ_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What one step came to.
pub(crate) enum Step {
    /// Something moved: go on.
    Moved,
    /// Nothing moves until somebody wakes the task.
    Waiting,
    /// Nothing will move any more.
    Over,
}

impl Shared {
    /// Serves the process: calls due callbacks, sends, reads, accepts, until nothing moves.
    ///
    /// Ready when the process is over and its last callback has returned. Pending otherwise,
    /// also when another thread is serving it already. The caller is among the process's
    /// [`Wakers`](crate::wakers::Wakers).
    pub(crate) fn poll_turn(self: &Arc<Self>, waker: &Waker) -> Poll<()> {
        let own = self.wakers.shared_waker();
        let context = &mut Context::from_waker(&own);
        let Some(turn) = self.take_turn(Some(waker)) else {
            // Sending calls nobody, so it needs no turn: it goes on while a callback runs.
            self.flush(context);
            return Poll::Pending;
        };
        for _ in 0..STEPS_A_TURN {
            let holds = self.poll_holds(context);
            let Poll::Ready(mut state) = self.poll_deliver(context) else {
                // Who reads the events may wait for what is queued here to be sent.
                self.flush(context);
                return Poll::Pending;
            };
            if state.heard {
                state.heard = false;
                drop(state);
                self.note_output();
                continue;
            }
            let step = match self.step(&mut state, context) {
                // A callback has put a hold on reading: arrange to be woken first.
                Step::Waiting if state.holds() != holds => Step::Moved,
                step => step,
            };
            match step {
                Step::Moved => state.turn.set_active(),
                Step::Waiting => {
                    turn.give_back(state);
                    return Poll::Pending;
                }
                Step::Over => {
                    let holds = state.drop_holds();
                    turn.give_back(state);
                    drop(holds);
                    return Poll::Ready(());
                }
            }
        }
        waker.wake_by_ref();
        Poll::Pending
    }

    /// Makes the due calls on this thread, if no other is at it, without reading or writing.
    ///
    /// For verbs such as `delete`, whose sentinel is called before the verb returns.
    pub(crate) fn deliver_now(self: &Arc<Self>) {
        if let Some(turn) = self.take_turn(None) {
            let own = self.wakers.shared_waker();
            if let Poll::Ready(state) = self.poll_deliver(&mut Context::from_waker(&own)) {
                turn.give_back(state);
            }
        }
        self.wakers.wake_all();
    }

    /// Takes the turn, or leaves word to be woken when it is free.
    fn take_turn(self: &Arc<Self>, waker: Option<&Waker>) -> Option<TurnGuard<'_>> {
        let mut state = self.lock();
        if let Some(taken) = state.turn.take() {
            return Some(TurnGuard {
                shared: self,
                taken: Some(taken),
            });
        }
        if let Some(waker) = waker {
            state.turn.wait(waker);
        }
        None
    }

    /// Sends what is queued as far as the kernel takes it.
    pub(crate) fn flush(&self, context: &mut Context<'_>) {
        let mut state = self.lock();
        let mut moved = false;
        while state.machine.interest().write
            && matches!(self.write_step(&mut state, context), Step::Moved)
        {
            moved = true;
        }
        drop(state);
        if moved {
            self.notify();
        }
    }

    fn step(self: &Arc<Self>, state: &mut State, context: &mut Context<'_>) -> Step {
        if state.socket.is_none() {
            return match state.machine.state() {
                // A failed process stays until it is deleted, and then hears of that.
                netproc_process::State::Connect | netproc_process::State::Failed => Step::Waiting,
                _ => Step::Over,
            };
        }
        let interest = state.machine.interest();
        if interest.write {
            match self.write_step(state, context) {
                Step::Waiting => {}
                done => return done,
            }
        }
        if state.is_drain_unread() {
            // Nobody wants what the peer sent before it took no more: this is its end.
            self.handle(state, Input::PeerClosed);
            return Step::Moved;
        }
        if !interest.read || state.is_stream() || state.holds() > 0 {
            return Step::Waiting;
        }
        match state.machine.party() {
            netproc_process::Party::Listener => self.accept_step(state, context),
            netproc_process::Party::Stream => self.read_step(state, context),
            _ => self.receive_step(state, context),
        }
    }

    /// Sends as much of the queue as the kernel takes at once.
    pub(crate) fn write_step(&self, state: &mut State, context: &mut Context<'_>) -> Step {
        if let Some(retry) = state.rare.as_mut().and_then(|rare| rare.retry.as_mut()) {
            if Pin::new(retry).poll(context).is_pending() {
                return Step::Waiting;
            }
            state.rare().retry = None;
        }
        let Some(socket) = &state.socket else {
            return Step::Over;
        };
        let Some(outgoing) = state.machine.front() else {
            return Step::Waiting;
        };
        let outcome = match outgoing.to {
            Some(to) => socket.try_send_to(outgoing.bytes, Some(to)),
            None if state.kind() == Kind::Stream => socket.try_write(outgoing.bytes),
            None => socket.try_send_to(outgoing.bytes, None),
        };
        match outcome {
            Ok(count) => {
                state.note_sent(count);
                self.handle(state, Input::Sent(count));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if state.kind() == Kind::Datagram {
                    // The system does not tell when a full local receiver has room again.
                    state.rare().retry = Some(Timer::after(RETRY));
                } else {
                    match socket.poll_writable(context) {
                        Poll::Pending => return Step::Waiting,
                        Poll::Ready(Ok(())) => {}
                        // Nobody will tell when there is room again.
                        Poll::Ready(Err(error)) => self.send_failed(state, error),
                    }
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => self.send_failed(state, error),
        }
        Step::Moved
    }

    /// Takes off the queue what cannot be sent: one message, or everything if the connection is
    /// gone.
    fn send_failed(&self, state: &mut State, error: io::Error) {
        let message = state.machine.front().map(|outgoing| outgoing.bytes.len());
        match message {
            Some(length) if is_of_message(state.kind(), &error) => {
                state.rare().faults.push(FaultKind::MessageRefused {
                    bytes: length,
                    cause: OsError::from(error),
                });
                // As far as the queue goes, the message is dealt with.
                self.handle(state, Input::Sent(length));
            }
            _ => self.handle(state, Input::SendFailed(code_of(&error))),
        }
    }

    /// Tells whether to try to read: something may be there, or the kernel says so.
    ///
    /// An error means that the kernel will never say so.
    pub(crate) fn poll_arrival(state: &State, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &state.socket {
            Some(socket) if !state.readable => socket.poll_readable(context),
            _ => Poll::Ready(Ok(())),
        }
    }

    fn read_step(&self, state: &mut State, context: &mut Context<'_>) -> Step {
        match Self::poll_arrival(state, context) {
            Poll::Pending => return Step::Waiting,
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => {
                self.read_failed(state, &error);
                return Step::Moved;
            }
        }
        let size = self
            .inner()
            .map_or(LONGEST_DATAGRAM, |inner| inner.limits().read_size.max(1));
        with_read_buffer(size, |buffer| {
            let Some(socket) = &state.socket else { return };
            let outcome = socket.try_read(buffer);
            // A short read emptied the socket: the next one would only find nothing.
            state.readable = matches!(&outcome, Ok(count) if *count == buffer.len());
            match outcome {
                Ok(0) => self.handle(state, Input::PeerClosed),
                Ok(count) => {
                    state.note_received(count);
                    self.handle(state, Input::Received(&buffer[..count]));
                }
                Err(error) => self.read_failed(state, &error),
            }
        });
        Step::Moved
    }

    fn receive_step(&self, state: &mut State, context: &mut Context<'_>) -> Step {
        match Self::poll_arrival(state, context) {
            Poll::Pending => return Step::Waiting,
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => {
                self.read_failed(state, &error);
                return Step::Moved;
            }
        }
        with_read_buffer(LONGEST_DATAGRAM, |buffer| {
            let Some(socket) = &state.socket else { return };
            let outcome = socket.try_receive(buffer);
            // A short message says nothing about the next one.
            state.readable = outcome.is_ok();
            match outcome {
                Ok(None) => self.handle(state, Input::PeerClosed),
                Ok(Some(received)) => {
                    let bytes = &buffer[..received.length];
                    state.note_received(bytes.len());
                    let input = match state.kind() {
                        Kind::Datagram => Input::Datagram {
                            bytes,
                            from: received.from,
                        },
                        _ => Input::Message(bytes),
                    };
                    self.handle(state, input);
                }
                Err(error) => self.read_failed(state, &error),
            }
        });
        Step::Moved
    }

    fn read_failed(&self, state: &mut State, error: &io::Error) {
        match error.kind() {
            ErrorKind::WouldBlock => state.readable = false,
            ErrorKind::Interrupted => state.readable = true,
            _ => self.handle(state, Input::ReadFailed(code_of(error))),
        }
    }

    /// Tells those who wait for output that some was delivered.
    fn note_output(&self) {
        if let Some(inner) = self.inner() {
            inner.note_output();
        }
    }
}

/// Tells whether an error is about one message only, so that the next one may well go out.
pub(crate) fn is_of_message(kind: Kind, error: &io::Error) -> bool {
    use ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, NotConnected, TimedOut,
    };
    match kind {
        Kind::Stream => false,
        Kind::Datagram => true,
        Kind::SeqPacket => !matches!(
            error.kind(),
            BrokenPipe
                | ConnectionAborted
                | ConnectionRefused
                | ConnectionReset
                | NotConnected
                | TimedOut
        ),
    }
}

/// Returns the system's number for an error, 0 if it has none.
pub(crate) fn code_of(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(0)
}

/// Lends the thread's read buffer, or another one inside of a nested read.
fn with_read_buffer<T>(size: usize, read: impl FnOnce(&mut [u8]) -> T) -> T {
    READ_BUFFER.with(|buffer| match buffer.try_borrow_mut() {
        Ok(mut buffer) => {
            if buffer.len() < size {
                buffer.resize(size, 0);
            }
            read(&mut buffer[..size])
        }
        Err(_) => read(&mut vec![0; size]),
    })
}

/// Holds the turn; giving it back wakes those who wait for it or for the process to change.
struct TurnGuard<'a> {
    shared: &'a Arc<Shared>,
    taken: Option<Taken>,
}

impl TurnGuard<'_> {
    fn give_back(mut self, state: MutexGuard<'_, State>) {
        self.release(state);
    }

    fn release(&mut self, mut state: MutexGuard<'_, State>) {
        if let Some(taken) = self.taken.take() {
            let waiting = state.turn.give_back(taken);
            let active = state.turn.take_active();
            drop(state);
            for waker in waiting {
                waker.wake();
            }
            // A turn in which nothing happened tells nobody: its own waiter might be listening.
            if active {
                self.shared.notify();
            }
        }
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        if self.taken.is_some() {
            let state = self.shared.lock();
            self.release(state);
        }
    }
}
