//! How many descriptors this process may hold, and which numbers they have.

use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::sync::atomic::{AtomicI32, Ordering};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// The lowest descriptor that a socket may have.
static LOWEST: AtomicI32 = AtomicI32::new(0);

/// Gives every socket made from now on a descriptor of this number or above.
///
/// A program that shares its process with one that uses `select(2)` leaves it the lower numbers:
/// those from 1024 on `select` cannot watch. Where no such number is left a socket keeps the one
/// that it has.
///
/// # Examples
///
/// ```
/// netproc_socket::keep_descriptors_from(100);
/// ```
pub fn keep_descriptors_from(lowest: RawFd) {
    LOWEST.store(lowest, Ordering::Relaxed);
}

/// Moves a socket to a descriptor that it may have.
pub(crate) fn settle(socket: socket2::Socket) -> socket2::Socket {
    let lowest = LOWEST.load(Ordering::Relaxed);
    if socket.as_raw_fd() >= lowest {
        return socket;
    }
    match rustix::io::fcntl_dupfd_cloexec(socket.as_fd(), lowest) {
        Ok(moved) => moved.into(),
        Err(_) => socket,
    }
}

/// Raises the soft limit of open descriptors to the hard one, and returns both as they are then.
///
/// A server of many connections calls this once at its start. Emacs goes the other way: it lowers
/// its limit to 1024, the most `select(2)` can watch.
///
/// # Errors
///
/// The system's error; the limit is then as it was.
///
/// # Examples
///
/// ```
/// let (soft, hard) = netproc_socket::raise_descriptor_limit()?;
/// assert_eq!(soft, hard);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn raise_descriptor_limit() -> io::Result<(u64, u64)> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft < hard {
        setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    }
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    Ok((soft, hard))
}
