//! One socket of the kernel, registered with the reactor only once somebody waits for it.

use std::io::{self, IoSlice};
use std::net::Shutdown;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use netproc_address::{Address, Family, Kind, LocalName, NetworkOption, OptionName};
use rustix::buffer::spare_capacity;
use rustix::net::addr::SocketAddrArg;
use rustix::net::{self, RecvFlags, SendFlags, SocketAddrUnix};

use super::options;
use super::receive::Joining;
use crate::limit;
use crate::readiness::{Direction, Mark, Watch};
use crate::sys::name::{bytes_of, to_socket2};
use crate::sys::transfer;

/// How long to wait for a local datagram receiver to take something out of its queue.
const FULL_RECEIVER: Duration = Duration::from_millis(2);

/// Held while a socket begins to be watched, which is done once.
static REGISTRATION: Mutex<()> = Mutex::new(());

/// A non-blocking, close-on-exec socket.
pub(crate) struct SystemSocket {
    /// Ended before the descriptor is closed.
    watch: OnceLock<Watch>,
    socket: Arc<socket2::Socket>,
    kind: Kind,
    pub(super) joining: Joining,
}

impl SystemSocket {
    /// Takes a socket that is non-blocking already.
    pub(crate) fn new(socket: socket2::Socket, kind: Kind) -> io::Result<SystemSocket> {
        let socket = limit::settle(socket);
        if kind == Kind::SeqPacket {
            options::ask_for_stamps(&socket)?;
        }
        Ok(SystemSocket {
            watch: OnceLock::new(),
            joining: Joining::of(&socket, kind),
            socket: Arc::new(socket),
            kind,
        })
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn raw(&self) -> &socket2::Socket {
        &self.socket
    }

    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    pub(crate) fn family(&self) -> io::Result<Family> {
        Ok(Family::from_number(self.socket.domain()?.into()))
    }

    /// Returns the watch over the socket, which begins with the first wait.
    fn watch(&self, first: Direction) -> io::Result<&Watch> {
        if let Some(watch) = self.watch.get() {
            return Ok(watch);
        }
        let _one_at_a_time = REGISTRATION.lock();
        if let Some(watch) = self.watch.get() {
            return Ok(watch);
        }
        let watch = Watch::new(&self.socket, first)?;
        Ok(self.watch.get_or_init(|| watch))
    }

    pub(crate) fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(settled(self.watch(Direction::Read)))?.poll_readable(cx)
    }

    pub(crate) fn stand_by(&self, waker: &Waker) -> io::Result<bool> {
        Ok(self.watch(Direction::Read)?.stand_by(waker))
    }

    #[inline]
    pub(crate) fn is_readable(&self) -> bool {
        self.watch.get().is_none_or(Watch::is_readable)
    }

