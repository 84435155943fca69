//! What the benchmarks share: settings, the servers that are measured, their memory.

#![forbid(unsafe_code)]

use std::time::Duration;

use criterion::Criterion;

pub mod load;
pub mod memory;
pub mod server;

mod peers;

/// Returns criterion with short measurements, and with what the command line asks for instead.
#[must_use]
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args()
}
