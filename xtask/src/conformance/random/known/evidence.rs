//! What transcripts tell of the places where a sequence differs.

use std::collections::BTreeSet;

use crate::conformance::random::session::{Failure, Transcript};

/// Transcripts of one sequence, in stock Emacs and beside it.
pub(in crate::conformance::random) struct Evidence<'a> {
    stock: &'a Transcript,
    /// The steps that did not come out the same.
    differing: BTreeSet<u32>,
}

impl<'a> Evidence<'a> {
    pub(in crate::conformance::random) fn new(
        stock: &'a Transcript,
        other: &'a Transcript,
    ) -> Self {
        let theirs: BTreeSet<&str> = outcomes(&other.text).map(|(_, line)| line).collect();
        let ours: BTreeSet<&str> = outcomes(&stock.text).map(|(_, line)| line).collect();
        let differing = outcomes(&stock.text)
            .filter(|(_, line)| !theirs.contains(line))
            .chain(outcomes(&other.text).filter(|(_, line)| !ours.contains(line)))
            .map(|(number, _)| number)
            .collect();
        Self { stock, differing }
    }

    /// Says whether step `number` returned or signalled something else.
    pub(super) fn differs_at(&self, number: u32) -> bool {
        self.differing.contains(&number)
    }

    /// Returns how the client that step `number` made failed to connect, if Emacs tells nobody.
    pub(super) fn failure(&self, number: u32) -> Option<Failure> {
        self.stock.failures.get(&number).copied()
    }

    /// Says whether a connection was told that it is open when it was deleted already.
    pub(super) fn opens_what_is_deleted(&self) -> bool {
        self.stock.text.lines().any(|line| {
            line.contains(" sentinel \"open from ") && line.ends_with(" closed")
                || line.contains("\\nProcess ") && line.contains(" open from ")
        })
    }

    /// Says whether a sentinel was left by a throw.
    pub(super) fn is_thrown(&self) -> bool {
        self.stock.text.contains("left by thrown")
    }

    /// Says whether a client was let go before it was noticed that it is open.
    pub(super) fn opens_too_late(&self) -> bool {
        self.stock
            .text
            .contains(" sentinel \"failed with code 104\\n\"")
    }

    /// Says whether a client heard that it is open.
    pub(super) fn opens(&self) -> bool {
        self.stock.text.contains(" sentinel \"open\\n\"")
    }
}

/// Returns the lines that tell of a step what became of it, with its number.
fn outcomes(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.lines().filter_map(|line| {
        let (number, _) = line.split_once(": ")?;
        Some((number.parse().ok()?, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(text: &str) -> Transcript {
        Transcript {
            text: text.to_owned(),
            ..Transcript::default()
        }
    }

    #[test]
    fn a_step_differs_by_its_own_line() {
        let stock = transcript("1: => nil\n  p1 marks 5\n2: => t\n");
        let other = transcript("1: => nil\n2: !! (error \"no\")\n3: => nil\n");
        let evidence = Evidence::new(&stock, &other);
        assert!(!evidence.differs_at(1));
        assert!(evidence.differs_at(2) && evidence.differs_at(3));
    }

    #[test]
    fn what_opens_after_its_end_was_deleted_before() {
        let told = |text| {
            let stock = transcript(text);
            Evidence::new(&stock, &transcript("")).opens_what_is_deleted()
        };
        assert!(told("  p1/1 sentinel \"open from -\\n\" closed\n"));
        assert!(!told("  p1/1 sentinel \"open from -\\n\" open\n"));
    }
}
