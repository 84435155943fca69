//! The sockets of the system: loopback, local paths and abstract names, and the network in memory.

mod batch;
mod connect;
mod datagram;
mod local;
mod lookup;
mod memory;
mod memory_faults;
mod options;
mod raw;
mod readiness;
mod seqpacket;
mod stream;
mod support;
