//! Subjects held against each other: each has its turn in every round, so that what else happens on
//! the machine happens to all of them, and what counts is the ratio within a round.

mod goal;
mod growth;
mod player;
mod quartiles;
mod table;
mod workload;

pub(crate) use goal::shown_seconds;
pub use goal::{Goal, Verdict};
pub use growth::{Growth, Point, SUBJECTS as GROWTH_SUBJECTS};
pub use quartiles::Quartiles;
pub use table::WORKLOADS;
pub use workload::{Task, Unit, Workload};

use crate::affinity::Machine;
use crate::load::{Done, Effort};
use crate::server::Failure;
use crate::subject::Subject;
use player::Player;

/// How much a run does.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made by the program that measures"
)]
pub struct Pace {
    /// How many rounds count; one more comes first, to warm up.
    pub rounds: usize,
    /// How long each turn is.
    pub effort: Effort,
}

impl Pace {
    /// Returns the pace for what takes long: the same, of at most five rounds.
    #[must_use]
    pub fn patient(self) -> Self {
        Pace {
            rounds: self.rounds.min(5),
            ..self
        }
    }
}

/// What came of one subject in one workload.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Who it was.
    pub subject: Subject,
    /// Its turns, one a round.
    pub turns: Vec<Done>,
    /// Why there are none, or no more.
    pub failure: Option<String>,
}

/// What came of one workload.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// What was done.
    pub workload: &'static Workload,
    /// How busy the machine was before, in processes that want to run.
    pub load_average: f64,
    /// All subjects, ours first.
    pub entries: Vec<Entry>,
}

impl Outcome {
    /// Returns what came of one subject, if it was there.
    #[must_use]
    pub fn of(&self, subject: Subject) -> Option<&Entry> {
        let found = self.entries.iter().find(|entry| entry.subject == subject);
        found.filter(|entry| entry.failure.is_none())
    }

    /// Returns what came of ours, if it did not fail.
    #[must_use]
    pub fn ours(&self) -> Option<&Entry> {
        self.of(Subject::Netproc)
    }
}

/// Holds one workload.
///
/// # Errors
///
/// When the cores cannot be had. A subject that fails is told in its entry.
pub fn hold(
    workload: &'static Workload,
    machine: &Machine,
    pace: Pace,
) -> Result<Outcome, Failure> {
    let pace = if workload.long { pace.patient() } else { pace };
    machine.place_client(workload.cores)?;
    let load_average = load_average();
    let mut entries: Vec<(Entry, Option<Player>)> = Vec::new();
    for &subject in workload.subjects {
        let begun = Player::begin(workload, subject, machine);
        let failure = begun.as_ref().err().map(ToString::to_string);
        let entry = Entry {
            subject,
            turns: Vec::new(),
            failure,
        };
        entries.push((entry, begun.ok()));
    }
    for round in 0..=pace.rounds {
        // Who is first in one round is last in the next.
        entries.reverse();
        for one in &mut entries {
            turn(one, round, pace);
        }
    }
    if pace.rounds.is_multiple_of(2) {
        entries.reverse();
    }
    Ok(Outcome {
        workload,
        load_average,
        entries: entries.into_iter().map(|(entry, _)| entry).collect(),
    })
}

fn turn((entry, player): &mut (Entry, Option<Player>), round: usize, pace: Pace) {
    let Some(playing) = player else { return };
    match playing.turn(pace.effort) {
        // The first round is to warm up.
        Ok(done) if round > 0 => entry.turns.push(done),
        Ok(_) => {}
        Err(failure) => {
            entry.failure = Some(failure.to_string());
            *player = None;
        }
    }
}

/// Returns how many processes wanted to run in the last minute.
#[must_use]
pub fn load_average() -> f64 {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = told.split(' ').next().and_then(|word| word.parse().ok());
    first.unwrap_or(f64::NAN)
}
