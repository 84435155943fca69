//! Receiving messages: one, or all that are there up to a number.

use std::io;
use std::sync::atomic::{AtomicU8, Ordering};

use netproc_address::{Address, Kind};
use nix::sys::socket::{setsockopt, sockopt};
use socket2::Domain;

use super::socket::{SystemSocket, decode};
use crate::batch::Batch;
use crate::readiness::Direction;
use crate::socket::Received;
use crate::sys::batch::Beside;
use crate::sys::transfer;

/// Whether the kernel joins datagrams that come together from one sender.
pub(super) struct Joining(AtomicU8);

/// There is nothing to join: the socket is not of UDP.
const NEVER: u8 = 0;
/// It must not.
const NO: u8 = 1;
/// It may, when many come.
const ALLOWED: u8 = 2;
/// It does.
const YES: u8 = 3;
/// It cannot.
const REFUSED: u8 = 4;

impl Joining {
    pub(super) fn of(socket: &socket2::Socket, kind: Kind) -> Joining {
        let internet = || matches!(socket.domain(), Ok(Domain::IPV4 | Domain::IPV6));
        let is_udp = kind == Kind::Datagram && internet();
        Joining(AtomicU8::new(if is_udp { NO } else { NEVER }))
    }

    fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, state: u8) {
        self.0.store(state, Ordering::Relaxed);
    }
}

impl SystemSocket {
    pub(crate) fn join_datagrams(&self) {
        if self.joining.get() == NO {
            self.joining.set(ALLOWED);
        }
    }

    /// Refuses calls for one message where a message may be several.
    pub(super) fn refuse_joined(&self) -> io::Result<()> {
        match self.joining.get() {
            NEVER | NO => Ok(()),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Has the kernel join datagrams from now on. It is asked only when a batch was full, for the
    /// first such socket has the kernel change its own code, which takes long.
    fn join_now(&self) {
        let joined = setsockopt(&self.descriptor(), sockopt::UdpGroSegment, &true);
        self.joining.set(if joined.is_ok() { YES } else { REFUSED });
    }

    pub(crate) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<Option<Received>> {
        if self.kind() == Kind::Stream {
            let length = self.try_read(buffer)?;
            return Ok((length > 0 || buffer.is_empty()).then_some(Received::stream(length)));
        }
        self.refuse_joined()?;
        self.receive_one(buffer)
    }

    fn receive_one(&self, buffer: &mut [u8]) -> io::Result<Option<Received>> {
        let records = self.kind() == Kind::SeqPacket;
        let receive = || transfer::receive(self.descriptor(), buffer, records);
        let message = self.call(Direction::Read, self.mark(), receive)?;
        if records && message.length == 0 && !message.stamped {
            return Ok(None);
        }
        Ok(Some(Received {
            length: message.length.min(buffer.len()),
            from: sender(message.name.bytes())?,
            truncated: message.length > buffer.len(),
        }))
    }

    pub(crate) fn try_receive_batch(&self, batch: &mut Batch, most: usize) -> io::Result<bool> {
        batch.clear();
        if self.kind() == Kind::Stream {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let joins = self.joining.get();
        // Without the set nobody knows that a short batch is the last. Local datagrams come as fast by
        // a call for each.
        let local = self.kind() == Kind::Datagram && joins == NEVER;
        let singly = cfg!(feature = "portable") || most == 1 || local;
        if singly && joins != YES {
            batch.receive_one(|room| self.receive_one(room))?;
            return Ok(true);
        }
        let beside = match self.kind() {
            _ if joins == YES => Beside::Pieces,
            Kind::Datagram => Beside::Sender,
            _ => Beside::Nothing,
        };
        let asked = batch.foresee(most);
        let mark = self.mark();
        let receive = || batch.rooms().receive(self.descriptor(), asked, beside);
        let count = self.call(Direction::Read, mark, receive)?;
        for place in 0..count {
            let arrived = batch.rooms().arrived(place);
            if arrived.length == 0 && self.kind() == Kind::SeqPacket && !arrived.has_company {
                batch.end();
                break;
            }
            let from = sender(batch.rooms().name(place)).unwrap_or_default();
            batch.push(arrived.length, arrived.piece, from);
        }
        if count == Batch::MOST && joins == ALLOWED {
            self.join_now();
        }
        // More datagrams may come while these are answered. To look once more costs less than to
        // wait and be woken, which both ends pay for; the peer of records waits for the answer.
        let more = count >= asked || batch.has_ended() || self.kind() == Kind::Datagram;
        if !more {
            self.emptied(mark);
        }
        Ok(more)
    }
}

/// Reads the name of a sender; `None` when it has none.
fn sender(name: &[u8]) -> io::Result<Option<Address>> {
    (name.len() > size_of::<libc::sa_family_t>())
        .then(|| decode(name))
        .transpose()
}
