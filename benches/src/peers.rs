//! Servers: process objects, and the same work on the same sockets without them.

pub(crate) mod async_io;
pub(crate) mod blocking;
pub(crate) mod epoll;
pub(crate) mod message_io;
pub(crate) mod netproc;
pub(crate) mod tokio;

use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener};

use crate::place::Place;
use crate::server::Failure;
use crate::service::{PORTION, Service};

/// How much a peer reads at once, the same as the default of a network.
const READ_SIZE: usize = 64 * 1024;

/// How many connections may wait to be accepted, the same for all.
const BACKLOG: i32 = 4096;

/// Tells the program that started this one that clients may come.
pub(crate) fn ready() {
    println!("ready");
}

/// What a server returns that does not offer what is asked of it.
fn not_offered(service: Service) -> Failure {
    format!("{service} is not offered").into()
}

fn listen_tcp(place: &Place) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(place.address()?)?;
    // The standard library has a backlog of its own, which listening again replaces.
    socket2::SockRef::from(&listener).listen(BACKLOG)?;
    listener.set_nonblocking(true)?;
    ready();
    Ok(listener)
}

fn listen_local(place: &Place) -> io::Result<UnixListener> {
    let listener = UnixListener::bind(place.path()?)?;
    socket2::SockRef::from(&listener).listen(BACKLOG)?;
    listener.set_nonblocking(true)?;
    ready();
    Ok(listener)
}

fn bind_udp(place: &Place) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(place.address()?)?;
    ready();
    Ok(socket)
}

fn bind_local(place: &Place) -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::bind(place.path()?)?;
    ready();
    Ok(socket)
}

/// Returns how many bytes of answer are due when a stream that had brought `before` bytes brings
/// `more`.
fn portions(before: u64, more: u64) -> usize {
    let due = (before + more) / PORTION - before / PORTION;
    usize::try_from(due).unwrap_or(usize::MAX)
}
