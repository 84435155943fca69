//! What is taken out of a sequence, for each thing that is known to differ.

use std::collections::BTreeSet;

use netproc_lisp::Value;

use super::texts::{self, Codings};
use super::{Evidence, Known};
use crate::conformance::random::sequence::{
    Action, Argument, Making, Pair, Sequence, Setting, Step, Subject,
};
use crate::conformance::random::session::Failure;

/// How much of a message Emacs reads.
const LONG: usize = 4096;

impl Known {
    /// Takes this out of `sequence`.
    pub(super) fn tame(self, sequence: &mut Sequence, codings: &Codings, evidence: &Evidence<'_>) {
        match self {
            Self::BrokenText | Self::BrokenMessage => {
                if (self == Self::BrokenMessage) == codings.have_messages() {
                    break_nothing(sequence, codings);
                }
            }
            Self::CarriageReturn => texts(sequence, |text| codings.end_in_return(text)),
            Self::LongMessage => {
                let messages = makings(sequence).any(|(_, making)| making.is_of_messages());
                texts(sequence, |text| {
                    messages && text.as_text().is_some_and(|text| text.byte_len() > LONG)
                });
            }
            Self::MarkAgain => mark_once(sequence, codings.have_messages()),
            Self::OddList | Self::OutOfRange | Self::WideOption => {
                for step in &mut sequence.steps {
                    if evidence.differs_at(step.number) {
                        self.tame_step(step);
                    }
                }
            }
            Self::DatagramOption => each_making(sequence, |_, making| {
                if making.is_datagram() && !making.is_true(":server") {
                    making.without(|key, _| is_option(key));
                }
            }),
            Self::LookupFails => {
                let fails = |number| evidence.failure(number) == Some(Failure::Lookup);
                deafen(sequence, fails);
            }
            Self::RefusedAtOnce => each_making(sequence, |number, making| {
                if evidence.failure(number) == Some(Failure::AtOnce) {
                    making.without(|key, _| key == ":nowait");
                }
            }),
            Self::OpensFirst => {
                if evidence.opens() {
                    let clients = numbers(sequence, |making| making.is_true(":nowait"));
                    calm(
                        sequence,
                        |number| clients.contains(&number),
                        reaches_the_other_end,
                    );
                }
                if evidence.opens_too_late() {
                    each_making(sequence, |_, making| {
                        making.replace(":log", lets_go, "log-records");
                    });
                }
            }
            Self::ThrownAtOpening => {
                if evidence.is_thrown() {
                    let open =
                        |making: &Making| making.is_true(":nowait") || making.is_true(":server");
                    let openers = numbers(sequence, open);
                    let throws = |value: &Value| value.is_symbol("sentinel-throws");
                    calm(sequence, |number| openers.contains(&number), throws);
                }
            }
            Self::DeletedInLog => {
                if evidence.opens_what_is_deleted() {
                    each_making(sequence, |_, making| {
                        making.replace(":log", lets_go, "log-records");
                    });
                }
            }
            Self::FilterMultibyte => {
                each_making(sequence, |_, making| {
                    making.without(|key, _| key == ":filter-multibyte");
                });
                for step in &mut sequence.steps {
                    if let Action::Set(subject, Setting::FilterMultibyte(_)) = step.action {
                        step.action = Action::Stop(subject);
                    }
                }
            }
            Self::Nameless => {
                let nameless = numbers(sequence, Making::is_nameless);
                for step in &mut sequence.steps {
                    if let Action::Set(_, Setting::DatagramAddress(address)) = &mut step.action
                        && let Argument::Local(Subject::Made(number)) = address
                        && nameless.contains(number)
                    {
                        *address = Value::Nil.into();
                    }
                }
            }
        }
    }

