//! What ours is to reach in a workload, and whether it did.

use super::{Entry, Outcome, Quartiles};
use crate::load::Done;
use crate::subject::Subject;

/// What ours is to reach.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a value in a table")]
pub enum Goal {
    /// At least this part of the rate of another.
    Rate(Subject, f64),
    /// Of the processor time of another for one piece of work, divided by ours, at least this.
    Processor(Subject, f64),
    /// At least this rate.
    AtLeast(f64),
    /// At most so many seconds for one piece of work, which for a worker are of processor time.
    Within(f64),
    /// At most so many seconds of processor time for one piece of work.
    ProcessorWithin(f64),
    /// At most so many bytes of resident memory for one piece of work.
    Resident(f64),
    /// At most this part more resident memory after the last turn than after the first.
    Flat(f64),
    /// At least this part of the rate that ours has in another workload, which has less to do.
    AsIn(&'static str, f64),
}

/// Whether a goal was reached.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "made here alone, and read")]
pub struct Verdict {
    /// The goal in words.
    pub goal: String,
    /// What was measured; none where one who is needed was not there.
    pub measured: Option<Quartiles>,
    /// The measured in words.
    pub shown: String,
    /// Where the goal is a rate beside another's, the same by processor time.
    pub by_processor: Option<Quartiles>,
    /// Whether the median reaches it.
    pub met: Option<bool>,
}

impl Goal {
    /// Judges an outcome; some goals want those of other workloads.
    #[must_use]
    pub fn judge(self, outcome: &Outcome, all: &[Outcome]) -> Verdict {
        let measured = self.measured(outcome, all);
        let seconds = |number: f64| shown_seconds(number);
        let rate = |number: f64| outcome.workload.unit.rate(number);
        let one = outcome.workload.unit.name();
        let ratio = |number: f64| format!("{number:.2}");
        let (goal, show): (_, &dyn Fn(f64) -> String) = match self {
            Goal::Rate(peer, part) => (format!("rate ≥ {part} × {}", peer.name()), &ratio),
            Goal::Processor(peer, part) => (
                format!("processor time of {} ≥ {part} × ours", peer.name()),
                &ratio,
            ),
            Goal::AtLeast(limit) => (format!("≥ {}", rate(limit)), &rate),
            Goal::Within(limit) => (format!("< {} a {one}", seconds(limit)), &seconds),
            Goal::ProcessorWithin(limit) => (
                format!("< {} of processor time a {one}", seconds(limit)),
                &seconds,
            ),
            Goal::Resident(limit) => (format!("< {limit} bytes a {one}"), &|number| {
                format!("{number:.0} bytes")
            }),
            Goal::Flat(part) => (
                format!("memory grows by ≤ {:.0} %", part * 100.0),
                &|number| format!("{:.1} %", number * 100.0),
            ),
            Goal::AsIn(other, part) => (format!("rate ≥ {part} × that of {other}"), &ratio),
        };
        let shown = match measured {
            None => "not measured".into(),
            Some(Quartiles {
                lower,
                median,
                upper,
            }) => {
                format!("{} ({} to {})", show(median), show(lower), show(upper))
            }
        };
        Verdict {
            goal,
            shown,
            by_processor: self.by_processor(outcome),
            met: measured.map(|measured| self.is_met(measured.median)),
            measured,
        }
    }

    fn is_met(self, measured: f64) -> bool {
        match self {
            Goal::Rate(_, limit)
            | Goal::Processor(_, limit)
            | Goal::AtLeast(limit)
            | Goal::AsIn(_, limit) => measured >= limit,
            Goal::Within(limit) | Goal::ProcessorWithin(limit) | Goal::Resident(limit) => {
                measured < limit
            }
            Goal::Flat(limit) => measured <= limit,
        }
    }

    fn by_processor(self, outcome: &Outcome) -> Option<Quartiles> {
        match self {
            Goal::Rate(peer, _) => outcome.ours()?.frugality_over(outcome.of(peer)?),
            _ => None,
        }
    }

    fn measured(self, outcome: &Outcome, all: &[Outcome]) -> Option<Quartiles> {
        let ours = outcome.ours()?;
        let each = |measure: &dyn Fn(&Done) -> Option<f64>| {
            let numbers: Option<Vec<f64>> = ours.turns.iter().map(measure).collect();
            Quartiles::of(numbers?)
        };
        match self {
            Goal::Rate(peer, _) => ours.rate_over(outcome.of(peer)?),
            Goal::Processor(peer, _) => ours.frugality_over(outcome.of(peer)?),
            Goal::AtLeast(_) => each(&|turn| Some(turn.rate())),
            Goal::Within(_) => each(&|turn| Some(turn.wall.as_secs_f64() / turn.work)),
            Goal::ProcessorWithin(_) => each(&Done::processor_each),
            Goal::Resident(_) => each(&|turn| Some(turn.resident? as f64 / turn.work)),
            Goal::Flat(_) => {
                let first = ours.turns.first()?.resident? as f64;
                let last = ours.turns.last()?.resident? as f64;
                Quartiles::of([last / first - 1.0])
            }
            Goal::AsIn(name, _) => {
                let other = all.iter().find(|other| other.workload.name == name)?;
                ours.rate_over(other.ours()?)
            }
        }
    }
}

impl Entry {
    /// Returns how much was done in a second.
    #[must_use]
    pub fn rate(&self) -> Option<Quartiles> {
        Quartiles::of(self.turns.iter().map(Done::rate))
    }

    /// Returns the seconds of processor time for one piece of work.
    #[must_use]
    pub fn processor(&self) -> Option<Quartiles> {
        let each: Option<Vec<f64>> = self.turns.iter().map(Done::processor_each).collect();
        Quartiles::of(each?)
    }

    /// Returns the rate as a part of another's, round by round.
    #[must_use]
    pub fn rate_over(&self, other: &Entry) -> Option<Quartiles> {
        let pairs = self.turns.iter().zip(&other.turns);
        Quartiles::of(pairs.map(|(one, other)| one.rate() / other.rate()))
    }

    /// Returns the processor time of another as a part of this one's, round by round: above 1 is
    /// good.
    #[must_use]
    pub fn frugality_over(&self, other: &Entry) -> Option<Quartiles> {
        let pairs = self.turns.iter().zip(&other.turns);
        let parts: Option<Vec<f64>> = pairs
            .map(|(one, other)| Some(other.processor_each()? / one.processor_each()?))
            .collect();
        Quartiles::of(parts?)
    }
}

impl Done {
    /// Returns how much was done in a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.work / self.wall.as_secs_f64()
    }

    /// Returns the seconds of processor time for one piece of work.
    #[must_use]
    pub fn processor_each(&self) -> Option<f64> {
        Some(self.processor?.as_secs_f64() / self.work)
    }
}

/// Returns seconds for people.
pub(crate) fn shown_seconds(seconds: f64) -> String {
    match seconds {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 1e-3 => format!("{:.2} ms", seconds * 1e3),
        seconds if seconds >= 1e-6 => format!("{:.2} µs", seconds * 1e6),
        seconds => format!("{:.1} ns", seconds * 1e9),
    }
}
