//! Making sockets of the kernel: every option before `bind` and `connect`, nothing left behind on failure.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use netproc_address::{Address, Family, Kind, LocalName, NetworkOption};
use socket2::{Domain, Socket, Type};

use super::options;
use super::socket::{SystemSocket, encode};
use crate::connect::Progress;
use crate::error::{Hint, OpenError, Step};
use crate::open::BindOptions;

/// Makes a listening socket.
pub(crate) fn listen(
    kind: Kind,
    address: &Address,
    backlog: i32,
    options: &BindOptions,
) -> Result<SystemSocket, OpenError> {
    let (socket, file) = bound(kind, address, options)?;
    socket
        .listen(backlog)
        .map_err(|error| OpenError::new(Step::Listen, Some(address), error))?;
    finish(socket, kind, address, file)
}

/// Makes a datagram socket with a name of its own.
pub(crate) fn bind_datagram(
    address: &Address,
    options: &BindOptions,
) -> Result<SystemSocket, OpenError> {
    let (socket, file) = bound(Kind::Datagram, address, options)?;
    make_room(&socket);
    finish(socket, Kind::Datagram, address, file)
}

/// How many bytes of datagrams may wait to be read: what many clients send at a time. The memory
/// is used only while they wait.
const RECEIVE_ROOM: usize = 4 * 1024 * 1024;

/// Asks for room for datagrams that come faster than they are read; the system drops the others.
fn make_room(socket: &Socket) {
    use nix::sys::socket::{setsockopt, sockopt};
    // Only the privileged may exceed the system's limit; the others get as much as that allows.
    if setsockopt(socket, sockopt::RcvBufForce, &RECEIVE_ROOM).is_err() {
        let _less_room = socket.set_recv_buffer_size(RECEIVE_ROOM);
    }
}

/// Makes a datagram socket without a name.
pub(crate) fn open_datagram(
    family: Family,
    options: &[NetworkOption],
) -> Result<SystemSocket, OpenError> {
    let socket = create(family, Kind::Datagram, None)?;
    apply(&socket, options, None)?;
    SystemSocket::new(socket, Kind::Datagram)
        .map_err(|error| OpenError::new(Step::Socket, None, error))
}

/// Makes a socket and begins to connect it.
pub(crate) fn start_connect(
    kind: Kind,
    address: &Address,
    options: &[NetworkOption],
) -> Result<(SystemSocket, Progress), OpenError> {
    let socket = create(address.family(), kind, Some(address))?;
    apply(&socket, options, Some(address))?;
    let socket = SystemSocket::new(socket, kind)
        .map_err(|error| OpenError::new(Step::Socket, Some(address), error))?;
    let progress = connect(&socket, address)
        .map_err(|error| OpenError::new(Step::Connect, Some(address), error))?;
    Ok((socket, progress))
}

/// Asks the kernel once to connect.
pub(crate) fn connect(socket: &SystemSocket, address: &Address) -> io::Result<Progress> {
    match socket.raw().connect(&encode(address)?) {
        Ok(()) => Ok(Progress::Done),
        Err(error) => match error.raw_os_error() {
            // An interrupted connect goes on in the background, as an unfinished one does.
            Some(libc::EINPROGRESS | libc::EINTR) => Ok(Progress::Waiting),
            Some(libc::EAGAIN) if matches!(address, Address::Local(_)) => Ok(Progress::Full),
            Some(libc::EISCONN) => Ok(Progress::Done),
            _ => Err(error),
        },
    }
}

/// A socket file made by this call; it goes again unless the call succeeds.
struct CreatedFile<'a>(Option<&'a Path>);

impl Drop for CreatedFile<'_> {
    fn drop(&mut self) {
        if let Some(path) = self.0 {
            // Nothing better can be done about a file that resists; the first error is reported.
            let _ = std::fs::remove_file(path);
        }
    }
}

fn finish(
    socket: Socket,
    kind: Kind,
    address: &Address,
    mut file: CreatedFile<'_>,
) -> Result<SystemSocket, OpenError> {
    let socket = SystemSocket::new(socket, kind)
        .map_err(|error| OpenError::new(Step::Socket, Some(address), error))?;
    file.0 = None;
    Ok(socket)
}

fn bound<'a>(
    kind: Kind,
    address: &'a Address,
    bind: &BindOptions,
) -> Result<(Socket, CreatedFile<'a>), OpenError> {
    let socket = create(address.family(), kind, Some(address))?;
    let internet = matches!(address, Address::V4(_) | Address::V6(_));
    if internet && bind.default_reuse_address() {
        apply(&socket, &[NetworkOption::ReuseAddress(true)], Some(address))?;
    }
    apply(&socket, &bind.options, Some(address))?;
    let bind_error = |error| {
        let error = OpenError::new(Step::Bind, Some(address), error);
        let hint = match address {
            _ if error.cause().code() != libc::EADDRINUSE => None,
            Address::Local(LocalName::Abstract(_)) => Some(Hint::Live),
            Address::Local(name) => obstacle(name),
            _ => None,
        };
        error.with_hint(hint)
    };
    let name = encode(address).map_err(bind_error)?;
    socket.bind(&name).map_err(bind_error)?;
    let file = CreatedFile(match address {
        Address::Local(LocalName::Path(path)) => Some(Path::new(OsStr::from_bytes(path))),
        _ => None,
    });
    Ok((socket, file))
}

pub(crate) fn create(
    family: Family,
    kind: Kind,
    address: Option<&Address>,
) -> Result<Socket, OpenError> {
    let kind = match kind {
        Kind::Stream => Type::STREAM,
        Kind::Datagram => Type::DGRAM,
        Kind::SeqPacket => Type::SEQPACKET,
    };
    Socket::new_raw(
        Domain::from(family.number()),
        kind.nonblocking().cloexec(),
        None,
    )
    .map_err(|error| OpenError::new(Step::Socket, address, error))
}

fn apply(
    socket: &Socket,
    options: &[NetworkOption],
    address: Option<&Address>,
) -> Result<(), OpenError> {
    for option in options {
        options::set(socket, option)
            .map_err(|error| OpenError::new(Step::Option(option.clone()), address, error))?;
    }
    Ok(())
}

/// Tells what stands at a local name, without disturbing it; `None` when nothing does, or when
/// it cannot be told.
///
/// A datagram socket connects to a live one without its noticing, is refused by a name with no
/// socket behind it, and is the wrong kind for every other live socket.
pub(crate) fn obstacle(name: &LocalName) -> Option<Hint> {
    if let LocalName::Path(path) = name {
        let path = Path::new(OsStr::from_bytes(path));
        let file = std::fs::symlink_metadata(path).ok()?;
        if !file.file_type().is_socket() && !file.file_type().is_symlink() {
            return Some(Hint::NotASocket);
        }
    }
    let address = Address::Local(name.clone());
    let probe = create(Family::Local, Kind::Datagram, None).ok()?;
    match probe.connect(&encode(&address).ok()?) {
        Ok(()) => Some(Hint::Live),
        Err(error) => match error.raw_os_error() {
            // EPERM: a live datagram socket that is connected to another one.
            Some(libc::EPROTOTYPE | libc::EPERM) => Some(Hint::Live),
            Some(libc::ECONNREFUSED) if matches!(name, LocalName::Path(_)) => {
                Some(Hint::StaleSocketFile)
            }
            _ => None,
        },
    }
}
