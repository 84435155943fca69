//! Tests that cross crates: real sockets, real peers.
