//! Messages that were received together.

use std::fmt;
use std::io;

use netproc_address::Address;

use crate::socket::Received;
use crate::sys::batch::{MOST, Rooms};

/// As many places as cost next to nothing: one for a message, one to see that it was the last.
const FEW: usize = 2;

/// Messages that [`Socket::try_receive_batch`](crate::Socket::try_receive_batch) took in one call,
/// to be looked at one after the other.
///
/// It has room for 16 messages of 64 KiB, so it is for a thread to have and not for a socket. The
/// system gives it memory only where messages have been.
pub struct Batch {
    rooms: Rooms,
    places: Vec<Place>,
    /// The message to be looked at next, and how many bytes of it have been.
    next: usize,
    offset: usize,
    ended: bool,
    /// How many messages the last call took.
    last: usize,
}

/// One message, or several datagrams of one sender that the kernel joined.
struct Place {
    length: usize,
    piece: usize,
    truncated: bool,
    from: Option<Address>,
}

/// One message of a [`Batch`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message<'a> {
    /// What it says. An empty datagram or record is data all the same.
    pub bytes: &'a [u8],
    /// Who sent the datagram; `None` when the sender has no name, and for records.
    pub from: Option<Address>,
    /// Whether the message was longer, and its rest is lost.
    pub truncated: bool,
}

impl Batch {
    /// How many calls for one message a batch stands for, at most.
    pub const MOST: usize = MOST;

    /// Makes room for messages.
    #[must_use]
    pub fn new() -> Batch {
        Batch {
            rooms: Rooms::new(),
            places: Vec::with_capacity(MOST),
            next: 0,
            offset: 0,
            ended: false,
            last: 0,
        }
    }

    /// Returns the next message, each once.
    pub fn next_message(&mut self) -> Option<Message<'_>> {
        let place = self.places.get_mut(self.next)?;
        let left = &self.rooms.room(self.next)[self.offset..place.length];
        let bytes = &left[..left.len().min(place.piece)];
        let from = if bytes.len() < left.len() {
            self.offset += bytes.len();
            place.from.clone()
        } else {
            self.next += 1;
            self.offset = 0;
            place.from.take()
        };
        Some(Message {
            bytes,
            from,
            truncated: place.truncated,
        })
    }

    /// Tells whether there is no further message.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.next == self.places.len()
    }

    /// Tells whether the end of the connection stands behind the messages; the next batch has it
    /// again.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Forgets what is there.
    pub fn clear(&mut self) {
        self.last = self.places.len();
        self.places.clear();
        self.next = 0;
        self.offset = 0;
        self.ended = false;
    }

    /// Returns for how many messages to ask: to make many places costs as much as another call, so
    /// many are asked for where several came the last time.
    pub(crate) fn foresee(&self, most: usize) -> usize {
        most.min(if self.last < FEW { FEW } else { MOST })
    }

    pub(crate) fn rooms(&mut self) -> &mut Rooms {
        &mut self.rooms
    }

    /// Takes notice of a message that was received into its room.
    pub(crate) fn push(&mut self, length: usize, piece: Option<usize>, from: Option<Address>) {
        let room = self.rooms.room(self.places.len()).len();
        self.places.push(Place {
            length: length.min(room),
            piece: piece.unwrap_or(room),
            truncated: length > room,
            from,
        });
    }

    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    /// Receives one message by a call for one.
    pub(crate) fn receive_one(
        &mut self,
        receive: impl FnOnce(&mut [u8]) -> io::Result<Option<Received>>,
    ) -> io::Result<()> {
        let place = self.places.len();
        match receive(self.rooms.room_mut(place))? {
            Some(Received {
                length,
                from,
                truncated,
            }) => self.places.push(Place {
                length,
                piece: length.max(1),
                truncated,
                from,
            }),
            None => self.ended = true,
        }
        Ok(())
    }
}

impl Default for Batch {
    fn default() -> Batch {
        Batch::new()
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Batch")
            .field("received", &self.places.len())
            .field("next", &self.next)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
