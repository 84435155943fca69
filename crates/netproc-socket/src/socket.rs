//! The socket that every layer above holds: one type for all kinds, families and backends.

use std::fmt;
use std::io::{self, IoSlice};
use std::os::fd::BorrowedFd;
use std::task::{Context, Poll, Waker};

use netproc_address::{Address, Family, Kind, NetworkOption, OptionName};

use crate::batch::Batch;
use crate::connect::Progress;
use crate::memory::MemorySocket;
use crate::readiness::{Direction, Mark};
use crate::system::{self, SystemSocket};

/// A non-blocking socket of any kind and family.
///
/// The `try_` calls never wait: they fail with [`io::ErrorKind::WouldBlock`] when nothing can be
/// done now. `poll_readable` and `poll_writable` arrange for a wake-up once that changes, and
/// [`readable`](Socket::readable) and [`writable`](Socket::writable) are the same as futures. Wait
/// only after a call that would block; a wait may end early, so call again and see.
///
/// At its first wait a socket joins those that are watched, by one epoll set of this crate within
/// the reactor of `async-io`. One that never waits costs a descriptor and about sixty bytes; a
/// driver with a poller of its own takes [`descriptor`](Socket::descriptor) and leaves that out.
///
/// Dropping a socket closes it. What was written is still delivered, unless linger is on with
/// zero seconds. A socket file stays, as in Emacs.
pub struct Socket {
    inner: Inner,
}

enum Inner {
    System(SystemSocket),
    Memory(MemorySocket),
}

/// One message that [`Socket::try_receive`] took.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// Bytes placed in the buffer. An empty datagram or record has none, and is data all the same.
    pub length: usize,
    /// Who sent it; `None` when the sender has no name, and for connected streams.
    pub from: Option<Address>,
    /// Whether the message was longer than the buffer, and its rest is lost.
    pub truncated: bool,
}

impl Received {
    pub(crate) fn stream(length: usize) -> Received {
        Received {
            length,
            from: None,
            truncated: false,
        }
    }
}

/// Calls the same method of whichever socket is inside.
macro_rules! either {
    ($self:ident, $socket:ident => $call:expr) => {
        match &$self.inner {
            Inner::System($socket) => $call,
            Inner::Memory($socket) => $call,
        }
    };
}

impl Socket {
    pub(crate) fn system(socket: SystemSocket) -> Socket {
        Socket {
            inner: Inner::System(socket),
        }
    }

    pub(crate) fn memory(socket: MemorySocket) -> Socket {
        Socket {
            inner: Inner::Memory(socket),
        }
    }

    pub(crate) fn as_system(&self) -> Option<&SystemSocket> {
        match &self.inner {
            Inner::System(socket) => Some(socket),
            Inner::Memory(_) => None,
        }
    }

    /// Notes the state before looking how far a connect has come.
    pub(crate) fn mark(&self) -> Option<Mark> {
        self.as_system()?.mark()
    }

    /// Notes that the connect was under way still: to it that is what `WouldBlock` is to a write.
    pub(crate) fn still_connecting(&self, mark: Option<Mark>) {
        if let Some(socket) = self.as_system() {
            socket.clear(mark, Direction::Write);
        }
    }

    /// Asks a listener once more that had no room.
    pub(crate) fn connect_again(&self, address: &Address) -> io::Result<Progress> {
        match &self.inner {
            Inner::System(socket) => system::open::connect(socket, address),
            Inner::Memory(socket) => socket.connect_again(address),
        }
    }

