//! The memory that bytes are read into: lent by the thread, for connections have none while they
//! are idle.
//!
//! A text that is made of the bytes as they stand takes the memory over, and hands it back when its
//! filter has returned; so a message costs no allocation, and no copy.

use std::cell::Cell;
use std::thread::LocalKey;

use netproc_socket::Batch;

thread_local! {
    /// Memory with nothing in it.
    static ROOM: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    /// Memory with bytes in all of it, for those who can only write over some.
    static FILLED: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    /// Memory for messages.
    static BATCH: Cell<Option<Box<Batch>>> = const { Cell::new(None) };
}

/// Returns an empty vector with room for that many bytes.
#[inline]
pub(crate) fn room(size: usize) -> Vec<u8> {
    let bytes = ROOM.take();
    if bytes.capacity() == size {
        bytes
    } else {
        Vec::with_capacity(size)
    }
}

/// Returns a vector of that many bytes or more, whichever they are.
pub(crate) fn filled(size: usize) -> Vec<u8> {
    let mut bytes = FILLED.take();
    if bytes.len() < size {
        bytes.resize(size, 0);
    }
    bytes
}

/// Takes back memory that was lent as room, with or without something in it.
#[inline]
pub(crate) fn give_back(mut bytes: Vec<u8>) {
    bytes.clear();
    keep(&ROOM, bytes);
}

/// Takes back memory that was lent filled, though some of it was cut off.
pub(crate) fn give_back_filled(mut bytes: Vec<u8>) {
    bytes.resize(bytes.capacity(), 0);
    keep(&FILLED, bytes);
}

/// Keeps the larger one, of this memory and what another lender has left meanwhile.
#[inline]
fn keep(place: &'static LocalKey<Cell<Vec<u8>>>, bytes: Vec<u8>) {
    place.with(|place| {
        let other = place.take();
        place.set(if other.capacity() > bytes.capacity() {
            other
        } else {
            bytes
        });
    });
}

/// Tells whether it costs less to fill the rest than to copy what is there.
pub(crate) fn is_rather_full(length: usize, capacity: usize) -> bool {
    length > capacity / 2
}

/// Returns room for messages.
pub(crate) fn batch() -> Box<Batch> {
    BATCH.take().unwrap_or_default()
}

/// Takes back room for messages; what is in it is forgotten.
pub(crate) fn give_back_batch(batch: Box<Batch>) {
    BATCH.set(Some(batch));
}
