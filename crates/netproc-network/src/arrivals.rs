//! Waiting for what arrives on a socket, at the least cost that the socket allows.

use std::io;
use std::task::{Context, Poll};

use netproc_socket::Socket;

/// How a socket is waited for that is read under one waker for all its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Arrivals {
    /// Not known yet.
    #[default]
    Untried,
    /// The socket keeps the waker and wakes it each time.
    Told,
    /// A waker is left at each wait.
    Polled,
}

impl Arrivals {
    /// Polls for something to read, to accept or to learn of.
    ///
    /// An error means that the kernel will never say so.
    #[inline]
    pub(crate) fn poll(
        &mut self,
        socket: &Socket,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if *self == Arrivals::Untried {
            *self = match socket.stand_by(context.waker()) {
                Ok(true) => Arrivals::Told,
                Ok(false) => Arrivals::Polled,
                Err(error) => return Poll::Ready(Err(error)),
            };
        }
        match self {
            Arrivals::Told if socket.is_readable() => Poll::Ready(Ok(())),
            Arrivals::Told => Poll::Pending,
            _ => socket.poll_readable(context),
        }
    }
}
