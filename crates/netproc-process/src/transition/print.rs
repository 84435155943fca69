//! The transition table in words and the status diagram, for documents and the snapshot test.

use std::fmt::Write as _;

use super::{Event, Party, State, Transition, transition, transitions};

/// Returns the whole table as text: for each sort of process, every state and every event.
///
/// A line reads `event  state -> next  [steps]  "message"`; what is not listed is illegal and is
/// counted at the end of each section. A committed copy is compared with it by a test, so no
/// transition changes unseen.
pub fn transition_table() -> String {
    let mut out = String::new();
    for party in Party::ALL {
        let mut illegal = 0;
        out.push_str(party.name());
        out.push('\n');
        for event in Event::ALL {
            for state in State::ALL {
                match transition(party, state, event) {
                    Some(line) => write_cell(&mut out, state, line),
                    None => illegal += 1,
                }
            }
        }
        // Writing to a String does not fail.
        let _ = writeln!(out, "  illegal: {illegal}\n");
    }
    out
}

fn write_cell(out: &mut String, state: State, line: &Transition) {
    let next = line.to.unwrap_or(state);
    let _ = write!(
        out,
        "  {:<14} {:<7} -> {:<7}",
        line.event.name(),
        state.name(),
        next.name()
    );
    let steps: Vec<_> = line.steps.iter().map(|step| step.name()).collect();
    if !steps.is_empty() {
        let _ = write!(out, " [{}]", steps.join(" "));
    }
    if let Some(announcement) = line.announces {
        let _ = write!(out, " \"{}\"", announcement.pattern());
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

/// Returns the states and the transitions between them as a Mermaid state diagram.
pub fn status_diagram() -> String {
    let mut out =
        String::from("stateDiagram-v2\n    [*] --> connect\n    [*] --> open: accepted\n");
    for from in State::ALL {
        for to in State::ALL {
            let mut events: Vec<_> = transitions()
                .iter()
                .filter(|line| line.to == Some(to) && line.from.contains(&from))
                .map(|line| line.event.name())
                .collect();
            events.dedup();
            if !events.is_empty() {
                let _ = writeln!(
                    out,
                    "    {} --> {}: {}",
                    from.name(),
                    to.name(),
                    events.join(", ")
                );
            }
        }
    }
    out.push_str("    closed --> [*]\n");
    out
}
