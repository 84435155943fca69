//! The ring itself: operations go in, and what became of them comes out, in one system call a round.
//!
//! The kernel picks the buffer for what a connection receives from a few that all of them share, and
//! sends out of the same buffer. So a buffer belongs to the kernel, to what was received in it, or to
//! the sending of that, and never to two of them.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, Ordering};

use io_uring::types::Fd;
use io_uring::{IoUring, cqueue, opcode, squeue};

/// How many buffers all connections share, a power of two.
const BUFFERS: u16 = 512;

/// What one of them holds. Of more of them the cache would keep less.
const BUFFER_SIZE: u32 = 512;

/// How many operations are given over at once, and how many may have an outcome at once.
const OPERATIONS: u32 = 4096;

/// The group of buffers; there is one.
const GROUP: u16 = 0;

/// Says whether the kernel has rings and lets this program have one.
pub(crate) fn is_permitted() -> bool {
    make().is_ok()
}

fn make() -> io::Result<IoUring> {
    IoUring::<squeue::Entry, cqueue::Entry>::builder()
        .setup_single_issuer()
        .setup_defer_taskrun()
        .setup_cqsize(4 * OPERATIONS)
        .build(OPERATIONS)
}

/// A connection, from when it is accepted until [`Ring::close`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Connection(i32);

/// What a connection has received.
#[derive(Debug)]
pub(super) struct Received {
    buffer: u16,
    length: u32,
}

/// What became of an operation.
#[derive(Debug)]
pub(super) enum Event {
    /// A connection was accepted, and receives.
    Accepted(Connection),
    /// It has received something.
    Received(Connection, Received),
    /// What was sent has left, or never will.
    Sent(Connection),
    /// It has ended or failed, and is to be closed.
    Ended(Connection),
}

/// A ring and the listener that it accepts from.
pub(super) struct Ring {
    operations: IoUring,
    pool: Pool,
    listener: OwnedFd,
    outcomes: Vec<cqueue::Entry>,
}

impl Ring {
    /// Makes a ring that accepts from a listener.
    pub(super) fn new(listener: impl Into<OwnedFd>) -> io::Result<Self> {
        let ring = make()?;
        let pool = Pool::new();
        let address = std::ptr::from_ref(pool.places) as u64;
        let submitter = ring.submitter();
        // SAFETY: the places are as many and as large as is said, and are there for ever.
        unsafe { submitter.register_buf_ring_with_flags(address, BUFFERS, GROUP, 0)? };
        let mut ring = Ring {
            operations: ring,
            pool,
            listener: listener.into(),
            outcomes: Vec::new(),
        };
        ring.accept()?;
        Ok(ring)
    }

    /// Begins everything that was asked for, waits until something is over, and returns all that is.
    pub(super) fn round(&mut self, events: &mut Vec<Event>) -> io::Result<()> {
        self.pool.publish();
        match self.operations.submit_and_wait(1) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        let mut outcomes = std::mem::take(&mut self.outcomes);
        outcomes.extend(self.operations.completion());
        for outcome in outcomes.drain(..) {
            events.extend(self.learn(&outcome)?);
        }
        self.outcomes = outcomes;
        Ok(())
    }

    /// Sends all of what a connection received back to it.
    pub(super) fn send_back(&mut self, to: Connection, received: &Received) -> io::Result<()> {
        let Received { buffer, length } = *received;
        let entry = opcode::Send::new(Fd(to.0), self.pool.address(buffer), length)
            .flags(libc::MSG_NOSIGNAL | libc::MSG_WAITALL)
            .build();
        self.push(&entry.user_data(Operation::Send(to, buffer).to_number()))
    }

    /// Closes a connection that has ended and sends nothing any more.
    pub(super) fn close(&mut self, connection: Connection) -> io::Result<()> {
        let entry = opcode::Close::new(Fd(connection.0)).build();
        self.push(&entry.user_data(Operation::Close.to_number()))
    }

    fn accept(&mut self) -> io::Result<()> {
        let entry = opcode::AcceptMulti::new(Fd(self.listener.as_raw_fd()))
            .flags(libc::SOCK_CLOEXEC)
            .build();
        self.push(&entry.user_data(Operation::Accept.to_number()))
    }

    fn receive(&mut self, connection: Connection) -> io::Result<()> {
        let entry = opcode::RecvMulti::new(Fd(connection.0), GROUP).build();
        self.push(&entry.user_data(Operation::Receive(connection).to_number()))
    }

    fn push(&mut self, entry: &squeue::Entry) -> io::Result<()> {
        // SAFETY: the only memory that any operation names is a buffer, and buffers are there for
        // ever. One that is sent is not among those that the kernel may receive into.
        while unsafe { self.operations.submission().push(entry) }.is_err() {
            self.operations.submit()?;
        }
        Ok(())
    }

