//! Tests that cross crates, one module a topic.

mod addresses;
mod buffers;
mod callbacks;
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
mod pressure;
mod seqpacket;
mod servers;
mod waiting;
