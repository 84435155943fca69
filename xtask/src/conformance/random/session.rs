//! Many sequences in one Emacs: what each did, and a new Emacs after one that ended or hung.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt;

use super::running::Said;
use super::sequence::Sequence;
use crate::conformance::emacs::Emacs;

/// The last line of a sequence that did not end.
const HANGS: &str = "EMACS HANGS\n";

/// What one sequence did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Transcript {
    /// Line by line.
    pub(super) text: String,
    /// How far things had got after each step.
    pub(super) progress: BTreeMap<u32, i64>,
    /// How the clients that these steps made failed, where stock Emacs tells no sentinel.
    pub(super) failures: BTreeMap<u32, Failure>,
}

/// How a client that connects in the background fails without its sentinel hearing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Its host or service is not known.
    Lookup,
    /// The system refuses without waiting, and the status is the symbol of an error.
    AtOnce,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// To find what differs, of which most is quick.
    First,
    /// To be sure of it.
    Again,
    /// To find something smaller that differs, up to the first that hangs.
    Smaller,
}

impl Round {
    /// Returns how many seconds one step may take to get as far as it is known to.
    fn patience(self) -> u32 {
        match self {
            Self::First => 2,
            Self::Again => 5,
            Self::Smaller => 1,
        }
    }
}

/// Runs `sequences` in `emacs`; each waits for what `known` says of the same place.
pub(super) fn run(
    emacs: &Emacs,
    sequences: &[&Sequence],
    known: Option<&[Transcript]>,
    round: Round,
) -> Result<Vec<Transcript>, String> {
    let mut transcripts = Vec::with_capacity(sequences.len());
    while transcripts.len() < sequences.len() {
        let before = transcripts.len();
        run_from(emacs, sequences, known, round, &mut transcripts)?;
        if round == Round::Smaller
            && transcripts
                .last()
                .is_some_and(|last| last.text.ends_with(HANGS))
        {
            break;
        }
        if transcripts.len() == before {
            return Err("an Emacs ended before it began a sequence".to_owned());
        }
    }
    Ok(transcripts)
}

/// Runs what has no transcript yet, up to the end of the Emacs that is started for it.
fn run_from(
    emacs: &Emacs,
    sequences: &[&Sequence],
    known: Option<&[Transcript]>,
    round: Round,
    transcripts: &mut Vec<Transcript>,
) -> Result<(), String> {
    let mut plan = format!("({} ", round.patience());
    for (index, sequence) in sequences.iter().enumerate().skip(transcripts.len()) {
        let known = known.and_then(|known| known.get(index));
        let form = sequence.form(|number| known.and_then(|k| k.progress.get(&number)).copied());
        // Writing to a string does not fail.
        let _ = writeln!(plan, "({index} . {form})");
    }
    plan.push(')');
    let mut running = emacs.sequences(&plan)?;
    let mut current: Option<Transcript> = None;
    loop {
        let line = match running.next() {
            Said::Line(line) => line,
            Said::Ended(status) => {
                if let Some(mut unfinished) = current {
                    let ending = match (
                        status.and_then(|status| status.signal()),
                        status.and_then(|status| status.code()),
                    ) {
                        (Some(signal), _) => format!("by signal {signal}"),
                        (None, code) => format!("with {}", code.unwrap_or_default()),
                    };
                    unfinished.add(&format!("EMACS ENDED {ending}"));
                    transcripts.push(unfinished);
                }
                return Ok(());
            }
            Said::Silent => {
                if let Some(mut unfinished) = current {
                    unfinished.text.push_str(HANGS);
                    transcripts.push(unfinished);
                }
                return Ok(());
            }
        };
        if line.starts_with("begin ") {
            current = Some(Transcript::default());
        } else if line.starts_with("done ") {
            transcripts.extend(current.take());
        } else if let Some(transcript) = &mut current {
            transcript.add(&line);
        }
        if line.starts_with("THE CASE FAILED") {
            return Err(format!("the library of the sequences failed: {line}"));
        }
    }
}

impl Transcript {
    /// Says whether Emacs ended, or was ended, in the middle.
    pub(super) fn is_cut_short(&self) -> bool {
        self.text
            .lines()
            .last()
            .is_some_and(|line| line.starts_with("EMACS "))
    }

    fn add(&mut self, line: &str) {
        if let Some(aside) = line.strip_prefix("~ ") {
            self.note(aside);
            return;
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Notes what is told beside the transcript.
    fn note(&mut self, aside: &str) {
        let words: Vec<&str> = aside.split(' ').collect();
        match words[..] {
            ["failed", step, how] => {
                let failure = match how {
                    "lookup" => Failure::Lookup,
                    _ => Failure::AtOnce,
                };
                self.failures
                    .extend(step.parse().map(|step| (step, failure)));
            }
            [step, progress] => {
                if let (Ok(step), Ok(progress)) = (step.parse(), progress.parse()) {
                    self.progress.insert(step, progress);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_no_part_of_the_text() {
        let mut transcript = Transcript::default();
        transcript.add("1: => nil");
        transcript.add("~ 1 25");
        assert_eq!(transcript.text, "1: => nil\n");
        assert_eq!(transcript.progress.get(&1), Some(&25));
    }

    #[test]
    fn failures_are_told_beside_the_text() {
        let mut transcript = Transcript::default();
        transcript.add("~ failed 3 lookup");
        transcript.add("~ failed 4 at-once");
        assert_eq!(transcript.text, "");
        assert_eq!(transcript.failures[&3], Failure::Lookup);
        assert_eq!(transcript.failures[&4], Failure::AtOnce);
    }
}
