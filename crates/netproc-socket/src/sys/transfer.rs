//! Accepting and receiving, with the peer's name in whatever family it is.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use super::name::Name;

/// Accepts one connection; the new descriptor is non-blocking and close-on-exec from its birth.
///
/// A client that failed while it waited is passed over: `accept(2)` says to treat its error as if
/// nobody had come.
pub(crate) fn accept(listener: BorrowedFd<'_>) -> io::Result<(OwnedFd, Name)> {
    let mut name = Name::new();
    let flags = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    let again = |error: &io::Error| {
        let code = error.raw_os_error().unwrap_or_default();
        error.kind() == io::ErrorKind::Interrupted || FAILED_CLIENT.contains(&code)
    };
    let descriptor = retry(again, || {
        *name.length_mut() = Name::ROOM;
        // SAFETY: the descriptor is open while borrowed; `name` offers its whole storage and says so.
        let descriptor = unsafe {
            libc::accept4(
                listener.as_raw_fd(),
                name.storage_mut().cast(),
                name.length_mut(),
                flags,
            )
        };
        descriptor as isize
    })?;
    let descriptor = i32::try_from(descriptor).unwrap_or(-1);
    // SAFETY: accept4 returned this descriptor just now, so nobody else owns it.
    let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
    Ok((descriptor, name))
}

/// Errors of one waiting client, each of which takes that client out of the queue.
const FAILED_CLIENT: [i32; 8] = [
    libc::ECONNABORTED,
    libc::EPROTO,
    libc::ENOPROTOOPT,
    libc::ENETDOWN,
    libc::ENETUNREACH,
    libc::EHOSTDOWN,
    libc::EHOSTUNREACH,
    libc::ENONET,
];

/// What a read of a local stream brought.
pub(crate) struct Piece {
    pub(crate) length: usize,
    /// Nothing came along with the bytes, such as descriptors, which no one asked for.
    pub(crate) alone: bool,
}

/// Reads bytes of a stream into the room that a vector has left.
pub(crate) fn read_to(socket: BorrowedFd<'_>, bytes: &mut Vec<u8>) -> io::Result<Piece> {
    let room = bytes.spare_capacity_mut();
    let mut vector = libc::iovec {
        iov_base: room.as_mut_ptr().cast(),
        iov_len: room.len(),
    };
    // SAFETY: `msghdr` is a C structure of integers and pointers; all-zero bytes are valid.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut vector;
    header.msg_iovlen = 1;
    let interrupted = |error: &io::Error| error.kind() == io::ErrorKind::Interrupted;
    let length = retry(interrupted, || {
        // SAFETY: `header` names one vector of room that outlives the call, and nothing else.
        unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, 0) }
    })?;
    let length = length.unsigned_abs();
    // SAFETY: the kernel has filled the first `length` bytes of the room behind the vector's own.
    unsafe { bytes.set_len(bytes.len() + length) };
    Ok(Piece {
        length,
        alone: header.msg_flags & libc::MSG_CTRUNC == 0,
    })
}

/// What one `recvmsg` brought.
pub(crate) struct Message {
    /// Bytes in the message; more than the buffer holds when it was cut.
    pub(crate) length: usize,
    /// Who sent it; empty when the sender has no name.
    pub(crate) name: Name,
    /// Whether a time stamp came with it; false when none was asked for.
    pub(crate) stamped: bool,
}

/// Room for exactly one time stamp: a header and a `timeval`, 32 bytes.
///
/// Exactly, because the kernel puts the stamp first, and with room to spare a peer could put
/// descriptors of its own choice into our table.
const STAMP_WORDS: usize = (size_of::<libc::cmsghdr>() + size_of::<libc::timeval>()) / 8;

/// Receives one message, and tells its true length even when the buffer is shorter.
///
/// `stamped` asks whether the message carried a time stamp, for sockets with `SO_TIMESTAMP` on.
pub(crate) fn receive(
    socket: BorrowedFd<'_>,
    buffer: &mut [u8],
    stamped: bool,
) -> io::Result<Message> {
    let mut name = Name::new();
    let mut stamp = [0_u64; STAMP_WORDS];
    let mut vector = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: buffer.len(),
    };
    // SAFETY: `msghdr` is a C structure of integers and pointers; all-zero bytes are valid.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_name = name.storage_mut().cast();
    header.msg_namelen = Name::ROOM;
    header.msg_iov = &raw mut vector;
    header.msg_iovlen = 1;
    if stamped {
        header.msg_control = stamp.as_mut_ptr().cast();
        header.msg_controllen = size_of_val(&stamp);
    }
    let interrupted = |error: &io::Error| error.kind() == io::ErrorKind::Interrupted;
    let length = retry(interrupted, || {
        // SAFETY: every pointer in `header` names a local that outlives the call, with its length.
        unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, libc::MSG_TRUNC) }
    })?;
    name.set_length(header.msg_namelen);
    Ok(Message {
        length: length.unsigned_abs(),
        name,
        stamped: header.msg_controllen > 0,
    })
}

/// Calls until there is a result or an error that is not one to call `again` for.
fn retry(again: impl Fn(&io::Error) -> bool, mut call: impl FnMut() -> isize) -> io::Result<isize> {
    loop {
        let result = call();
        if result >= 0 {
            return Ok(result);
        }
        let error = io::Error::last_os_error();
        if !again(&error) {
            return Err(error);
        }
    }
}
