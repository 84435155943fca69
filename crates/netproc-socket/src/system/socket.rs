//! One socket of the kernel, registered with the reactor only once somebody waits for it.

use std::io::{self, IoSlice, Read};
use std::net::Shutdown;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_io::Async;
use netproc_address::{Address, Family, Kind, NetworkOption, OptionName};

use super::options;
use crate::socket::Received;
use crate::sys::name::{bytes_of, to_socket2};
use crate::sys::transfer;

/// How long to wait for a local datagram receiver to take something out of its queue.
const FULL_RECEIVER: Duration = Duration::from_millis(2);

/// Held while a socket joins the reactor, which takes each descriptor once.
static REGISTRATION: Mutex<()> = Mutex::new(());

/// A non-blocking, close-on-exec socket.
pub(crate) struct SystemSocket {
    /// Declared first: it leaves the reactor before the descriptor is closed.
    reactor: OnceLock<Async<Arc<socket2::Socket>>>,
    socket: Arc<socket2::Socket>,
    kind: Kind,
}

impl SystemSocket {
    /// Takes a socket that is non-blocking already.
    pub(crate) fn new(socket: socket2::Socket, kind: Kind) -> io::Result<SystemSocket> {
        if kind == Kind::SeqPacket {
            options::ask_for_stamps(&socket)?;
        }
        Ok(SystemSocket {
            reactor: OnceLock::new(),
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

    fn reactor(&self) -> io::Result<&Async<Arc<socket2::Socket>>> {
        if let Some(registered) = self.reactor.get() {
            return Ok(registered);
        }
        let _one_at_a_time = REGISTRATION.lock();
        if let Some(registered) = self.reactor.get() {
            return Ok(registered);
        }
        let registered = Async::new_nonblocking(self.socket.clone())?;
        Ok(self.reactor.get_or_init(|| registered))
    }

    pub(crate) fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let registered = ready!(settled(self.reactor()))?;
        registered.poll_readable(cx)
    }

    pub(crate) fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let registered = ready!(settled(self.reactor()))?;
        registered.poll_writable(cx)
    }

    pub(crate) async fn readable(&self) -> io::Result<()> {
        self.reactor()?.readable().await
    }

    pub(crate) async fn writable(&self) -> io::Result<()> {
        if self.kind == Kind::Datagram && self.family()? == Family::Local {
            // Writable says nothing of the receiver's queue, which may be what is full.
            async_io::Timer::after(FULL_RECEIVER).await;
        }
        self.reactor()?.writable().await
    }

    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        uninterrupted(|| (&mut &*self.socket).read(buffer))
    }

    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        uninterrupted(|| self.socket.send_with_flags(bytes, libc::MSG_NOSIGNAL))
    }

    pub(crate) fn try_write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        uninterrupted(|| {
            self.socket
                .send_vectored_with_flags(slices, libc::MSG_NOSIGNAL)
        })
    }

    pub(crate) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<Option<Received>> {
        if self.kind == Kind::Stream {
            let length = self.try_read(buffer)?;
            return Ok((length > 0 || buffer.is_empty()).then_some(Received::stream(length)));
        }
        let records = self.kind == Kind::SeqPacket;
        let message = transfer::receive(self.descriptor(), buffer, records)?;
        if records && message.length == 0 && !message.stamped {
            return Ok(None);
        }
        let name = message.name.bytes();
        let from = if name.len() > size_of::<libc::sa_family_t>() {
            Some(decode(name)?)
        } else {
            None
        };
        Ok(Some(Received {
            length: message.length.min(buffer.len()),
            from,
            truncated: message.length > buffer.len(),
        }))
    }

    pub(crate) fn try_send_to(&self, bytes: &[u8], to: Option<&Address>) -> io::Result<usize> {
        let Some(to) = to else {
            return self.try_write(bytes);
        };
        let name = encode(to)?;
        uninterrupted(|| {
            self.socket
                .send_to_with_flags(bytes, &name, libc::MSG_NOSIGNAL)
        })
    }

    pub(crate) fn try_accept(&self) -> io::Result<(SystemSocket, Address)> {
        let (descriptor, name) = transfer::accept(self.descriptor())?;
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

/// Lets a `Result` be used where a poll is made.
fn settled<T>(result: io::Result<T>) -> Poll<io::Result<T>> {
    Poll::Ready(result)
}

/// Calls again for as long as a signal interrupts.
fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Makes an address of what the kernel wrote.
pub(crate) fn decode(name: &[u8]) -> io::Result<Address> {
    Address::from_sockaddr(name).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Makes what the kernel reads of an address.
pub(crate) fn encode(address: &Address) -> io::Result<socket2::SockAddr> {
    to_socket2(&address.to_sockaddr())
}
