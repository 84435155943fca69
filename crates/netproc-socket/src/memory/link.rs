//! What a link of the network in memory is like, and what may be wrong with it.

use std::time::Duration;

/// What happens to bytes on their way. More fields may come: make one with `..Link::default()`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use netproc_socket::Link;
///
/// let slow = Link { latency: Duration::from_millis(40), ..Link::default() };
/// assert_eq!(slow.capacity, 65536);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// How long everything takes in one direction. No time by default.
    pub latency: Duration,
    /// Up to how much longer it may take, by chance. Streams and records stay in order; datagrams
    /// may overtake each other. No time by default.
    pub jitter: Duration,
    /// How many bytes may be sent and not yet read. 65536 by default.
    pub capacity: usize,
    /// The most a stream takes in one write, from one byte up, by chance. No limit by default.
    pub largest_write: Option<usize>,
    /// The most a stream gives in one read, from one byte up, by chance. No limit by default.
    pub largest_read: Option<usize>,
    /// Which part of the datagrams is lost, from 0 to 1, by chance. None by default.
    pub loss: f64,
}

impl Default for Link {
    fn default() -> Link {
        Link {
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            capacity: 65536,
            largest_write: None,
            largest_read: None,
            loss: 0.0,
        }
    }
}

/// What is wrong with an address. Datagrams to it are lost, whichever fault it is, except that an
/// unreachable one refuses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Connections to it are refused after a round trip.
    Refuse,
    /// No route leads to it: connecting and sending fail at once.
    Unreachable,
    /// Nothing that is sent on its connections, or to connect to it, arrives.
    Stall,
    /// A connection to it is reset once more than so many bytes arrived in one direction.
    ResetAfter(usize),
}