    pub(crate) fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let watch = ready!(settled(self.watch(Direction::Write)))?;
        watch.poll_writable(&self.socket, self.kind != Kind::Stream, cx)
    }

    pub(crate) async fn readable(&self) -> io::Result<()> {
        self.watch(Direction::Read)?.readable(&self.socket).await
    }

    pub(crate) async fn writable(&self) -> io::Result<()> {
        if self.kind == Kind::Datagram && self.family()? == Family::Local {
            // Writable says nothing of the receiver's queue, which may be what is full.
            async_io::Timer::after(FULL_RECEIVER).await;
        }
        self.watch(Direction::Write)?.writable(&self.socket).await
    }

    /// Returns what is known of the socket before a call on it; `None` while nobody has waited.
    pub(crate) fn mark(&self) -> Option<Mark> {
        self.watch.get()?.mark()
    }

    /// Notes that the socket was not ready after all.
    pub(crate) fn clear(&self, mark: Option<Mark>, direction: Direction) {
        if let (Some(watch), Some(mark)) = (self.watch.get(), mark) {
            watch.clear(mark, direction);
        }
    }

    /// Notes that a call left nothing behind.
    pub(super) fn emptied(&self, mark: Option<Mark>) {
        if let (Some(watch), Some(mark)) = (self.watch.get(), mark) {
            watch.emptied(mark);
        }
    }

    /// Calls, again for as long as a signal interrupts, and notes if that would block.
    pub(super) fn call<T>(
        &self,
        direction: Direction,
        mark: Option<Mark>,
        mut call: impl FnMut() -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            match call() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.clear(mark, direction);
                    return Err(error);
                }
                result => return result,
            }
        }
    }

    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len();
        self.read(room, |socket| {
            let (count, _whole) = net::recv(socket, &mut *buffer, RecvFlags::empty())?;
            Ok(count)
        })
    }

    pub(crate) fn try_read_to(&self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let room = bytes.capacity() - bytes.len();
        if let Some(watch) = self.watch.get()
            && watch.asks_what_came_along()
        {
            return self.read_local(room, bytes);
        }
        self.read(room, |socket| {
            let (count, _whole) = net::recv(socket, spare_capacity(bytes), RecvFlags::empty())?;
            Ok(count)
        })
    }

    /// Reads from a local stream, which a short read has emptied if nothing came along.
    fn read_local(&self, room: usize, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let mark = self.mark();
        let read = || transfer::read_to(self.descriptor(), bytes);
        let read = self.call(Direction::Read, mark, read)?;
        if read.alone && (1..room).contains(&read.length) {
            self.emptied(mark);
        }
        Ok(read.length)
    }

    /// Reads into that much room, and notes what that tells.
    ///
    /// The calls go straight to the kernel: the C library looks for cancelled threads round each.
    fn read(
        &self,
        room: usize,
        mut read: impl FnMut(&socket2::Socket) -> io::Result<usize>,
    ) -> io::Result<usize> {
        self.refuse_joined()?;
        let mark = self.mark();
        let count = self.call(Direction::Read, mark, || read(&self.socket))?;
        if let Some(mark) = mark
            && self.kind == Kind::Stream
            && (1..room).contains(&count)
            && let Some(watch) = self.watch.get()
        {
            watch.read_short(mark);
        }
        Ok(count)
    }

    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.call(Direction::Write, self.mark(), || {
            Ok(net::send(&*self.socket, bytes, SendFlags::NOSIGNAL)?)
        })
    }

    pub(crate) fn try_write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        if let [bytes] = slices {
            // The system has less to look at than with a list.
            return self.try_write(bytes);
        }
        self.call(Direction::Write, self.mark(), || {
            self.socket
                .send_vectored_with_flags(slices, libc::MSG_NOSIGNAL)
        })
    }

    pub(crate) fn try_send_to(&self, bytes: &[u8], to: Option<&Address>) -> io::Result<usize> {
        match to {
            None => self.try_write(bytes),
            Some(Address::V4(to)) => self.send_to(bytes, to),
            Some(Address::V6(to)) => self.send_to(bytes, to),
            Some(Address::Local(LocalName::Path(path))) => {
                self.send_to(bytes, &SocketAddrUnix::new(&path[..])?)
            }
            Some(Address::Local(LocalName::Abstract(name))) => {
                self.send_to(bytes, &SocketAddrUnix::new_abstract_name(name)?)
            }
            Some(to) => {
                let name = encode(to)?;
                self.call(Direction::Write, self.mark(), || {
                    self.socket
                        .send_to_with_flags(bytes, &name, libc::MSG_NOSIGNAL)
                })
            }
        }
    }

    fn send_to(&self, bytes: &[u8], to: &impl SocketAddrArg) -> io::Result<usize> {
        self.call(Direction::Write, self.mark(), || {
            Ok(net::sendto(&*self.socket, bytes, SendFlags::NOSIGNAL, to)?)
        })
    }

    pub(crate) fn try_accept(&self) -> io::Result<(SystemSocket, Address)> {
        let accept = || transfer::accept(self.descriptor());
        let (descriptor, name) = self.call(Direction::Read, self.mark(), accept)?;
        let socket = SystemSocket::from_descriptor(descriptor, self.kind)?;
        Ok((socket, decode(name.bytes())?))
    }

    fn from_descriptor(descriptor: OwnedFd, kind: Kind) -> io::Result<SystemSocket> {
        SystemSocket::new(socket2::Socket::from(descriptor), kind)
    }

    pub(crate) fn shutdown_write(&self) -> io::Result<()> {
        self.socket.shutdown(Shutdown::Write)
    }

    pub(crate) fn local_address(&self) -> io::Result<Address> {
        decode(bytes_of(&self.socket.local_addr()?))
    }

    pub(crate) fn peer_address(&self) -> io::Result<Address> {
        decode(bytes_of(&self.socket.peer_addr()?))
    }

    pub(crate) fn set_option(&self, option: &NetworkOption) -> io::Result<()> {
        options::set(&self.socket, option)
    }

    pub(crate) fn option(&self, name: OptionName) -> io::Result<NetworkOption> {
        options::get(&self.socket, name)
    }

    pub(crate) fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.socket.take_error()
    }
}

impl Drop for SystemSocket {
    fn drop(&mut self) {
        if let Some(watch) = self.watch.take() {
            watch.end(&self.socket);
        }
    }
}

/// Lets a `Result` be used where a poll is made.
fn settled<T>(result: io::Result<T>) -> Poll<io::Result<T>> {
    Poll::Ready(result)
}

/// Makes an address of what the kernel wrote.
pub(crate) fn decode(name: &[u8]) -> io::Result<Address> {
    Address::from_sockaddr(name).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Makes what the kernel reads of an address.
pub(crate) fn encode(address: &Address) -> io::Result<socket2::SockAddr> {
    to_socket2(&address.to_sockaddr())
}
