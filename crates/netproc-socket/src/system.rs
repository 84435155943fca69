//! Sockets of the kernel: opening, transfer, options.

pub(crate) mod open;
pub(crate) mod options;
mod receive;
pub(crate) mod socket;

pub(crate) use socket::SystemSocket;
