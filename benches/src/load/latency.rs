//! How long answers took, by the worst of so many.

use std::time::Duration;

/// Three quantiles of the times of one turn.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain numbers")]
pub struct Latency {
    /// What half of the answers took at most.
    pub p50: Duration,
    /// What 99 of a hundred took at most.
    pub p99: Duration,
    /// What 999 of a thousand took at most.
    pub p999: Duration,
}

impl Latency {
    /// Sorts the times and takes the quantiles; none where there are no times.
    pub(crate) fn of(times: &mut [Duration]) -> Option<Self> {
        times.sort_unstable();
        let at = |part: usize| times.get((times.len() * part / 1000).min(times.len() - 1));
        Some(Latency {
            p50: *times.get(times.len() / 2)?,
            p99: *at(990)?,
            p999: *at(999)?,
        })
    }
}
