//! What the benchmarks share: how to read a process's memory, and the peers to compare with.

#![forbid(unsafe_code)]

pub mod memory;
