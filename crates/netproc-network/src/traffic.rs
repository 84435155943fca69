//! Bytes between a socket and its machine: reading, and sending what is queued.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_io::Timer;
use netproc_address::Kind;
use netproc_lisp::Text;
use netproc_process::{Failure, Input};
use netproc_socket::OsError;
use netproc_tls::Cause;

use crate::fault::FaultKind;
use crate::link::Link;
use crate::scratch;
use crate::shared::{Shared, State};

/// How long a datagram waits before a receiver that was full is asked again.
const RETRY: Duration = Duration::from_millis(2);

/// What one step came to.
pub(crate) enum Step {
    /// Something moved: go on.
    Moved,
    /// Nothing moves until somebody wakes the process.
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
        let kind = state.kind();
        let clear_room = state.clear_room();
        let Some(outgoing) = state.machine.front() else {
            return Step::Waiting;
        };
        let outcome = match (&mut state.link, outgoing.to) {
            (None, _) => return Step::Over,
            (Some(Link::Shaking), _) => return Step::Waiting,
            (Some(Link::Secure(session)), _) => match session.poll_send(context, outgoing.bytes) {
                Poll::Ready(outcome) => outcome,
                Poll::Pending => return Step::Waiting,
            },
            (Some(Link::Plain(socket)), None) if kind == Kind::Stream => {
                let length = outgoing.bytes.len();
                match &outgoing.bytes[..clear_room.map_or(length, |room| room.min(length))] {
                    // What follows is to be said in TLS.
                    [] => return Step::Waiting,
                    bytes => socket.try_write(bytes),
                }
            }
            (Some(Link::Plain(socket)), to) => socket.try_send_to(outgoing.bytes, to),
        };
        match outcome {
            Ok(count) => {
                state.note_sent(count);
                self.handle(state, Input::Sent(count));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if kind == Kind::Datagram {
                    // The system does not tell when a full local receiver has room again.
                    state.rare().retry = Some(Timer::after(RETRY));
                } else {
                    match state.socket().map(|socket| socket.poll_writable(context)) {
                        Some(Poll::Pending) => return Step::Waiting,
                        // Nobody will tell when there is room again.
                        Some(Poll::Ready(Err(error))) => self.send_failed(state, error),
                        Some(Poll::Ready(Ok(()))) | None => {}
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
    #[inline]
    pub(crate) fn poll_arrival(
        state: &mut State,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut state.link {
            Some(Link::Plain(socket)) if !state.readable => state.arrivals.poll(socket, context),
            Some(Link::Secure(session)) => session.poll_arrival(context),
            _ => Poll::Ready(Ok(())),
        }
    }

    /// Reads or receives once, if something has arrived.
    pub(crate) fn input_step(&self, state: &mut State, context: &mut Context<'_>) -> Step {
        if state.has_messages() {
            self.hand_over(state);
            return Step::Moved;
        }
        match Self::poll_arrival(state, context) {
            Poll::Pending => return Step::Waiting,
            Poll::Ready(Err(error)) => self.read_failed(state, &error),
            Poll::Ready(Ok(())) if state.kind() == Kind::Stream => {
                return self.read(state, context);
            }
            Poll::Ready(Ok(())) => self.receive_message(state),
        }
        Step::Moved
    }

    /// Reads a piece of a stream.
    fn read(&self, state: &mut State, context: &mut Context<'_>) -> Step {
        let mut bytes = scratch::room(self.read_size);
        let outcome = state.poll_bytes(context, &mut bytes);
        if let Poll::Ready(Some(Ok(1..))) = outcome {
            self.handle(state, Input::Received(&bytes));
        }
        state.give_back(bytes);
        match outcome {
            Poll::Pending => return Step::Waiting,
            Poll::Ready(None) => return Step::Over,
            Poll::Ready(Some(outcome)) => self.note_end(state, outcome),
        }
        Step::Moved
    }

    /// Reads a piece of a stream between which and its filter nothing stands, and returns the
    /// text to call the filter with; empty when there is none, whatever the reason.
    ///
    /// The memory of the text is to be [given back](State::give_back).
    pub(crate) fn read_text(&self, state: &mut State, context: &mut Context<'_>) -> Poll<Text> {
        let mut bytes = scratch::room(self.read_size);
        let outcome = state.poll_bytes(context, &mut bytes);
        let mut text = Text::new();
        if let Poll::Ready(Some(Ok(1..))) = outcome {
            // What comes too late is refused, and means nothing any more.
            text = state.machine.receive(&mut bytes).unwrap_or_default();
        }
        if bytes.capacity() > 0 {
            state.give_back(bytes);
        }
        if let Some(outcome) = ready!(outcome) {
            self.note_end(state, outcome);
        }
        Poll::Ready(text)
    }

    /// Takes notice of a read that brought nothing.
    fn note_end(&self, state: &mut State, outcome: io::Result<usize>) {
        match outcome {
            Ok(0) => self.handle(state, Input::PeerClosed),
            Ok(_) => {}
            Err(error) => self.read_failed(state, &error),
        }
    }

    pub(crate) fn read_failed(&self, state: &mut State, error: &io::Error) {
        match (error.kind(), netproc_tls::Error::from_io(error)) {
            (_, Some(failure)) => self.session_failed(state, failure),
            (ErrorKind::WouldBlock, _) => state.readable = false,
            (ErrorKind::Interrupted, _) => state.readable = true,
            _ => self.handle(state, Input::ReadFailed(code_of(error))),
        }
    }

    /// Tells the machine how a TLS session ended before its time.
    fn session_failed(&self, state: &mut State, error: &netproc_tls::Error) {
        match error.cause() {
            // Who reads the bytes as a stream gets the error itself.
            Some(Cause::Truncated) if state.is_stream() => {}
            // To the sentinel this is the end that it is without TLS, as in Emacs.
            Some(Cause::Truncated) => {
                state.rare().faults.push(FaultKind::Tls(error.clone()));
                self.handle(state, Input::PeerClosed);
            }
            Some(Cause::Pipe(below)) => {
                if !state.is_stream() {
                    // A wire that was cut by a reset is cut as much.
                    state.rare().faults.push(FaultKind::Tls(error.clone()));
                }
                self.handle(state, Input::ReadFailed(code_of(below)));
            }
            _ => self.handle(state, Input::SessionFailed(failure_of(error))),
        }
    }
}

impl State {
    /// Gives back the memory that bytes of this process were read into.
    #[inline]
    pub(crate) fn give_back(&self, bytes: Vec<u8>) {
        let is_secure = matches!(self.link, Some(Link::Secure(_)));
        if is_secure && scratch::is_rather_full(bytes.len(), bytes.capacity()) {
            scratch::give_back_filled(bytes);
        } else {
            scratch::give_back(bytes);
        }
    }

    /// Reads bytes of a stream into the room there is; none when nothing carries them any more.
    #[inline]
    fn poll_bytes(
        &mut self,
        context: &mut Context<'_>,
        bytes: &mut Vec<u8>,
    ) -> Poll<Option<io::Result<usize>>> {
        let outcome = match &mut self.link {
            Some(Link::Plain(socket)) => {
                let outcome = socket.try_read_to(bytes);
                // A short read emptied the socket: the next one would only find nothing.
                self.readable = matches!(outcome, Ok(1..)) && bytes.len() == bytes.capacity();
                outcome
            }
            Some(Link::Secure(session)) => ready!(session.poll_read_to(context, bytes)),
            Some(Link::Shaking) => return Poll::Pending,
            None => return Poll::Ready(None),
        };
        if let Ok(count @ 1..) = outcome {
            self.note_received(count);
        }
        Poll::Ready(Some(outcome))
    }
}

/// Returns what a process keeps of a failure of TLS.
pub(crate) fn failure_of(error: &netproc_tls::Error) -> Failure {
    Failure::Other {
        reason: error.to_string(),
        code: error.gnutls_code(),
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

/// Returns the system's number for an error, also for one below TLS; 0 if it has none.
pub(crate) fn code_of(error: &io::Error) -> i32 {
    let below = match netproc_tls::Error::from_io(error).and_then(netproc_tls::Error::cause) {
        Some(Cause::Pipe(below)) => below,
        _ => error,
    };
    below.raw_os_error().unwrap_or(0)
}
