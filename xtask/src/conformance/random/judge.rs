//! What to think of sequences: the same, known to differ, or to be shown as small as possible.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::known::{self, Evidence, Known};
use super::sequence::Sequence;
use super::session::{self, Round, Transcript};
use super::shrink;
use crate::conformance::diff;
use crate::conformance::emacs::Emacs;

/// How long one sequence may be made smaller.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often what is known is taken out of a sequence.
const ROUNDS: usize = 4;

/// How many smaller sequences are tried at a time.
const CANDIDATES: usize = 5;

/// How many sequences of a run are made smaller; the rest is likely more of the same.
const SHRUNK: usize = 40;

/// Why a sequence differed.
pub(super) enum Verdict {
    /// By design: without these it does not.
    Known(Vec<Known>),
    /// Stock Emacs crashed or hung at this step, and we did not.
    CutShort(String),
    /// Once, and not again; this is how.
    Varies(String),
    /// This is what remains of it, and how it differs.
    Unexplained(String),
}

/// Two Emacsen that are to do the same.
pub(super) struct Judge<'a> {
    stock: &'a Emacs,
    other: &'a Emacs,
    shrunk: AtomicUsize,
}

impl<'a> Judge<'a> {
    pub(super) fn new(stock: &'a Emacs, other: &'a Emacs) -> Self {
        Self {
            stock,
            other,
            shrunk: AtomicUsize::new(0),
        }
    }

    /// Runs `sequences` in both and returns the verdicts of those that differ, by their place.
    pub(super) fn verdicts(&self, sequences: &[Sequence]) -> Result<Vec<(usize, Verdict)>, String> {
        let sequences: Vec<&Sequence> = sequences.iter().collect();
        let mut verdicts = Vec::new();
        for (index, pair) in self
            .pairs(&sequences, Round::First)?
            .into_iter()
            .enumerate()
        {
            if pair.is_cut_short() {
                verdicts.push((index, Verdict::CutShort(pair.cut(sequences[index]))));
            } else if pair.differs() {
                verdicts.push((index, self.verdict(sequences[index], &pair)?));
            }
        }
        Ok(verdicts)
    }

    fn verdict(&self, sequence: &Sequence, found: &Pair) -> Result<Verdict, String> {
        let again = self.pair(sequence)?;
        let mut known = Vec::new();
        let mut tamed = (sequence.clone(), found.clone());
        // What is known may hide behind other things that are.
        for _ in 0..ROUNDS {
            let evidence = Evidence::new(&tamed.1.stock, &tamed.1.other);
            let (tamer, taken_out) = known::tamed(&tamed.0, &evidence);
            if taken_out.is_empty() {
                break;
            }
            known.extend(taken_out);
            let pair = self.pair(&tamer)?;
            if !pair.differs() || pair.is_cut_short() {
                return Ok(if again.differs() {
                    Verdict::Known(known)
                } else {
                    Verdict::Varies(found.show(sequence))
                });
            }
            tamed = (tamer, pair);
        }
        if !again.differs() {
            return Ok(Verdict::Varies(found.show(sequence)));
        }
        let (smallest, pair) = self.smallest(tamed.0, &tamed.1)?;
        Ok(Verdict::Unexplained(pair.show(&smallest)))
    }

    fn pair(&self, sequence: &Sequence) -> Result<Pair, String> {
        let pairs = self.pairs(&[sequence], Round::Again)?;
        let pair = pairs.into_iter().next();
        pair.ok_or_else(|| "a sequence has no transcripts".to_owned())
    }

    /// Makes a sequence that differs smaller, as long as it differs and not as is known.
    fn smallest(&self, sequence: Sequence, pair: &Pair) -> Result<(Sequence, Pair), String> {
        let start = Instant::now();
        let mut smallest = (sequence, pair.clone());
        if self.shrunk.fetch_add(1, Ordering::Relaxed) >= SHRUNK {
            return Ok(smallest);
        }
        'smaller: loop {
            let candidates = shrink::smaller(&smallest.0);
            for batch in candidates.chunks(CANDIDATES) {
                if start.elapsed() > PATIENCE {
                    return Ok(smallest);
                }
                let batch: Vec<&Sequence> = batch.iter().collect();
                let pairs = self.pairs(&batch, Round::Smaller)?;
                let differing = pairs
                    .into_iter()
                    .zip(&batch)
                    .find(|(pair, candidate)| pair.differs() && pair.is_unknown(candidate));
                if let Some((pair, candidate)) = differing {
                    smallest = ((*candidate).clone(), pair);
                    continue 'smaller;
                }
            }
            return Ok(smallest);
        }
    }

    fn pairs(&self, sequences: &[&Sequence], round: Round) -> Result<Vec<Pair>, String> {
        let stock = session::run(self.stock, sequences, None, round)?;
        let other = session::run(self.other, &sequences[..stock.len()], Some(&stock), round)?;
        let pairs = stock.into_iter().zip(other);
        Ok(pairs.map(|(stock, other)| Pair { stock, other }).collect())
    }
}

/// What one sequence did in both.
#[derive(Clone)]
struct Pair {
    stock: Transcript,
    other: Transcript,
}

impl Pair {
    fn differs(&self) -> bool {
        self.stock.text != self.other.text
    }

    /// Says whether there is nothing in `sequence`, whose transcripts these are, that is known.
    fn is_unknown(&self, sequence: &Sequence) -> bool {
        let evidence = Evidence::new(&self.stock, &self.other);
        known::tamed(sequence, &evidence).1.is_empty()
    }

    /// Says whether stock Emacs ended in the middle, and all was the same up to there.
    fn is_cut_short(&self) -> bool {
        let before = self
            .stock
            .text
            .lines()
            .take_while(|line| !line.starts_with("EMACS "));
        let (before, others): (Vec<_>, _) = (before.collect(), self.other.text.lines());
        self.stock.is_cut_short()
            && !self.other.is_cut_short()
            && others.take(before.len()).eq(before)
    }

    /// Returns the step at which stock Emacs ended, and how it did.
    fn cut(&self, sequence: &Sequence) -> String {
        let taken = |line: &&str| line.starts_with(|first: char| first.is_ascii_digit());
        let taken = self.stock.text.lines().filter(taken).count();
        let ending = self.stock.text.lines().last().unwrap_or_default();
        match sequence.steps.get(taken) {
            Some(step) => format!("{ending} in\n{}", step.show()),
            None => format!("{ending} after the last step"),
        }
    }

    fn show(&self, sequence: &Sequence) -> String {
        format!(
            "{}{}",
            sequence.show(),
            diff::show(&self.stock.text, &self.other.text)
        )
    }
}
