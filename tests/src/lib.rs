//! What the tests of the whole share: a network that records, peers that follow a script, waits
//! that end.
//!
//! Nothing here sleeps to wait for an event: every wait drives the network or blocks in the kernel,
//! and gives up after [`PATIENCE`].

mod peer;
pub mod tls;
mod transcript;
mod world;

pub use peer::{Peer, has_ipv6, in_own_process, open_descriptors, reserve};
pub use transcript::Transcript;
pub use world::World;

/// How long anything may take before a test fails; generous, as others may need the processor too.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// The programs in the documents compile and run.
#[cfg(doctest)]
mod documents {
    // What only those programs use.
    use rustix as _;

    #[doc = include_str!("../../docs/adopting.md")]
    struct Adopting;
}
