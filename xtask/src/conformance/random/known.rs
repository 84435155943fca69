//! What is known to differ on purpose: where it is in a sequence, and the sequence without it.
//!
//! A difference counts as known only when it is gone once these things are taken out. So that
//! nothing hides behind them, no more is taken out than the transcripts give reason to.

mod evidence;
mod tame;
mod texts;

use self::texts::Codings;
use super::sequence::Sequence;

pub(super) use self::evidence::Evidence;

/// Something that Emacs and we do differently by design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    OddList,
    BrokenText,
    BrokenMessage,
    LongMessage,
    DatagramOption,
    LookupFails,
    RefusedAtOnce,
    DeletedInLog,
    FilterMultibyte,
    OutOfRange,
    CarriageReturn,
    ThrownAtOpening,
    WideOption,
    OpensFirst,
    MarkAgain,
    Nameless,
}

/// All of them.
const ALL: &[Known] = &[
    Known::OddList,
    Known::BrokenText,
    Known::BrokenMessage,
    Known::LongMessage,
    Known::DatagramOption,
    Known::LookupFails,
    Known::RefusedAtOnce,
    Known::DeletedInLog,
    Known::FilterMultibyte,
    Known::OutOfRange,
    Known::CarriageReturn,
    Known::ThrownAtOpening,
    Known::WideOption,
    Known::OpensFirst,
    Known::MarkAgain,
    Known::Nameless,
];

impl Known {
    /// Returns what the differences file says of Emacs there.
    pub(super) fn emacs(self) -> &'static str {
        match self {
            Self::OddList => "a keyword without a value may crash",
            Self::BrokenText => {
                "what follows a byte that begins no character may be held back until more comes"
            }
            Self::BrokenMessage => "a split character joins with the next datagram, from whomever",
            Self::LongMessage => "a long datagram or record is cut at `read-process-output-max`",
            Self::DatagramOption => "options of datagram clients are recorded but not set",
            Self::LookupFails | Self::RefusedAtOnce => {
                "a failed name lookup, and a connection refused at once, call no sentinel; the status may be an error symbol"
            }
            Self::DeletedInLog => {
                "a connection that its log function deletes hears `deleted`, and then still `open from`"
            }
            Self::FilterMultibyte => "`:filter-multibyte` has no effect",
            Self::OutOfRange => {
                "ports and digit strings are taken modulo 65536; signs, blanks and `\"\"` are accepted"
            }
            Self::CarriageReturn => {
                "a carriage return at the end of a chunk can garble all that follows"
            }
            Self::ThrownAtOpening => {
                "a process whose sentinel throws when it hears `open` is never read from"
            }
            Self::WideOption => "integers of options are cut to 32 bits",
            Self::OpensFirst => {
                "of several processes with something to tell, the newest or the one with the lowest descriptor is first"
            }
            Self::MarkAgain => "after unibyte text the byte order mark is written again",
            Self::Nameless => "what is sent to the local address `\"\"` goes to a name of 108 NULs",
        }
    }
}

/// Returns `sequence` without what is known to differ, and what that was, as far as `evidence`
/// gives reason to take it out.
pub(super) fn tamed(sequence: &Sequence, evidence: &Evidence<'_>) -> (Sequence, Vec<Known>) {
    let codings = Codings::of(sequence);
    let mut tamed = sequence.clone();
    let mut taken_out = Vec::new();
    for known in ALL {
        let before = tamed.clone();
        known.tame(&mut tamed, &codings, evidence);
        if tamed != before {
            taken_out.push(*known);
        }
    }
    (tamed, taken_out)
}

#[cfg(test)]
mod tests {
    use netproc_lisp::Value;

    use super::*;
    use crate::conformance::random::sequence::{Action, Making, Pair, Step, Subject};
    use crate::conformance::random::session::Transcript;

    #[test]
    fn every_known_difference_stands_in_the_differences_file() {
        let path = crate::root().join("tests/conformance/differences.toml");
        let file = std::fs::read_to_string(path).unwrap();
        for known in ALL {
            assert!(file.contains(known.emacs()), "{known:?}");
        }
    }

    fn sequence(actions: Vec<Action>) -> Sequence {
        let steps = (1..).zip(actions).map(|(number, action)| Step {
            number,
            rushed: false,
            action,
        });
        Sequence {
            steps: steps.collect(),
        }
    }

    fn odd() -> Sequence {
        sequence(vec![Action::Make(Making {
            pairs: vec![Pair {
                key: Value::symbol(":filter"),
                value: Value::t().into(),
            }],
            odd: true,
        })])
    }

    fn tamed_by(sequence: &Sequence, stock: &str, ours: &str) -> (Sequence, Vec<Known>) {
        let [stock, ours] = [stock, ours].map(|text| Transcript {
            text: text.to_owned(),
            ..Transcript::default()
        });
        tamed(sequence, &Evidence::new(&stock, &ours))
    }

    #[test]
    fn what_is_ordinary_stays() {
        let sequence = sequence(vec![Action::Send {
            to: Subject::Made(1),
            text: Value::string("é"),
        }]);
        assert_eq!(tamed_by(&sequence, "1: => 1\n", ""), (sequence, Vec::new()));
    }

    #[test]
    fn what_is_known_is_taken_out_and_named() {
        let tame = sequence(vec![Action::Make(Making::default())]);
        assert_eq!(
            tamed_by(&odd(), "1: => 1\n", "1: !! no\n"),
            (tame, vec![Known::OddList])
        );
    }

    #[test]
    fn what_came_out_the_same_stays() {
        let same = "1: !! (wrong-type-argument stringp nil)\n";
        assert_eq!(tamed_by(&odd(), same, same), (odd(), Vec::new()));
    }
}
