//! Tests that cross crates, one module a topic.

mod addresses;
mod buffers;
mod coding;
mod contact;
mod datagram;
mod endpoints;
mod errors;
mod flow;
mod half_close;
mod life;
mod names;
mod nowait;
mod options;
mod seqpacket;
mod servers;
