//! Sockets that the service manager opened for this process: `sd_listen_fds(3)`.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{IntoRawFd, RawFd};
use std::sync::{Mutex, PoisonError};

use netproc_address::{Address, Kind};
use socket2::{SockRef, Type};

use crate::socket::Socket;
use crate::sys::adopt;
use crate::system::SystemSocket;

/// A listening socket that was passed in.
#[derive(Debug)]
#[non_exhaustive]
pub struct PassedSocket {
    /// Its name from `LISTEN_FDNAMES`; `unknown` when the service manager gave none.
    pub name: String,
    /// The socket, listening already.
    pub socket: Socket,
    /// The address it listens on.
    pub address: Address,
}

/// The descriptors not taken yet; `None` before the first look at the environment.
static PASSED: Mutex<Option<VecDeque<(RawFd, String)>>> = Mutex::new(None);

/// Takes the first listening socket that was passed in and not taken before.
///
/// The service manager names the sockets in `LISTEN_FDS`, `LISTEN_PID` and `LISTEN_FDNAMES`, which
/// are read once and left as they are. Only listening sockets count, as in Emacs; others stay open
/// and untouched. `None` when there is none, and when the variables are meant for another process.
///
/// # Errors
///
/// When the variables cannot be understood, or the socket cannot be asked about itself.
#[doc(alias = ":use-external-socket")]
pub fn take() -> io::Result<Option<PassedSocket>> {
    take_if(|_| true)
}

/// Takes the first listening socket that was passed in under this name and not taken before.
///
/// # Errors
///
/// As for [`take`].
pub fn take_named(name: &str) -> io::Result<Option<PassedSocket>> {
    take_if(|passed| passed == name)
}

/// Passes in a copy of a listening socket that this program was given under a number of its own,
/// with the variables read and removed by somebody else. Tells whether it is one.
pub fn offer(descriptor: RawFd) -> bool {
    let copy = adopt::look_at(descriptor)
        .filter(|socket| SockRef::from(socket).is_listener().unwrap_or(false))
        .and_then(|socket| socket.try_clone_to_owned().ok());
    let Some(copy) = copy else {
        return false;
    };
    let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = (copy.into_raw_fd(), "unknown".to_owned());
    passed.get_or_insert_default().push_back(entry);
    true
}

fn take_if(wanted: impl Fn(&str) -> bool) -> io::Result<Option<PassedSocket>> {
    let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
    if passed.is_none() {
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        *passed = Some(named(sd_notify::listen_fds()?, &names));
    }
    let Some(passed) = passed.as_mut() else {
        return Ok(None);
    };
    let Some(place) = passed.iter().position(|(_, name)| wanted(name)) else {
        return Ok(None);
    };
    match passed.remove(place) {
        Some((descriptor, name)) => adopt(descriptor, name),
        None => Ok(None),
    }
}

/// Gives each listening descriptor its name, of those that stand between colons in `names`.
fn named(descriptors: impl Iterator<Item = RawFd>, names: &str) -> VecDeque<(RawFd, String)> {
    let names = names.split(':').map(Some).chain(std::iter::repeat(None));
    descriptors
        .zip(names)
        .filter(|(descriptor, _)| is_listening(*descriptor))
        .map(|(descriptor, name)| {
            let name = name.filter(|name| !name.is_empty()).unwrap_or("unknown");
            (descriptor, name.to_owned())
        })
        .collect()
}

fn is_listening(descriptor: RawFd) -> bool {
    let listening = |socket| SockRef::from(&socket).is_listener();
    adopt::look_at(descriptor).is_some_and(|socket| listening(socket).unwrap_or(false))
}

fn adopt(descriptor: RawFd, name: String) -> io::Result<Option<PassedSocket>> {
    let Some(descriptor) = adopt::take(descriptor) else {
        return Ok(None);
    };
    let socket = socket2::Socket::from(descriptor);
    socket.set_nonblocking(true)?;
    let kind = match socket.r#type()? {
        Type::STREAM => Kind::Stream,
        Type::SEQPACKET => Kind::SeqPacket,
        _ => return Err(io::Error::from_raw_os_error(libc::ESOCKTNOSUPPORT)),
    };
    let socket = SystemSocket::new(socket, kind)?;
    Ok(Some(PassedSocket {
        name,
        address: socket.local_address()?,
        socket: Socket::system(socket),
    }))
}
