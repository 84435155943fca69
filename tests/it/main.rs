//! Tests that cross crates, one module a topic.

mod half_close;
mod life;
mod names;
mod servers;