    fn learn(&mut self, outcome: &cqueue::Entry) -> io::Result<Option<Event>> {
        let goes_on = cqueue::more(outcome.flags());
        let result = match u32::try_from(outcome.result()) {
            Ok(result) => Ok(result),
            Err(_) => Err(io::Error::from_raw_os_error(-outcome.result())),
        };
        match Operation::from_number(outcome.user_data()) {
            Operation::Accept => {
                let connection = Connection(result?.cast_signed());
                if !goes_on {
                    self.accept()?;
                }
                self.receive(connection)?;
                Ok(Some(Event::Accepted(connection)))
            }
            Operation::Receive(connection) => {
                let buffer = cqueue::buffer_select(outcome.flags());
                let event = match (result, buffer) {
                    (Ok(length @ 1..), Some(buffer)) => {
                        Some(Event::Received(connection, Received { buffer, length }))
                    }
                    // All buffers were taken; it goes on when some are free.
                    (Err(error), _) if error.raw_os_error() == Some(libc::ENOBUFS) => None,
                    (_, buffer) => {
                        if let Some(buffer) = buffer {
                            self.pool.give(buffer);
                        }
                        return Ok(Some(Event::Ended(connection)));
                    }
                };
                if !goes_on {
                    self.receive(connection)?;
                }
                Ok(event)
            }
            Operation::Send(connection, buffer) => {
                // A connection that cannot be sent to cannot be received from for long, either.
                self.pool.give(buffer);
                Ok(Some(Event::Sent(connection)))
            }
            Operation::Close => Ok(None),
        }
    }
}

/// What an operation is called while it is under way.
#[derive(Clone, Copy)]
enum Operation {
    Accept,
    Receive(Connection),
    Send(Connection, u16),
    Close,
}

impl Operation {
    const RECEIVE: u64 = 1 << 48;
    const SEND: u64 = 2 << 48;
    const CLOSE: u64 = 3 << 48;

    fn to_number(self) -> u64 {
        let number = |connection: Connection| u64::from(connection.0.cast_unsigned());
        match self {
            Operation::Accept => 0,
            Operation::Receive(connection) => Self::RECEIVE | number(connection),
            Operation::Send(connection, buffer) => {
                Self::SEND | u64::from(buffer) << 32 | number(connection)
            }
            Operation::Close => Self::CLOSE,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "each part by itself")]
    fn from_number(number: u64) -> Operation {
        let connection = Connection((number as u32).cast_signed());
        match number & !(Self::RECEIVE - 1) {
            0 => Operation::Accept,
            Self::RECEIVE => Operation::Receive(connection),
            Self::SEND => Operation::Send(connection, (number >> 32) as u16),
            _ => Operation::Close,
        }
    }
}

/// Where the kernel finds one buffer, as io_uring_register_buf_ring(3) has it.
#[repr(C)]
#[derive(Default)]
struct Place {
    address: AtomicU64,
    length: AtomicU32,
    buffer: AtomicU16,
    /// How many buffers were ever given; only that of the first place counts.
    tail: AtomicU16,
}

#[repr(C, align(4096))]
struct Places([Place; BUFFERS as usize]);

/// The buffers, which the kernel writes and nobody here looks at.
struct Pool {
    places: &'static Places,
    buffers: *mut u8,
    tail: u16,
}

impl Pool {
    /// Makes buffers that are never freed, as the server ends with its program.
    fn new() -> Pool {
        let buffers = vec![0; usize::from(BUFFERS) * BUFFER_SIZE as usize];
        let mut pool = Pool {
            places: Box::leak(Box::new(Places(std::array::from_fn(|_| Place::default())))),
            buffers: Box::leak(buffers.into_boxed_slice()).as_mut_ptr(),
            tail: 0,
        };
        for buffer in 0..BUFFERS {
            pool.give(buffer);
        }
        pool
    }

    fn address(&self, buffer: u16) -> *mut u8 {
        let offset = usize::from(buffer) * BUFFER_SIZE as usize;
        self.buffers.wrapping_add(offset)
    }

    /// Leaves a buffer to the kernel, which learns of it when that is published.
    fn give(&mut self, buffer: u16) {
        let place = &self.places.0[usize::from(self.tail % BUFFERS)];
        let address = self.address(buffer) as u64;
        place.address.store(address, Ordering::Relaxed);
        place.length.store(BUFFER_SIZE, Ordering::Relaxed);
        place.buffer.store(buffer, Ordering::Relaxed);
        self.tail = self.tail.wrapping_add(1);
    }

    fn publish(&self) {
        let [first, ..] = &self.places.0;
        first.tail.store(self.tail, Ordering::Release);
    }
}
