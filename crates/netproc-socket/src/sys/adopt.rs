//! Descriptors that this process was born with.

use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// Borrows a descriptor that the service manager passed, to look at it.
///
/// Returns `None` when no such descriptor is open.
pub(crate) fn look_at<'a>(descriptor: RawFd) -> Option<BorrowedFd<'a>> {
    // SAFETY: F_GETFD reads a flag of any number and fails for one that is not open.
    let open = descriptor >= 0 && unsafe { libc::fcntl(descriptor, libc::F_GETFD) } >= 0;
    // SAFETY: the descriptor is open; it was passed to this process and nothing closes it before
    // `take` makes it owned, which happens at most once.
    open.then(|| unsafe { BorrowedFd::borrow_raw(descriptor) })
}

/// Takes a descriptor that the service manager passed.
///
/// The caller, `activation`, does this at most once for each descriptor.
pub(crate) fn take(descriptor: RawFd) -> Option<OwnedFd> {
    look_at(descriptor)?;
    // SAFETY: open, passed to this process for it to own, and taken only once (see above).
    Some(unsafe { OwnedFd::from_raw_fd(descriptor) })
}
