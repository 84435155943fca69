//! Tests that cross crates, one module a topic.

mod addresses;
mod buffers;
mod callbacks;
mod closing;
mod coding;
mod contact;
mod datagram;
mod endpoints;
mod errors;
mod external;
mod flow;
mod half_close;
mod life;
mod memory;
mod names;
mod nowait;
mod options;
mod pressure;
mod seqpacket;
mod servers;
mod slots;
mod streams;
mod tls;
mod waiting;
