//! How much a network reads at once and queues at most, and how long it waits for TLS.

use std::time::Duration;

/// The sizes and times a network works with; every process of the network shares them.
///
/// # Examples
///
/// ```
/// use netproc_network::{Limits, Network};
///
/// let network = Network::builder().limits(Limits { read_size: 4096, ..Limits::default() }).build();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "made with ..Limits::default()")]
pub struct Limits {
    /// The most bytes read at once, so the longest text a filter gets at once; 65,536 by
    /// default, at least 1. Longer datagrams are kept whole all the same.
    pub read_size: usize,
    /// The queue length in bytes at which senders wait, and a process whose callback sends stops
    /// reading; 1 MiB by default.
    pub high_water: u32,
    /// The queue length in bytes below which it reads again; 256 KiB by default. The waiting
    /// senders go on as soon as the queue is below the high mark.
    pub low_water: u32,
    /// How long a TLS handshake may take, on clients and servers; 30 seconds by default.
    pub handshake: Duration,
}

impl Limits {
    /// The default sizes and times.
    pub const DEFAULT: Limits = Limits {
        read_size: 64 * 1024,
        high_water: 1024 * 1024,
        low_water: 256 * 1024,
        handshake: Duration::from_secs(30),
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}
