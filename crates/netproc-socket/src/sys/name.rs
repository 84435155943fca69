//! Socket names as the kernel writes them, carried to and from plain bytes.

use std::{io, ptr};

use libc::{sockaddr_storage, socklen_t};
use socket2::SockAddr;

/// A socket name that the kernel fills in.
///
/// It never claims more bytes than it holds, whatever length the kernel reports.
pub(crate) struct Name {
    storage: sockaddr_storage,
    length: socklen_t,
}

impl Name {
    /// The room the kernel may fill.
    const CAPACITY: usize = size_of::<sockaddr_storage>();

    /// The same in the type that the kernel counts in.
    #[expect(clippy::cast_possible_truncation, reason = "128 fits")]
    pub(crate) const ROOM: socklen_t = Self::CAPACITY as socklen_t;

    /// Makes an empty name with its whole room offered to the kernel.
    pub(crate) fn new() -> Name {
        Name {
            // SAFETY: `sockaddr_storage` is a C structure of integers; all-zero bytes are valid.
            storage: unsafe { std::mem::zeroed() },
            length: Self::ROOM,
        }
    }

    /// Returns where the kernel writes the name.
    pub(crate) fn storage_mut(&mut self) -> *mut sockaddr_storage {
        &raw mut self.storage
    }

    /// Returns where the kernel reads the room and writes the length.
    pub(crate) fn length_mut(&mut self) -> &mut socklen_t {
        &mut self.length
    }

    /// Records the length that the kernel reported elsewhere.
    pub(crate) fn set_length(&mut self, length: socklen_t) {
        self.length = length;
    }

    /// Returns the name, the address family first; empty when the kernel gave none.
    pub(crate) fn bytes(&self) -> &[u8] {
        view(&self.storage, self.length as usize)
    }
}

/// Makes a `socket2` address of the bytes of a name, the address family first.
///
/// # Errors
///
/// `InvalidInput` when the bytes are more than any socket address holds.
pub(crate) fn to_socket2(bytes: &[u8]) -> io::Result<SockAddr> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidInput);
    let count = socklen_t::try_from(bytes.len()).map_err(|_| invalid())?;
    if count > Name::ROOM {
        return Err(invalid());
    }
    let copy = |storage: *mut socket2::SockAddrStorage, length: *mut socklen_t| {
        // SAFETY: `storage` is valid, zeroed and at least `CAPACITY` bytes long by the contract of
        // `try_init`; `bytes` is no longer than that, and the two cannot overlap.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), storage.cast::<u8>(), bytes.len());
            *length = count;
        }
        Ok(())
    };
    // SAFETY: the closure wrote the length of exactly the bytes it copied; the rest is zero.
    unsafe { SockAddr::try_init(copy) }.map(|((), address)| address)
}

/// Returns the bytes of a `socket2` address, the address family first.
pub(crate) fn bytes_of(address: &SockAddr) -> &[u8] {
    let length = (address.len() as usize).min(Name::CAPACITY);
    // SAFETY: `SockAddr` holds a whole initialised storage of `CAPACITY` bytes, which lives as long
    // as the borrow, and `length` is no more than that.
    unsafe { std::slice::from_raw_parts(address.as_ptr().cast::<u8>(), length) }
}

fn view(storage: &sockaddr_storage, length: usize) -> &[u8] {
    let length = length.min(Name::CAPACITY);
    // SAFETY: the storage was zeroed at birth, so every one of its `CAPACITY` bytes is initialised;
    // `length` is no more than that and the borrow keeps it alive.
    unsafe { std::slice::from_raw_parts(ptr::from_ref(storage).cast::<u8>(), length) }
}