    /// Takes this out of a step that came out differently.
    fn tame_step(self, step: &mut Step) {
        match (self, &mut step.action) {
            (Self::OddList, Action::Make(making)) if making.odd => {
                making.odd = false;
                making.pairs.pop();
            }
            (Self::OutOfRange, Action::Make(making)) => making.without(|key, value| {
                key == ":service" && value.as_integer().is_some_and(|port| port > 65535)
            }),
            (Self::WideOption, Action::Make(making)) => {
                making.without(|key, value| is_option(key) && is_wide(value));
            }
            (Self::WideOption, Action::Set(subject, Setting::Option { value, .. }))
                if is_wide(value) =>
            {
                step.action = Action::Stop(*subject);
            }
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

    /// Gives each `key` whose value is `wrong` the value of that name.
    fn replace(&mut self, key: &str, wrong: impl Fn(&Value) -> bool, name: &str) {
        for pair in &mut self.pairs {
            if let Argument::Value(value) = &mut pair.value
                && pair.key.is_symbol(key)
                && wrong(value)
            {
                *value = Value::symbol(name);
            }
        }
    }

    fn is_true(&self, key: &str) -> bool {
        match self.get(key) {
            Some(Argument::Value(value)) => value.is_true(),
            other => other.is_some(),
        }
    }

    fn is_of_type(&self, name: &str) -> bool {
        matches!(self.get(":type"), Some(Argument::Value(value)) if value.is_symbol(name))
    }

    pub(super) fn is_datagram(&self) -> bool {
        self.is_of_type("datagram")
    }

    fn is_of_messages(&self) -> bool {
        self.is_datagram() || self.is_of_type("seqpacket")
    }

    /// Says whether this is a client of a local datagram server, which has no name of its own.
    fn is_nameless(&self) -> bool {
        let local = |key| matches!(self.get(key), Some(Argument::Path(_)));
        self.is_datagram() && !self.is_true(":server") && (local(":service") || local(":remote"))
    }
}

/// Replaces what reads differently where it is no text, answers of callbacks as well.
fn break_nothing(sequence: &mut Sequence, codings: &Codings) {
    texts(sequence, |text| codings.breaks(text));
    if codings.break_answers() {
        each_making(sequence, |_, making| {
            for (key, kind) in [
                (":filter", "filter"),
                (":sentinel", "sentinel"),
                (":log", "log"),
            ] {
                let answers = |value: &Value| value.is_symbol(&format!("{kind}-answers"));
                making.replace(key, answers, &format!("{kind}-records"));
            }
        });
        for step in &mut sequence.steps {
            if let Action::Set(_, Setting::Filter(Argument::Value(filter))) = &mut step.action
                && filter.is_symbol("filter-answers")
            {
                *filter = Value::symbol("filter-records");
            }
        }
    }
}

/// Replaces the texts that are `wrong` by one that is the same in every coding system.
fn texts(sequence: &mut Sequence, wrong: impl Fn(&Value) -> bool) {
    // Four bytes are characters in every coding system.
    let plain = || Value::string("text");
    for step in &mut sequence.steps {
        match &mut step.action {
            Action::Send { text, .. } | Action::Exchange { text, .. } if wrong(text) => {
                *text = plain();
            }
            Action::SendRegion {
                to,
                text,
                start,
                end,
            } if wrong(text) || wrong(&region(text, *start, *end)) => {
                step.action = Action::Send {
                    to: *to,
                    text: plain(),
                };
            }
            _ => {}
        }
    }
}

/// Returns what is sent of `text` from `start` to `end`.
fn region(text: &Value, start: i64, end: i64) -> Value {
    let [from, to] = [start.min(end), start.max(end)].map(|at| usize::try_from(at).unwrap_or(0));
    let inside = from.saturating_sub(1)..to.saturating_sub(1);
    match (
        text.as_str(),
        text.as_text().and_then(|text| text.as_unibyte()),
    ) {
        (Some(characters), _) => {
            let part: String = characters
                .chars()
                .skip(inside.start)
                .take(inside.len())
                .collect();
            Value::string(&part)
        }
        (None, Some(bytes)) => Value::bytes(bytes.get(inside).unwrap_or_default()),
        (None, None) => text.clone(),
    }
}

/// Gives processes that may write a mark again a coding system without one.
///
/// They send multibyte text after unibyte one; and each datagram is decoded by itself, so that a
/// mark is one in any of them.
fn mark_once(sequence: &mut Sequence, messages: bool) {
    let mixed: Vec<Value> = makings(sequence)
        .filter(|(number, making)| {
            let of = |subject: Subject| match subject {
                Subject::Made(made) | Subject::Accepted(made, _) => made == *number,
            };
            let (mut unibyte, mut multibyte) = (making.answers(), false);
            for step in &sequence.steps {
                match &step.action {
                    Action::Send { to, text } | Action::Exchange { from: to, text, .. }
                        if of(*to) =>
                    {
                        unibyte |= texts::is_unibyte(text);
                        multibyte |= !texts::is_unibyte(text);
                    }
                    Action::SendRegion { to, .. } if of(*to) => multibyte = true,
                    _ => {}
                }
            }
            multibyte && (unibyte || messages)
        })
        .filter_map(|(_, making)| match making.get(":coding") {
            Some(Argument::Value(coding)) => Some(coding.clone()),
            _ => None,
        })
        .filter(texts::writes_a_mark)
        .collect();
    // The other ends that have the same are to read it.
    each_making(sequence, |_, making| {
        making.replace(":coding", |coding| mixed.contains(coding), "utf-8");
    });
}

impl Making {
    fn answers(&self) -> bool {
        self.pairs.iter().any(|pair| {
            matches!(&pair.value, Argument::Value(value)
                if value.as_symbol().is_some_and(|name| name.as_str().ends_with("-answers")))
        })
    }
}

/// Has the sentinels of what steps `of` these numbers made ignore everything.
fn deafen(sequence: &mut Sequence, of: impl Fn(u32) -> bool) {
    sentinels(sequence, &of, |_| true, "ignore");
    each_making(sequence, |number, making| {
        if of(number) && making.get(":sentinel").is_none() {
            making.pairs.push(Pair {
                key: Value::symbol(":sentinel"),
                value: Value::symbol("ignore").into(),
            });
        }
    });
}

/// Has sentinels that are `wrong`, of what steps `of` these numbers made, do no more than note.
fn calm(sequence: &mut Sequence, of: impl Fn(u32) -> bool, wrong: impl Fn(&Value) -> bool) {
    sentinels(sequence, of, wrong, "sentinel-records");
}

fn sentinels(
    sequence: &mut Sequence,
    of: impl Fn(u32) -> bool,
    wrong: impl Fn(&Value) -> bool,
    name: &str,
) {
    for step in &mut sequence.steps {
        match &mut step.action {
            Action::Make(making) if of(step.number) => making.replace(":sentinel", &wrong, name),
            Action::Set(Subject::Made(number), Setting::Sentinel(Argument::Value(sentinel)))
                if of(*number) && wrong(sentinel) =>
            {
                *sentinel = Value::symbol(name);
            }
            _ => {}
        }
    }
}

fn each_making(sequence: &mut Sequence, mut change: impl FnMut(u32, &mut Making)) {
    for step in &mut sequence.steps {
        if let Action::Make(making) = &mut step.action {
            change(step.number, making);
        }
    }
}

fn makings(sequence: &Sequence) -> impl Iterator<Item = (u32, &Making)> {
    sequence.steps.iter().filter_map(|step| match &step.action {
        Action::Make(making) => Some((step.number, making)),
        _ => None,
    })
}

fn numbers(sequence: &Sequence, of: impl Fn(&Making) -> bool) -> BTreeSet<u32> {
    let makings = makings(sequence).filter(|(_, making)| of(making));
    makings.map(|(number, _)| number).collect()
}

/// Says whether a log function closes the connection, or turns away those that wait.
fn lets_go(log: &Value) -> bool {
    ["log-deletes", "log-kills", "log-deletes-server"]
        .iter()
        .any(|name| log.is_symbol(name))
}

/// Says whether a sentinel does what the other end hears of, or lets it be heard.
fn reaches_the_other_end(sentinel: &Value) -> bool {
    let doings = ["answers", "deletes", "ends", "kills", "waits"];
    doings
        .iter()
        .any(|doing| sentinel.is_symbol(&format!("sentinel-{doing}")))
}

fn is_option(key: &str) -> bool {
    netproc_keywords::lookup(key).is_some_and(netproc_keywords::Definition::is_option)
}

fn is_wide(value: &Value) -> bool {
    value
        .as_integer()
        .is_some_and(|value| i32::try_from(value).is_err())
}
