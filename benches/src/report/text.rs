//! The terminal: each workload as a table when it is done, the goals at the end.

use std::fmt::Write;

use crate::contest::{Entry, Outcome, Point};

/// Returns an outcome as a table: each subject's rate and processor time, and beside it by how much
/// ours is better.
#[must_use]
pub fn outcome(outcome: &Outcome) -> String {
    let workload = outcome.workload;
    let mut text = format!("{}: {}\n", workload.name, workload.title);
    for entry in &outcome.entries {
        text += &line(outcome, entry);
    }
    text
}

fn line(outcome: &Outcome, entry: &Entry) -> String {
    let name = entry.subject.name();
    if let Some(failure) = &entry.failure {
        return format!("  {name:<11} {failure}\n");
    }
    let rate = shown(entry.rate(), |rate| outcome.workload.unit.rate(rate));
    let processor = shown(entry.processor(), crate::contest::shown_seconds);
    let ours = outcome.ours().filter(|ours| ours.subject != entry.subject);
    let beside = ours.map_or_else(String::new, |ours| {
        let shown = |quartiles: Option<crate::contest::Quartiles>| {
            quartiles.map_or_else(|| "-".into(), |quartiles| quartiles.to_string())
        };
        let (rate, frugality) = (ours.rate_over(entry), ours.frugality_over(entry));
        format!("{:<22} {}", shown(rate), shown(frugality))
    });
    let line = format!("  {name:<11} {rate:>12} {processor:>11}  {beside}");
    format!("{}\n", line.trim_end())
}

/// Returns the goals with what was measured.
#[must_use]
pub fn goals(outcomes: &[Outcome]) -> String {
    let mut text = String::from("goals\n");
    for outcome in outcomes {
        for goal in outcome.workload.goals {
            let verdict = goal.judge(outcome, outcomes);
            let met = match verdict.met {
                Some(true) => "met",
                Some(false) => "not met",
                None => "-",
            };
            let (name, goal, mut shown) = (outcome.workload.name, &verdict.goal, verdict.shown);
            if let Some(by) = verdict.by_processor {
                let _written = write!(shown, ", by processor time {by}");
            }
            // Writing to a string does not fail.
            let _written = writeln!(text, "  {met:<8} {name:<20} {goal:<42} {shown}");
        }
    }
    text
}

/// Returns one point of the growth.
#[must_use]
pub fn point(point: &Point) -> String {
    let rate = shown(point.quartiles(|turn| Some(turn.rate())), |rate| {
        format!("{rate:.0} /s")
    });
    let latency = |part: fn(&crate::load::Latency) -> std::time::Duration| {
        let quartiles =
            point.quartiles(|turn| turn.latency.as_ref().map(|all| part(all).as_secs_f64()));
        shown(quartiles, crate::contest::shown_seconds)
    };
    let memory = shown(
        point.quartiles(|turn| turn.resident.map(|bytes| bytes as f64)),
        |bytes| format!("{:.1} MiB", bytes / 1024.0 / 1024.0),
    );
    format!(
        "  {:<6} {:<9} {rate:>10} {:>10} {:>10} {:>10} {memory:>10}\n",
        point.connections,
        point.subject.name(),
        latency(|all| all.p50),
        latency(|all| all.p99),
        latency(|all| all.p999),
    )
}

fn shown(quartiles: Option<crate::contest::Quartiles>, show: impl Fn(f64) -> String) -> String {
    quartiles.map_or_else(|| "-".into(), |quartiles| show(quartiles.median))
}
