//! How many descriptors this process may hold.

use std::io;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

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
