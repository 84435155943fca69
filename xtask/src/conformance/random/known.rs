//! What is known to differ on purpose: where it is in a sequence, and the sequence without it.
//!
//! A difference counts as known only when it is gone once these things are taken out.

use std::collections::BTreeSet;

use netproc_lisp::Value;

use super::sequence::{Action, Argument, Making, Sequence, Setting};

/// Something that Emacs and we do differently by design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    OddList,
    HeldBack,
    SplitCharacter,
    DatagramOption,
    SentinelOfFailure,
    DeletedInLog,
    FilterMultibyte,
    OutOfRange,
    CarriageReturn,
    ThrownAtOpening,
    WideOption,
    Muted,
    OrderAcross,
    MarkAgain,
    Nameless,
    ServiceLast,
}

/// All of them.
const ALL: &[Known] = &[
    Known::OddList,
    Known::HeldBack,
    Known::SplitCharacter,
    Known::DatagramOption,
    Known::SentinelOfFailure,
    Known::DeletedInLog,
    Known::FilterMultibyte,
    Known::OutOfRange,
    Known::CarriageReturn,
    Known::ThrownAtOpening,
    Known::WideOption,
    Known::Muted,
    Known::OrderAcross,
    Known::MarkAgain,
    Known::Nameless,
    Known::ServiceLast,
];

impl Known {
    /// Returns what the differences file says of Emacs there.
    pub(super) fn emacs(self) -> &'static str {
        match self {
            Self::OddList => "a keyword without a value may crash",
            Self::HeldBack => {
                "what follows a byte that begins no character may be held back until more comes"
            }
            Self::SplitCharacter => "a split character joins with the next datagram, from whomever",
            Self::DatagramOption => "options of datagram clients are recorded but not set",
            Self::SentinelOfFailure => {
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
            Self::OrderAcross => {
                "of several processes with something to tell, the newest or the one with the lowest descriptor is first"
            }
            Self::MarkAgain => "after unibyte text the byte order mark is written again",
            Self::Nameless => "what is sent to the local address `\"\"` goes to a name of 108 NULs",
            Self::ServiceLast => {
                "of two mistakes, an unknown service is told before a wrong `:plist` or `:tls-parameters`"
            }
            Self::Muted => "a wait for nothing but a process whose filter is `t` may never end",
        }
    }

    /// Says whether the transcripts `emacs` and `ours` can differ by this.
    fn shows(self, emacs: &str, ours: &str) -> bool {
        match self {
            Self::SentinelOfFailure => ours.contains("failed") || ours.contains("not supported"),
            Self::ServiceLast => emacs.contains("Servname not supported"),
            Self::ThrownAtOpening => emacs.contains("left by thrown"),
            Self::DeletedInLog => {
                emacs.contains("sentinel \"open from") && emacs.contains("deleted")
            }
            _ => true,
        }
    }

    /// Takes this out of `sequence`.
    fn tame(self, sequence: &mut Sequence) {
        let mixed = mixes_codings(sequence);
        let wide = sequence.show().contains("utf-16");
        for step in &mut sequence.steps {
            let action = &mut step.action;
            match self {
                Self::HeldBack | Self::SplitCharacter => {
                    if let Some(text) = text_of(action)
                        && (wide || !is_ascii(text) && (mixed || is_unibyte(text)))
                    {
                        // Four bytes are characters in every coding system.
                        *text = Value::string("text");
                    }
                }
                Self::CarriageReturn => {
                    if let Some(text) = text_of(action)
                        && text.to_string().contains('\r')
                    {
                        *text = Value::string("text\n");
                    }
                }
                Self::WideOption => {
                    if let Action::Set(subject, Setting::Option { value, .. }) = action
                        && is_wide(value)
                    {
                        *action = Action::Stop(*subject);
                    }
                }
                Self::ThrownAtOpening => {
                    if let Action::Set(_, Setting::Sentinel(Argument::Value(sentinel))) = action
                        && sentinel.is_symbol("sentinel-throws")
                    {
                        *sentinel = Value::symbol("sentinel-records");
                    }
                }
                Self::Nameless => {
                    if let Action::Set(_, Setting::DatagramAddress(address)) = action
                        && matches!(address, Argument::Local(_))
                    {
                        *address = Value::Nil.into();
                    }
                }
                Self::Muted => {
                    if let Action::Accept { just_this_one, .. } = action {
                        *just_this_one = Value::Nil;
                    }
                }
                Self::FilterMultibyte => {
                    if let Action::Set(subject, Setting::FilterMultibyte(_)) = *action {
                        *action = Action::Stop(subject);
                    }
                }
                _ => {}
            }
            if let Action::Make(making) = action {
                self.tame_making(making);
            }
        }
    }

