//! Bytes between a socket and its machine: reading, and sending what is queued.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_io::Timer;
use netproc_address::Kind;
use netproc_process::Input;
use netproc_socket::OsError;

use crate::fault::FaultKind;
use crate::shared::{Shared, State};

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

    /// Reads or receives once, if something has arrived.
    pub(crate) fn input_step(&self, state: &mut State, context: &mut Context<'_>) -> Step {
        match Self::poll_arrival(state, context) {
            Poll::Pending => return Step::Waiting,
            Poll::Ready(Err(error)) => self.read_failed(state, &error),
            Poll::Ready(Ok(())) if state.kind() == Kind::Stream => self.read(state),
            Poll::Ready(Ok(())) => self.receive(state),
        }
        Step::Moved
    }

    /// Reads a piece of a stream.
    fn read(&self, state: &mut State) {
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
    }

    /// Receives one message.
    fn receive(&self, state: &mut State) {
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
    }

    fn read_failed(&self, state: &mut State, error: &io::Error) {
        match error.kind() {
            ErrorKind::WouldBlock => state.readable = false,
            ErrorKind::Interrupted => state.readable = true,
            _ => self.handle(state, Input::ReadFailed(code_of(error))),
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
