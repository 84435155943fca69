//! Smaller sequences that may still show what a large one shows.

use netproc_lisp::Value;

use super::sequence::{Action, Argument, Making, Sequence, Step};

/// Returns what is smaller than `sequence`, the smallest first.
pub(super) fn smaller(sequence: &Sequence) -> Vec<Sequence> {
    let mut candidates = Vec::new();
    let count = sequence.steps.len();
    let mut length = count / 2;
    while length > 0 {
        for from in (0..count).step_by(length).rev() {
            let to = (from + length).min(count);
            if to - from < count {
                let mut smaller = sequence.clone();
                smaller.steps.drain(from..to);
                candidates.push(smaller);
            }
        }
        length /= 2;
    }
    for (at, step) in sequence.steps.iter().enumerate() {
        for simpler in simpler_steps(step) {
            let mut smaller = sequence.clone();
            smaller.steps[at] = simpler;
            candidates.push(smaller);
        }
    }
    candidates
}

/// Returns how much there is to a sequence; every candidate has less.
#[cfg(test)]
fn weight(sequence: &Sequence) -> usize {
    let steps = sequence.steps.iter().map(|step| {
        let action = match &step.action {
            Action::Make(making) => making.pairs.iter().map(pair_weight).sum(),
            Action::Send { text, .. } => text.to_string().len(),
            Action::SendRegion { text, .. } | Action::Exchange { text, .. } => {
                1 + text.to_string().len()
            }
            _ => 0,
        };
        1 + usize::from(step.rushed) + action
    });
    steps.sum()
}

#[cfg(test)]
fn pair_weight(pair: &super::sequence::Pair) -> usize {
    match &pair.value {
        Argument::Value(value) if is_elaborate(value) => 2,
        _ => 1,
    }
}

fn simpler_steps(step: &Step) -> Vec<Step> {
    let mut steps = Vec::new();
    if step.rushed {
        steps.push(Step {
            rushed: false,
            ..step.clone()
        });
    }
    let actions = match &step.action {
        Action::Make(making) => simpler_makings(making).map(Action::Make).collect(),
        Action::Send { to, text } => simpler_texts(text)
            .map(|text| Action::Send { to: *to, text })
            .collect(),
        Action::SendRegion { to, text, .. } => vec![Action::Send {
            to: *to,
            text: text.clone(),
        }],
        Action::Exchange { from, text, .. } => vec![Action::Send {
            to: *from,
            text: text.clone(),
        }],
        _ => Vec::new(),
    };
    steps.extend(actions.into_iter().map(|action| Step {
        action,
        ..step.clone()
    }));
    steps
}

/// Returns the lists with one pair less, and those with a plainer callback.
fn simpler_makings(making: &Making) -> impl Iterator<Item = Making> {
    let fewer = (0..making.pairs.len()).map(|at| {
        let mut fewer = making.clone();
        fewer.pairs.remove(at);
        fewer
    });
    let plainer = (0..making.pairs.len()).filter_map(|at| {
        let Argument::Value(value) = &making.pairs[at].value else {
            return None;
        };
        let kind = is_elaborate(value).then(|| value.as_symbol()?.as_str().split('-').next())??;
        let mut plainer = making.clone();
        plainer.pairs[at].value = Value::symbol(&format!("{kind}-records")).into();
        Some(plainer)
    });
    fewer.chain(plainer)
}

/// Says whether `value` is a callback that does more than to note what it is given.
fn is_elaborate(value: &Value) -> bool {
    let parts = value
        .as_symbol()
        .and_then(|name| name.as_str().split_once('-'));
    parts.is_some_and(|(kind, doing)| {
        matches!(kind, "filter" | "sentinel" | "log") && doing != "records"
    })
}

fn simpler_texts(text: &Value) -> impl Iterator<Item = Value> {
    let simpler = ["a", "a\n", "é"].map(Value::string);
    let length = text.to_string().len();
    simpler
        .into_iter()
        .filter(move |simpler| simpler.to_string().len() < length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::random::generate;

    #[test]
    fn every_candidate_is_smaller() {
        for index in 0..50 {
            let sequence = generate::sequence(1, index, true);
            for smaller in smaller(&sequence) {
                assert!(weight(&smaller) < weight(&sequence), "{}", smaller.show());
            }
        }
    }

    #[test]
    fn every_single_step_can_go() {
        let sequence = generate::sequence(1, 0, true);
        let candidates = smaller(&sequence);
        for at in 0..sequence.steps.len() {
            let mut without = sequence.clone();
            without.steps.remove(at);
            assert!(candidates.contains(&without));
        }
    }
}
