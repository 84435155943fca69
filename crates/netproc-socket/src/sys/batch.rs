//! Receiving several messages in one call.
//!
//! `nix` has the call, but its headers serve once: the kernel writes over the lengths of names and
//! of control data in them, and a second call would have both cut short.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};

use super::name::Name;

/// How many messages one call takes at most.
pub(crate) const MOST: usize = 16;

/// Room for the longest datagram that the Internet has, or for several that the kernel joined.
pub(crate) const LONGEST: usize = 65_536;

/// From one room to the next; a little more, or the beginnings of all would have the same few
/// lines of the processor's cache.
const STRIDE: usize = LONGEST + 512;

/// Room for the length of the pieces.
const CONTROL_WORDS: usize = 4;

/// What is asked of each message beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Nothing.
    Nothing,
    /// Who sent it.
    Sender,
    /// That, and how long the datagrams are that the kernel joined to it.
    Pieces,
}

/// What is known of one message that came.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Arrived {
    /// Bytes in the message; more than there was room for when it was cut.
    pub(crate) length: usize,
    /// Whether something came along that nobody asked for here: a time stamp, where the socket
    /// asks for stamps. There is no room for it, so a peer's descriptors find none either.
    pub(crate) has_company: bool,
    /// How long each of several datagrams is but the last; `None` when there is one.
    pub(crate) piece: Option<usize>,
}

/// Memory that several messages are received into, and where they came from.
pub(crate) struct Rooms {
    bytes: Vec<u8>,
    names: [Name; MOST],
    arrived: [Arrived; MOST],
}

impl Rooms {
    pub(crate) fn new() -> Rooms {
        Rooms {
            bytes: vec![0; MOST * STRIDE],
            names: std::array::from_fn(|_| Name::new()),
            arrived: [Arrived::default(); MOST],
        }
    }

    /// Returns the room of one message.
    pub(crate) fn room(&self, place: usize) -> &[u8] {
        &self.bytes[place * STRIDE..][..LONGEST]
    }

    pub(crate) fn room_mut(&mut self, place: usize) -> &mut [u8] {
        &mut self.bytes[place * STRIDE..][..LONGEST]
    }

    /// Returns what is known of one of the messages that came.
    pub(crate) fn arrived(&self, place: usize) -> Arrived {
        self.arrived[place]
    }

    /// Returns the name of its sender; empty when that has none.
    pub(crate) fn name(&self, place: usize) -> &[u8] {
        self.names[place].bytes()
    }

    /// Receives as many messages as there are, up to `most`, and returns their number.
    ///
    /// An error that comes after a message is told by the next call.
    pub(crate) fn receive(
        &mut self,
        socket: BorrowedFd<'_>,
        most: usize,
        beside: Beside,
    ) -> io::Result<usize> {
        let most = most.min(MOST);
        let mut controls = [const { [0_u64; CONTROL_WORDS] }; MOST];
        let mut vectors = [const { NO_ROOM }; MOST];
        let mut headers = [const { MaybeUninit::<libc::mmsghdr>::uninit() }; MOST];
        let rooms = self.bytes.chunks_exact_mut(STRIDE);
        let places = rooms.zip(&mut vectors).zip(&mut self.names);
        let headed = headers.iter_mut().zip(&mut controls).zip(places);
        for ((place, control), ((room, vector), name)) in headed.take(most) {
            vector.iov_base = room.as_mut_ptr().cast();
            vector.iov_len = LONGEST;
            // SAFETY: `mmsghdr` is a C structure of integers and pointers; all-zero bytes are valid.
            let header = place.write(unsafe { std::mem::zeroed() });
            let header = &mut header.msg_hdr;
            header.msg_iov = vector;
            header.msg_iovlen = 1;
            if beside != Beside::Nothing {
                header.msg_name = name.storage_mut().cast();
                header.msg_namelen = Name::ROOM;
            }
            if beside == Beside::Pieces {
                header.msg_control = control.as_mut_ptr().cast();
                header.msg_controllen = size_of_val(control);
            }
        }
        // SAFETY: each of the first `most` headers names one room, one name and one control area
        // with their lengths, all of which outlive the call.
        let count = unsafe {
            libc::recvmmsg(
                socket.as_raw_fd(),
                headers.as_mut_ptr().cast(),
                u32::try_from(most).unwrap_or_default(),
                libc::MSG_TRUNC,
                std::ptr::null_mut(),
            )
        };
        let count = usize::try_from(count).map_err(|_| io::Error::last_os_error())?;
        for (place, header) in headers.iter().enumerate().take(count) {
            // SAFETY: the kernel has filled no more headers than were written above.
            let header = unsafe { header.assume_init_ref() };
            self.names[place].set_length(header.msg_hdr.msg_namelen);
            self.arrived[place] = Arrived {
                length: header.msg_len as usize,
                has_company: header.msg_hdr.msg_flags & libc::MSG_CTRUNC != 0,
                piece: (beside == Beside::Pieces)
                    .then(|| piece_length(&header.msg_hdr))
                    .flatten(),
            };
        }
        Ok(count)
    }
}

const NO_ROOM: libc::iovec = libc::iovec {
    iov_base: std::ptr::null_mut(),
    iov_len: 0,
};

/// Returns how long the datagrams are that were joined, as `UDP_GRO` of udp(7) tells it.
fn piece_length(header: &libc::msghdr) -> Option<usize> {
    // SAFETY: the control area of `header`, if it has one, is as long as the kernel says there.
    let control = unsafe { libc::CMSG_FIRSTHDR(header).as_ref() }?;
    if (control.cmsg_level, control.cmsg_type) != (libc::SOL_UDP, libc::UDP_GRO) {
        return None;
    }
    // SAFETY: behind a header of this type stands one integer (udp(7)).
    let length = unsafe {
        libc::CMSG_DATA(control)
            .cast::<libc::c_int>()
            .read_unaligned()
    };
    usize::try_from(length).ok().filter(|length| *length > 0)
}
