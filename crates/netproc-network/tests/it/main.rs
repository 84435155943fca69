//! Tests of what can go wrong between sockets, threads and callbacks.

mod batches;
mod endings;
mod lifetimes;
mod messages;
mod pressure;
mod stress;
mod support;
mod waking;
