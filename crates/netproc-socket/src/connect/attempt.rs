//! One address being connected to.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use netproc_address::{Address, Kind};

use super::{Connected, Progress};
use crate::backend::Backend;
use crate::error::{OpenError, Step};
use crate::socket::Socket;
use crate::timer::Timer;

/// The first wait before a full listener is asked again; each further one is twice as long.
const FIRST_RETRY: Duration = Duration::from_millis(1);

/// The longest wait before a full listener is asked again.
const LONGEST_RETRY: Duration = Duration::from_millis(64);

/// A connection under way; as a future it gives the connected socket, with the addresses of both
/// ends.
///
/// Made by [`Backend::start_connect`]. Dropping it closes the socket.
#[must_use = "a connection is made only while this is polled"]
pub struct Connecting {
    backend: Backend,
    address: Address,
    socket: Option<Socket>,
    progress: Progress,
    retry: Option<Timer>,
    retry_delay: Duration,
}

impl Connecting {
    pub(crate) fn new(
        backend: Backend,
        address: Address,
        socket: Socket,
        progress: Progress,
    ) -> Connecting {
        Connecting {
            backend,
            address,
            socket: Some(socket),
            progress,
            retry: None,
            retry_delay: FIRST_RETRY,
        }
    }

    /// Returns the address that is being connected to.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Returns the socket, to look at its own address; `None` once the future has given it away.
    pub fn socket(&self) -> Option<&Socket> {
        self.socket.as_ref()
    }

    /// Returns the connection, unless it is one of a socket with itself.
    ///
    /// The kernel makes such a one when nobody listens on a port that it then gives to the client.
    fn finish(&self, socket: Socket) -> io::Result<Connected> {
        let local = socket.local_address()?;
        if local.port().is_some() && socket.kind() == Kind::Stream && local == self.address {
            return Err(io::Error::from_raw_os_error(libc::ECONNREFUSED));
        }
        Ok(Connected {
            socket,
            local,
            remote: self.address.clone(),
        })
    }

    fn poll_socket(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(socket) = &self.socket else {
            return Poll::Pending;
        };
        loop {
            match self.progress {
                Progress::Done => return Poll::Ready(Ok(())),
                Progress::Waiting => {
                    let mark = socket.mark();
                    if let Some(outcome) = outcome(socket)? {
                        return Poll::Ready(Ok(outcome));
                    }
                    socket.still_connecting(mark);
                    ready!(socket.poll_writable(cx))?;
                }
                Progress::Full => {
                    let backend = &self.backend;
                    let delay = self.retry_delay;
                    let timer = self.retry.get_or_insert_with(|| backend.timer(delay));
                    ready!(Pin::new(timer).poll(cx));
                    self.retry = None;
                    self.retry_delay = (delay * 2).min(LONGEST_RETRY);
                    self.progress = socket.connect_again(&self.address)?;
                }
            }
        }
    }
}

/// Tells whether a connect is settled; `None` while it is not.
fn outcome(socket: &Socket) -> io::Result<Option<()>> {
    if let Some(error) = socket.take_error()? {
        return Err(error);
    }
    match socket.peer_address() {
        Ok(_) => Ok(Some(())),
        Err(error) if error.kind() == io::ErrorKind::NotConnected => {
            // The peer may have connected and gone again in between.
            match socket.take_error()? {
                Some(error) => Err(error),
                None => Ok(None),
            }
        }
        Err(error) => Err(error),
    }
}

impl Future for Connecting {
    type Output = Result<Connected, OpenError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let settled = ready!(self.poll_socket(cx));
        let Some(socket) = self.socket.take() else {
            return Poll::Pending;
        };
        let finished = settled.and_then(|()| self.finish(socket));
        Poll::Ready(
            finished.map_err(|error| OpenError::new(Step::Connect, Some(&self.address), error)),
        )
    }
}

impl fmt::Debug for Connecting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connecting")
            .field("address", &format_args!("{}", self.address))
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemSocket;

    #[test]
    fn a_connection_of_a_socket_with_itself_is_a_refusal() {
        let kind = socket2::Type::STREAM.nonblocking().cloexec();
        let raw = socket2::Socket::new_raw(socket2::Domain::IPV4, kind, None).expect("a socket");
        let loopback = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        raw.bind(&loopback.into()).expect("a port");
        let own = raw.local_addr().expect("an address");
        // A simultaneous open, which may not be settled when the call returns.
        let _ = raw.connect(&own);
        let address = Address::from(own.as_socket().expect("an Internet address"));
        let socket = Socket::system(SystemSocket::new(raw, Kind::Stream).expect("a socket"));
        let backend = Backend::system();
        let connecting = Connecting::new(backend, address, socket, Progress::Waiting);
        let error = async_io::block_on(connecting).expect_err("nobody listens");
        assert_eq!(error.cause().text(), "Connection refused");
    }
}
