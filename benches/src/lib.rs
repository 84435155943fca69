//! What the benchmarks share: who is measured, by which load, and what comes out.

#![forbid(unsafe_code)]
#![expect(
    clippy::cast_precision_loss,
    reason = "what is counted here is far from the end of the integers of a float"
)]

use std::time::Duration;

use criterion::Criterion;

pub mod affinity;
pub mod contest;
pub mod jobs;
pub mod load;
pub mod measure;
pub mod place;
pub mod report;
pub mod samples;
pub mod server;
pub mod service;
pub mod subject;
pub mod words;

mod identity;
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
