//! Random differential testing: generated sequences in stock Emacs and with the module, compared.

mod form;
mod generate;
mod pools;
mod running;
mod sequence;
mod session;

pub(super) use running::Running;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use self::sequence::Sequence;
use self::session::Transcript;
use super::diff;
use super::emacs::Emacs;
use crate::Outcome;

/// How many sequences share an Emacs.
const BATCH: usize = 25;

/// How many Emacsen run at once; they wait much of the time.
const WORKERS: usize = 6;

/// Runs `count` sequences of `seed` in stock Emacs and with `module`, or in stock Emacs twice.
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
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let batches: Vec<&[Sequence]> = sequences.chunks(BATCH).collect();
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let batch = next.fetch_add(1, Ordering::Relaxed);
                    let Some(sequences) = batches.get(batch) else {
                        break;
                    };
                    let outcome = compare(stock, module.unwrap_or(stock), sequences);
                    let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                    match outcome {
                        Err(message) => failures.push((batch * BATCH, message)),
                        Ok(found) => failures
                            .extend(found.into_iter().map(|(at, m)| (batch * BATCH + at, m))),
                    }
                }
            });
        }
    });
    let mut failures = failures
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    failures.sort();
    for (index, message) in &failures {
        println!("\nsequence {index} of seed {seed}:\n{message}");
    }
    println!(
        "{count} sequences of seed {seed}: {} differ, {:.1} s",
        failures.len(),
        start.elapsed().as_secs_f64()
    );
    if failures.is_empty() {
        Ok(())
    } else {
        Err("sequences differ".to_owned())
    }
}

fn compare(
    stock: &Emacs,
    other: &Emacs,
    sequences: &[Sequence],
) -> Result<Vec<(usize, String)>, String> {
    let sequences: Vec<&Sequence> = sequences.iter().collect();
    let first: Vec<Transcript> = session::run(stock, &sequences, None)?;
    let second = session::run(other, &sequences, Some(&first))?;
    let mut found = Vec::new();
    for (index, ((first, second), sequence)) in
        first.iter().zip(&second).zip(&sequences).enumerate()
    {
        if first.text != second.text {
            found.push((
                index,
                format!(
                    "{}{}",
                    sequence.show(),
                    diff::show(&first.text, &second.text)
                ),
            ));
        }
    }
    Ok(found)
}
