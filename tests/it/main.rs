//! Tests that cross crates, one module a topic.

mod addresses;
mod contact;
mod endpoints;
mod errors;
mod flow;
mod half_close;
mod life;
mod names;
mod nowait;
mod servers;