    /// Reads what is there; zero is the end of a stream.
    ///
    /// For a seqpacket socket zero may also be an empty record: use
    /// [`try_receive`](Socket::try_receive), which tells the two apart.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nothing is there yet; otherwise the system's error.
    pub fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        either!(self, socket => socket.try_read(buffer))
    }

    /// Reads what is there into the room that a vector has left, and returns how much that was;
    /// zero is the end of a stream, if there was room.
    ///
    /// # Errors
    ///
    /// As [`try_read`](Socket::try_read); nothing is appended then.
    pub fn try_read_to(&self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        either!(self, socket => socket.try_read_to(bytes))
    }

    /// Writes as much as is taken now, and returns how much that was.
    ///
    /// A datagram or record is taken whole or not at all. No signal is raised when the peer is gone.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nothing is taken now; otherwise the system's error, such as `BrokenPipe`.
    pub fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        either!(self, socket => socket.try_write(bytes))
    }

    /// Writes several pieces in one call, as [`try_write`](Socket::try_write) does; for a datagram
    /// or record they form one message.
    ///
    /// # Errors
    ///
    /// As for [`try_write`](Socket::try_write).
    pub fn try_write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        either!(self, socket => socket.try_write_vectored(slices))
    }

    /// Takes one datagram or record; `None` is the end of a seqpacket connection or a stream.
    ///
    /// An empty datagram or record is `Some` with length zero. Linux does not mark the end of a
    /// seqpacket connection in any flag, so such sockets ask for a time stamp on every record
    /// (`SO_TIMESTAMP`): what comes without one is the end.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nothing is there yet; otherwise the system's error.
    pub fn try_receive(&self, buffer: &mut [u8]) -> io::Result<Option<Received>> {
        either!(self, socket => socket.try_receive(buffer))
    }

    /// Takes the datagrams or records that are there, `most` at most and no more than a batch has
    /// room for, in place of whatever was in the batch. Returns whether there may be more.
    ///
    /// An error that comes behind a message is told by the next call.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nothing is there yet, `Unsupported` for a stream; otherwise the system's
    /// error. Nothing is in the batch then.
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_address::Address;
    /// use netproc_socket::{Backend, Batch, BindOptions};
    ///
    /// let backend = Backend::memory(&netproc_socket::MemoryNetwork::new(1));
    /// let address: Address = "127.0.0.1:7".parse()?;
    /// let socket = backend.bind_datagram(&address, &BindOptions::default())?;
    /// let mut batch = Batch::new();
    /// let nothing = socket.try_receive_batch(&mut batch, Batch::MOST).unwrap_err();
    /// assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_receive_batch(&self, batch: &mut Batch, most: usize) -> io::Result<bool> {
        either!(self, socket => socket.try_receive_batch(batch, most))
    }

    /// Allows the kernel to join datagrams of one length that come together from one sender, which
    /// [`try_receive_batch`](Socket::try_receive_batch) takes apart again (`UDP_GRO` of udp(7)).
    ///
    /// From then on the socket must be read by that call alone, here and by whoever else has its
    /// descriptor: to others several datagrams would be one. The other calls of this type refuse
    /// with `Unsupported`. On sockets other than those of UDP it does nothing.
    pub fn join_datagrams(&self) {
        if let Some(socket) = self.as_system() {
            socket.join_datagrams();
        }
    }

    /// Sends one message to `to`, or to the connected peer when that is `None`.
    ///
    /// To a local receiver whose queue is full this would block as well, but Linux has no event for
    /// an unconnected sender: `poll_writable` is ready at once. Wait a little before the next try.
    /// [`writable`](Socket::writable) does so by itself for local datagram sockets.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nothing is taken now; otherwise the system's error, such as "Message too
    /// long" or, for a socket that is not connected, "Destination address required".
    pub fn try_send_to(&self, bytes: &[u8], to: Option<&Address>) -> io::Result<usize> {
        either!(self, socket => socket.try_send_to(bytes, to))
    }

    /// Accepts one connection of a listening socket, with the address of its peer.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nobody waits; otherwise the system's error, such as "Too many open files".
    /// After an error other than `WouldBlock` the listener is still good, and its clients wait on.
    pub fn try_accept(&self) -> io::Result<(Socket, Address)> {
        match &self.inner {
            Inner::System(socket) => {
                let (socket, peer) = socket.try_accept()?;
                Ok((Socket::system(socket), peer))
            }
            Inner::Memory(socket) => {
                let (socket, peer) = socket.try_accept()?;
                Ok((Socket::memory(socket), peer))
            }
        }
    }

    /// Ends what this side writes; reading goes on.
    ///
    /// # Errors
    ///
    /// The system's error, such as "Transport endpoint is not connected".
    pub fn shutdown_write(&self) -> io::Result<()> {
        either!(self, socket => socket.shutdown_write())
    }

    /// Polls for something to read, to accept, or to learn of; keeps one waker.
    ///
    /// # Errors
    ///
    /// When the reactor cannot take the descriptor.
    pub fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, socket => socket.poll_readable(cx))
    }

    /// Has a waker woken each time that there is something to read, to accept or to learn of.
    ///
    /// It stays until the socket is closed, or another waker is left by
    /// [`poll_readable`](Socket::poll_readable), which wakes it a last time. Meanwhile
    /// [`is_readable`](Socket::is_readable) says what a poll would, at less cost. Returns false
    /// where wakers cannot stay: then there is only polling.
    ///
    /// The socket is locked when the waker is woken: it only notes so, and wakes others by
    /// [`wake_unlocked`](crate::wake_unlocked).
    ///
    /// # Errors
    ///
    /// When the reactor cannot take the descriptor.
    pub fn stand_by(&self, waker: &Waker) -> io::Result<bool> {
        match &self.inner {
            Inner::System(socket) => socket.stand_by(waker),
            Inner::Memory(_) => Ok(false),
        }
    }

    /// Tells whether there may be something to read, as far as is known.
    #[inline]
    pub fn is_readable(&self) -> bool {
        match &self.inner {
            Inner::System(socket) => socket.is_readable(),
            Inner::Memory(_) => true,
        }
    }

    /// Polls for room to write, or for the outcome of a connect; keeps one waker.
    ///
    /// # Errors
    ///
    /// When the reactor cannot take the descriptor.
    pub fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, socket => socket.poll_writable(cx))
    }

    /// Waits for something to read, to accept, or to learn of; any number may wait at once.
    ///
    /// # Errors
    ///
    /// When the reactor cannot take the descriptor.
    pub async fn readable(&self) -> io::Result<()> {
        match &self.inner {
            Inner::System(socket) => socket.readable().await,
            Inner::Memory(socket) => std::future::poll_fn(|cx| socket.poll_readable(cx)).await,
        }
    }

    /// Waits for room to write, or for the outcome of a connect; any number may wait at once.
    ///
    /// # Errors
    ///
    /// When the reactor cannot take the descriptor.
    pub async fn writable(&self) -> io::Result<()> {
        match &self.inner {
            Inner::System(socket) => socket.writable().await,
            Inner::Memory(socket) => std::future::poll_fn(|cx| socket.poll_writable(cx)).await,
        }
    }

    /// Returns the socket's own address; an unspecified or unnamed one when it has none yet.
    ///
    /// # Errors
    ///
    /// The system's error.
    pub fn local_address(&self) -> io::Result<Address> {
        either!(self, socket => socket.local_address())
    }

    /// Returns the address of the connected peer.
    ///
    /// # Errors
    ///
    /// `NotConnected` when there is none.
    pub fn peer_address(&self) -> io::Result<Address> {
        either!(self, socket => socket.peer_address())
    }

    /// Sets a network option.
    ///
    /// # Errors
    ///
    /// The system's refusal, such as "Operation not permitted" for a high priority. An interface
    /// name longer than 15 bytes is "No such device"; the kernel would cut it.
    pub fn set_option(&self, option: &NetworkOption) -> io::Result<()> {
        either!(self, socket => socket.set_option(option))
    }

    /// Reads a network option back as the system has it.
    ///
    /// # Errors
    ///
    /// The system's refusal, such as for `:nodelay` of a socket that is not TCP.
    pub fn option(&self, name: OptionName) -> io::Result<NetworkOption> {
        either!(self, socket => socket.option(name))
    }

    /// Takes the error that is pending on the socket: the outcome of a connect, a reset.
    ///
    /// # Errors
    ///
    /// When the system cannot tell.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        either!(self, socket => socket.take_error())
    }

    /// Returns the kind of the socket.
    pub fn kind(&self) -> Kind {
        either!(self, socket => socket.kind())
    }

    /// Returns its address family.
    ///
    /// # Errors
    ///
    /// When the system cannot tell.
    pub fn family(&self) -> io::Result<Family> {
        either!(self, socket => socket.family())
    }

    /// Returns the descriptor, for a poller of one's own; `None` in memory.
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.as_system().map(SystemSocket::descriptor)
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Socket");
        debug.field("kind", &self.kind());
        if let Ok(local) = self.local_address() {
            debug.field("local", &format_args!("{local}"));
        }
        if let Ok(peer) = self.peer_address() {
            debug.field("peer", &format_args!("{peer}"));
        }
        debug.finish_non_exhaustive()
    }
}
