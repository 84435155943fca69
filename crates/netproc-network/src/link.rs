//! What carries the bytes of a process: a socket alone, or a TLS session over one.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_io::Timer;
use futures_io::{AsyncRead, AsyncWrite};
use futures_lite::{AsyncReadExt as _, future};
use netproc_socket::Socket;
use netproc_tls::TlsStream;

use crate::arrivals::Arrivals;
use crate::scratch;

/// How many queued bytes a session is given before they are sent.
const PIECE: usize = 64 * 1024;

/// What carries the bytes of a process.
pub(crate) enum Link {
    /// The socket alone.
    Plain(Socket),
    /// TLS over the socket.
    Secure(Box<Session>),
    /// A handshake has the socket; nothing else is read or written.
    Shaking,
}

impl Link {
    /// Returns the socket, unless a handshake has it.
    pub(crate) fn socket(&self) -> Option<&Socket> {
        match self {
            Link::Plain(socket) => Some(socket),
            Link::Secure(session) => Some(&session.stream.get_ref().socket),
            Link::Shaking => None,
        }
    }
}

/// A TLS session, and what of it has not left yet.
pub(crate) struct Session {
    stream: TlsStream<Pipe>,
    /// How many of the first bytes in the queue the session has, which may not have left.
    taken: usize,
    /// Whether something was written that may not have left.
    unflushed: bool,
    /// The last read took all that the session and the socket had.
    drained: bool,
    /// An error that came after bytes, to be told by the next read.
    failure: Option<io::Error>,
    end: End,
}

/// How far the end of our side is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    Wanted,
    Sent,
}

impl Session {
    pub(crate) fn new(mut stream: TlsStream<Pipe>) -> Self {
        let pipe = stream.get_mut();
        pipe.heard = false;
        // The waker of the handshake is not that of the process.
        pipe.arrivals = Arrivals::default();
        Session {
            stream,
            taken: 0,
            unflushed: false,
            drained: false,
            failure: None,
            end: End::Open,
        }
    }

    pub(crate) fn stream(&self) -> &TlsStream<Pipe> {
        &self.stream
    }

    /// Polls for something to read: what the session has, or what the kernel says it has.
    pub(crate) fn poll_arrival(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.drained && self.failure.is_none() {
            let pipe = self.stream.get_mut();
            ready!(pipe.poll_arrival(context))?;
            pipe.drained = false;
            self.drained = false;
        }
        Poll::Ready(Ok(()))
    }

    pub(crate) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(failure) = self.failure.take() {
            return Poll::Ready(Err(failure));
        }
        ready!(self.poll_arrival(context))?;
        // A read of the session gives one record at most. Who sends them on wants them together:
        // one after the other they would be small packets, of which TCP sends one a round trip.
        let mut filled = 0;
        while filled < buffer.len() {
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer[filled..]) {
                Poll::Ready(Ok(0)) => break,
                Poll::Ready(Ok(count)) => {
                    filled += count;
                    // Another read would come to the same, at more cost.
                    if self.stream.is_drained() && self.stream.get_ref().drained {
                        self.drained = true;
                        break;
                    }
                }
                Poll::Ready(Err(error)) if filled > 0 => {
                    self.failure = Some(error);
                    break;
                }
                Poll::Pending if filled > 0 => {
                    self.drained = self.stream.get_ref().drained;
                    break;
                }
                outcome => return outcome,
            }
        }
        Poll::Ready(Ok(filled))
    }

    /// Reads into the room that a vector has, as [`Session::poll_read`] does.
    pub(crate) fn poll_read_to(
        &mut self,
        context: &mut Context<'_>,
        bytes: &mut Vec<u8>,
    ) -> Poll<io::Result<usize>> {
        let room = bytes.capacity();
        let mut filled = scratch::filled(room);
        let outcome = self.poll_read(context, &mut filled[..room]);
        if let Poll::Ready(Ok(count)) = outcome {
            if scratch::is_rather_full(count, filled.len()) {
                filled.truncate(count);
                scratch::give_back(std::mem::replace(bytes, filled));
                return outcome;
            }
            bytes.extend_from_slice(&filled[..count]);
        }
        scratch::give_back_filled(filled);
        outcome
    }

    /// Writes without waiting until it has left; [`Session::poll_rest`] sees to that.
    pub(crate) fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        self.unflushed = true;
        match self.poll_flush(context) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(count)),
        }
    }

    /// Sends the first bytes of `queue` and returns how many have left, all of them or a piece.
    ///
    /// Until then it must be called with the same bytes in front.
    pub(crate) fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        queue: &[u8],
    ) -> Poll<io::Result<usize>> {
        let piece = &queue[..queue.len().min(PIECE)];
        while self.taken < piece.len() {
            let rest = &piece[self.taken..];
            let written = Pin::new(&mut self.stream).poll_write(context, rest);
            self.taken += ready!(written)?;
            self.unflushed = true;
        }
        ready!(self.poll_flush(context))?;
        Poll::Ready(Ok(std::mem::take(&mut self.taken)))
    }

    pub(crate) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.unflushed {
            ready!(Pin::new(&mut self.stream).poll_flush(context))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Has the end of our side sent, by this and the later calls of [`Session::poll_rest`].
    pub(crate) fn end(&mut self, context: &mut Context<'_>) {
        if self.end == End::Open {
            self.end = End::Wanted;
        }
        let _rest_follows = self.poll_rest(context);
    }

    /// Tells whether there is nothing left to send beside the queue.
    pub(crate) fn is_at_rest(&self) -> bool {
        !self.unflushed && self.end != End::Wanted
    }

    /// Sends what is left to send beside the queue.
    pub(crate) fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<()> {
        // A peer that is gone needs no more; reading finds that out.
        if self.taken == 0 {
            let _gone = ready!(self.poll_flush(context));
        }
        if self.end == End::Wanted {
            let _gone = ready!(Pin::new(&mut self.stream).poll_close(context));
            self.end = End::Sent;
        }
        Poll::Ready(())
    }
}

