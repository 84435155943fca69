//! For programs: every round as it was measured, and what was made of it.

use serde_json::{Map, Value, json};

use super::Results;
use crate::contest::{Entry, Outcome, Point, Quartiles, load_average};
use crate::load::Done;

/// Returns all of it as text, a line for each workload and each point of the growth.
#[must_use]
pub fn results(results: &Results) -> String {
    let machine: Map<String, Value> = results
        .circumstances
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    let outcomes = &results.outcomes;
    let workloads = outcomes.iter().map(|outcome| workload(outcome, outcomes));
    let members = [
        ("machine", json!(machine).to_string()),
        ("seconds", results.seconds.round().to_string()),
        ("load average at the end", json!(load_average()).to_string()),
        ("workloads", lines(workloads)),
        ("growth", lines(results.growth.points.iter().map(point))),
    ];
    let members = members.map(|(name, value)| format!("{}: {value}", json!(name)));
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    let values: Vec<String> = values.map(|value| value.to_string()).collect();
    format!("[\n{}\n]", values.join(",\n"))
}

fn workload(outcome: &Outcome, all: &[Outcome]) -> Value {
    let goals = outcome.workload.goals.iter().map(|goal| {
        let verdict = goal.judge(outcome, all);
        json!({
            "goal": verdict.goal,
            "measured": verdict.measured.map(quartiles),
            "by processor time": verdict.by_processor.map(quartiles),
            "met": verdict.met,
        })
    });
    json!({
        "name": outcome.workload.name,
        "title": outcome.workload.title,
        "unit": outcome.workload.unit.name(),
        "load average": outcome.load_average,
        "subjects": outcome.entries.iter().map(|one| entry(one, outcome)).collect::<Vec<_>>(),
        "goals": goals.collect::<Vec<_>>(),
    })
}

fn entry(entry: &Entry, outcome: &Outcome) -> Value {
    let ours = outcome.ours().filter(|ours| ours.subject != entry.subject);
    let beside = ours.filter(|_| entry.failure.is_none());
    json!({
        "name": entry.subject.name(),
        "failure": entry.failure,
        "rate": entry.rate().map(quartiles),
        "rate of ours as a part of it": beside.and_then(|ours| ours.rate_over(entry)).map(quartiles),
        "its processor time as a part of ours":
            beside.and_then(|ours| ours.frugality_over(entry)).map(quartiles),
        "rounds": entry.turns.iter().map(turn).collect::<Vec<_>>(),
    })
}

fn point(point: &Point) -> Value {
    json!({
        "name": point.subject.name(),
        "connections": point.connections,
        "rounds": point.turns.iter().map(turn).collect::<Vec<_>>(),
    })
}

fn turn(turn: &Done) -> Value {
    let mut all = Map::new();
    all.insert("work".into(), turn.work.into());
    all.insert("seconds".into(), turn.wall.as_secs_f64().into());
    if let Some(processor) = turn.processor {
        all.insert("processor seconds".into(), processor.as_secs_f64().into());
    }
    if let Some(resident) = turn.resident {
        all.insert("resident bytes".into(), resident.into());
    }
    if let Some(latency) = turn.latency {
        let microseconds =
            [latency.p50, latency.p99, latency.p999].map(|time| time.as_secs_f64() * 1e6);
        all.insert("p50, p99, p99.9 in µs".into(), json!(microseconds));
    }
    all.into()
}

fn quartiles(quartiles: Quartiles) -> Value {
    json!([quartiles.lower, quartiles.median, quartiles.upper])
}
