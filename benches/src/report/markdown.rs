//! For the documents: one table of goals, one of all subjects.

use std::fmt::{self, Write};

use super::Results;
use crate::contest::{Outcome, Quartiles, shown_seconds};

/// The first line of the document that this writes.
const NOTICE: &str = "<!-- Written by `cargo xtask bench --record` from one run. -->";

/// Returns the document.
#[must_use]
pub fn figures(results: &Results) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _written = write(&mut text, results);
    text
}

fn write(text: &mut String, results: &Results) -> fmt::Result {
    writeln!(text, "{NOTICE}\n\n# Figures\n")?;
    writeln!(
        text,
        "One run of `cargo xtask bench`, of {:.0} minutes. What the columns mean stands in\n\
         [performance.md](performance.md); every round is in [figures.json](performance/figures.json).\n",
        results.seconds / 60.0
    )?;
    for (name, value) in &results.circumstances {
        writeln!(text, "- {name}: {value}")?;
    }
    let loads = results.outcomes.iter().map(|outcome| outcome.load_average);
    if let Some(loads) = Quartiles::of(loads) {
        writeln!(text, "- load average before each workload: {loads}")?;
    }
    writeln!(
        text,
        "\n## Goals\n\n![ours beside the peers](performance/ratios.svg)\n"
    )?;
    writeln!(
        text,
        "| Workload | Goal | Measured | By processor time | |\n|---|---|---|---|---|"
    )?;
    for outcome in &results.outcomes {
        for goal in outcome.workload.goals {
            let verdict = goal.judge(outcome, &results.outcomes);
            let met = match verdict.met {
                Some(true) => "met",
                Some(false) => "**not met**",
                None => "",
            };
            let (name, goal, shown) = (outcome.workload.name, &verdict.goal, &verdict.shown);
            let by = verdict
                .by_processor
                .map_or_else(String::new, |by| by.to_string());
            writeln!(text, "| {name} | {goal} | {shown} | {by} | {met} |")?;
        }
    }
    writeln!(text, "\n## Growth\n")?;
    for (file, _) in super::plot::GROWTH {
        writeln!(text, "![{file}](performance/{file}.svg)\n")?;
    }
    writeln!(text, "## Everybody\n")?;
    for outcome in &results.outcomes {
        everybody(text, outcome)?;
    }
    Ok(())
}

fn everybody(text: &mut String, outcome: &Outcome) -> fmt::Result {
    let workload = outcome.workload;
    writeln!(text, "### {}\n\n{}.\n", workload.name, workload.title)?;
    writeln!(
        text,
        "| | Rate | Processor time a {} | Our rate beside it | Its processor time beside ours |\n\
         |---|---|---|---|---|",
        workload.unit.name()
    )?;
    for entry in &outcome.entries {
        let name = entry.subject.name();
        if let Some(failure) = &entry.failure {
            writeln!(text, "| {name} | {failure} | | | |")?;
            continue;
        }
        let rate = entry.rate().map(|rate| workload.unit.rate(rate.median));
        let processor = entry.processor().map(|time| shown_seconds(time.median));
        let ours = outcome.ours().filter(|ours| ours.subject != entry.subject);
        let beside = |quartiles: Option<Quartiles>| {
            quartiles.map_or_else(String::new, |quartiles| quartiles.to_string())
        };
        writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            rate.unwrap_or_default(),
            processor.unwrap_or_default(),
            beside(ours.and_then(|ours| ours.rate_over(entry))),
            beside(ours.and_then(|ours| ours.frugality_over(entry))),
        )?;
    }
    writeln!(text)
}
