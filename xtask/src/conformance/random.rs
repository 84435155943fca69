//! Random differential testing: generated sequences in stock Emacs and with the module, compared.

mod form;
mod generate;
mod judge;
mod known;
mod pools;
mod running;
mod sequence;
mod session;
mod shrink;

pub(super) use running::Running;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use self::judge::{Judge, Verdict};
use self::known::Known;
use self::sequence::Sequence;
use super::emacs::Emacs;
use crate::Outcome;

/// How many sequences share an Emacs.
const BATCH: usize = 10;

/// How many Emacsen run at once; they wait much of the time.
const WORKERS: usize = 10;

/// Runs `count` sequences of `seed` in stock Emacs and with `module`, or in stock Emacs twice.
///
/// # Errors
///
/// Sequences that differ, and not by what the differences file says.
pub(super) fn run(
    stock: &Emacs,
    module: Option<&Emacs>,
    count: usize,
    seed: u64,
    ipv6: bool,
) -> Outcome {
    let start = Instant::now();
    let sequences: Vec<Sequence> = (0..)
        .take(count)
        .map(|index| generate::sequence(seed, index, ipv6))
        .collect();
    let batches: Vec<&[Sequence]> = sequences.chunks(BATCH).collect();
    let judge = Judge::new(stock, module.unwrap_or(stock));
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS.min(batches.len()) {
            scope.spawn(|| {
                loop {
                    let batch = next.fetch_add(1, Ordering::Relaxed);
                    let Some(sequences) = batches.get(batch) else {
                        break;
                    };
                    let outcome = judge.verdicts(sequences);
                    if let Ok(verdicts) = &outcome {
                        for (at, verdict) in verdicts {
                            tell(seed, batch * BATCH + at, verdict);
                        }
                    }
                    let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                    outcomes.push((batch * BATCH, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by_key(|(first, _)| *first);
    let mut tally = Tally::default();
    for (first, outcome) in outcomes {
        for (at, verdict) in outcome? {
            tally.add(first + at, verdict);
        }
    }
    let beside = if module.is_some() {
        "the module"
    } else {
        "stock Emacs again"
    };
    println!(
        "{count} sequences of seed {seed} in Emacs {} beside {beside}: {}, {:.1} s",
        stock.version,
        tally.sentence(),
        start.elapsed().as_secs_f64()
    );
    tally.outcome()
}

/// Shows what nobody knows yet.
fn tell(seed: u64, index: usize, verdict: &Verdict) {
    match verdict {
        Verdict::Known(_) => {}
        Verdict::CutShort(shown) => {
            println!("\nsequence {index} of seed {seed}: stock {shown}");
        }
        Verdict::Varies(shown) => {
            println!("\nsequence {index} of seed {seed} is the same when run again:\n{shown}");
        }
        Verdict::Unexplained(shown) => {
            println!("\nsequence {index} of seed {seed} differs:\n{shown}");
        }
    }
}

/// What became of all sequences that differed.
#[derive(Debug, Default)]
struct Tally {
    known: BTreeMap<Known, usize>,
    explained: usize,
    cut_short: usize,
    varied: usize,
    unexplained: Vec<usize>,
}

impl Tally {
    fn add(&mut self, index: usize, verdict: Verdict) {
        match verdict {
            Verdict::Known(known) => {
                self.explained += 1;
                for known in known {
                    *self.known.entry(known).or_default() += 1;
                }
            }
            Verdict::CutShort(_) => self.cut_short += 1,
            Verdict::Varies(_) => self.varied += 1,
            Verdict::Unexplained(_) => self.unexplained.push(index),
        }
    }

    fn sentence(&self) -> String {
        for (known, count) in &self.known {
            println!("{count} with: {}", known.emacs());
        }
        format!(
            "{} differ as the differences file says, {} end Emacs or hang it, {} differ once but not again, {} otherwise",
            self.explained,
            self.cut_short,
            self.varied,
            self.unexplained.len()
        )
    }

    fn outcome(&self) -> Outcome {
        if self.unexplained.is_empty() {
            return Ok(());
        }
        let indices: Vec<String> = self.unexplained.iter().map(usize::to_string).collect();
        Err(format!("these sequences differ: {}", indices.join(", ")))
    }
}