    fn tame_making(self, making: &mut Making) {
        match self {
            Self::OddList if making.odd => {
                making.odd = false;
                making.pairs.pop();
            }
            Self::DatagramOption if making.is_datagram_client() => {
                making.pairs.retain(|pair| {
                    let key = pair.key.as_symbol();
                    key.is_some_and(|key| {
                        netproc_keywords::lookup(key.as_str())
                            .is_none_or(|entry| !entry.is_option())
                    })
                });
            }
            Self::SentinelOfFailure => making.without(|key, _| key == ":nowait"),
            Self::DeletedInLog => {
                for pair in &mut making.pairs {
                    if let Argument::Value(value) = &mut pair.value
                        && (value.is_symbol("log-deletes") || value.is_symbol("log-kills"))
                    {
                        *value = Value::symbol("log-records");
                    }
                }
            }
            Self::ThrownAtOpening => {
                for pair in &mut making.pairs {
                    if let Argument::Value(value) = &mut pair.value
                        && value.is_symbol("sentinel-throws")
                    {
                        *value = Value::symbol("sentinel-records");
                    }
                }
            }
            Self::OrderAcross => {
                for pair in &mut making.pairs {
                    if let Argument::Value(value) = &mut pair.value
                        && let Some(kind) = acts_on_the_other_end(value)
                    {
                        *value = Value::symbol(&format!("{kind}-records"));
                    }
                }
            }
            Self::MarkAgain => {
                for pair in &mut making.pairs {
                    if let Argument::Value(value) = &mut pair.value
                        && pair.key.is_symbol(":coding")
                        && writes_a_mark(value)
                    {
                        *value = Value::symbol("utf-8");
                    }
                }
            }
            Self::ServiceLast => making.without(|key, value| {
                matches!(key, ":tls-parameters" | ":plist") && value.list_iter().is_err()
            }),
            Self::WideOption => making.without(|key, value| {
                netproc_keywords::lookup(key).is_some_and(netproc_keywords::Definition::is_option)
                    && is_wide(value)
            }),
            Self::FilterMultibyte => making.without(|key, _| key == ":filter-multibyte"),
            Self::OutOfRange => making.without(|key, value| {
                key == ":service" && value.as_integer().is_some_and(|port| port > 65535)
            }),
            _ => {}
        }
    }
}

impl Making {
    fn without(&mut self, goes: impl Fn(&str, &Value) -> bool) {
        self.pairs
            .retain(|pair| match (pair.key.as_symbol(), &pair.value) {
                (Some(key), Argument::Value(value)) => !goes(key.as_str(), value),
                _ => true,
            });
    }

    fn is_datagram_client(&self) -> bool {
        let is = |key: &str, name: &str| match self.get(key) {
            Some(Argument::Value(value)) => value.is_symbol(name),
            _ => false,
        };
        let server = match self.get(":server") {
            Some(Argument::Value(value)) => value.is_true(),
            _ => false,
        };
        is(":type", "datagram") && !server
    }
}

/// Returns `sequence` without what is known to differ, and what that was, if the transcripts
/// `emacs` and `ours` can differ by it.
pub(super) fn tamed(sequence: &Sequence, emacs: &str, ours: &str) -> (Sequence, Vec<Known>) {
    let mut tamed = sequence.clone();
    let mut taken_out = Vec::new();
    for known in ALL.iter().filter(|known| known.shows(emacs, ours)) {
        let before = tamed.clone();
        known.tame(&mut tamed);
        if tamed != before {
            taken_out.push(*known);
        }
    }
    (tamed, taken_out)
}

fn text_of(action: &mut Action) -> Option<&mut Value> {
    match action {
        Action::Send { text, .. }
        | Action::SendRegion { text, .. }
        | Action::Exchange { text, .. } => Some(text),
        _ => None,
    }
}

/// Returns the kind of a callback of which the other end hears.
fn acts_on_the_other_end(value: &Value) -> Option<&str> {
    let (kind, doing) = value.as_symbol()?.as_str().split_once('-')?;
    let acts = matches!(doing, "answers" | "deletes" | "ends" | "kills");
    (acts && matches!(kind, "filter" | "sentinel" | "log")).then_some(kind)
}

fn writes_a_mark(coding: &Value) -> bool {
    let name = coding.to_string();
    name.contains("signature") || name.contains("utf-16")
}

fn is_wide(value: &Value) -> bool {
    value
        .as_integer()
        .is_some_and(|value| i32::try_from(value).is_err())
}

fn is_unibyte(value: &Value) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.as_unibyte().is_some())
}

fn is_ascii(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_ascii)
}

/// Says whether one end may be sent what the other does not decode.
fn mixes_codings(sequence: &Sequence) -> bool {
    let mut codings = BTreeSet::new();
    for step in &sequence.steps {
        match &step.action {
            Action::Make(making) => {
                let coding = match making.get(":coding") {
                    Some(Argument::Value(value)) => value.to_string(),
                    _ => "none".to_owned(),
                };
                codings.insert(coding);
            }
            Action::Set(_, Setting::Coding(..)) => return true,
            _ => {}
        }
    }
    codings.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::random::sequence::{Pair, Step, Subject};

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

    #[test]
    fn what_is_ordinary_stays() {
        let sequence = sequence(vec![Action::Send {
            to: Subject::Made(1),
            text: Value::string("é"),
        }]);
        assert_eq!(tamed(&sequence, "", ""), (sequence, Vec::new()));
    }

    #[test]
    fn what_is_known_is_taken_out_and_named() {
        let wild = sequence(vec![Action::Make(Making {
            pairs: vec![Pair {
                key: Value::symbol(":filter-multibyte"),
                value: Value::t().into(),
            }],
            odd: false,
        })]);
        let tame = sequence(vec![Action::Make(Making::default())]);
        assert_eq!(tamed(&wild, "", ""), (tame, vec![Known::FilterMultibyte]));
    }
}