/// How long a socket is kept for the last words of both sides.
const LINGER: Duration = Duration::from_secs(5);

/// How often a socket that is closed is read from at most.
const DRAINED: usize = 1024;

impl Session {
    /// Closes the socket so that what was sent arrives, and returns what is left to do, if anything.
    ///
    /// A kernel that closes a socket with unread bytes, or gets some later, resets the connection
    /// and drops what the peer has not taken yet. With TLS there are such bytes without anybody
    /// having written: the tickets that a server sends once the client's last message has come.
    pub(crate) fn close(mut self: Box<Self>) -> Option<impl Future<Output = ()> + Send + use<>> {
        let mut buffer = [0; 4096];
        let pipe = self.stream.get_mut();
        // A peer that sends without end is not waited for.
        for _ in 0..DRAINED {
            match pipe.socket.try_read(&mut buffer) {
                Ok(1..) => pipe.heard = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // The peer has ended, so it sends no more.
                Ok(0) | Err(_) => return None,
            }
        }
        if pipe.heard && self.end == End::Sent {
            return None;
        }
        let last_words = async move {
            std::future::poll_fn(|context| self.poll_rest(context)).await;
            while let Ok(1..) = self.stream.get_mut().read(&mut buffer).await {}
        };
        Some(future::or(last_words, async {
            Timer::after(LINGER).await;
        }))
    }
}

/// A socket as a byte pipe for TLS.
pub(crate) struct Pipe {
    pub(crate) socket: Socket,
    /// The last read took all there was: to ask again would be in vain until the kernel says so.
    drained: bool,
    /// Something has come since the handshake.
    heard: bool,
    arrivals: Arrivals,
}

impl Pipe {
    pub(crate) fn new(socket: Socket) -> Self {
        Pipe {
            socket,
            drained: false,
            heard: false,
            arrivals: Arrivals::Polled,
        }
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            if self.drained {
                ready!(self.poll_arrival(context))?;
                self.drained = false;
            }
            match self.socket.try_read(buffer) {
                Ok(count) => {
                    self.heard = true;
                    self.drained = 0 < count && count < buffer.len();
                    return Poll::Ready(Ok(count));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.drained = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_io(context, |socket| socket.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_io(context, |socket| socket.try_write_vectored(slices))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.socket.shutdown_write())
    }
}

impl Pipe {
    fn poll_arrival(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.arrivals.poll(&self.socket, context)
    }

    fn poll_io(
        &self,
        context: &mut Context<'_>,
        write: impl Fn(&Socket) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match write(&self.socket) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    ready!(self.socket.poll_writable(context))?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                outcome => return Poll::Ready(outcome),
            }
        }
    }
}
