//! What came out: for the terminal, for programs, for the documents.

use std::process::Command;

use crate::affinity::Machine;
use crate::contest::{Growth, Outcome};

pub mod json;
pub mod markdown;
pub mod plot;
pub mod text;

/// All that one run measured.
#[derive(Debug, Default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "filled by the program that measures"
)]
pub struct Results {
    /// The workloads, in the order of the table.
    pub outcomes: Vec<Outcome>,
    /// Where and with what it was measured.
    pub circumstances: Vec<(&'static str, String)>,
    /// How it grows with the connections.
    pub growth: Growth,
    /// How long the run took, in seconds.
    pub seconds: f64,
}

/// Returns where and with what it is measured, each a name and a value.
#[must_use]
pub fn circumstances(machine: &Machine) -> Vec<(&'static str, String)> {
    let file = |path| std::fs::read_to_string(path).unwrap_or_default();
    let processor = file("/proc/cpuinfo")
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or_else(String::new, |rest| {
            rest.trim_matches([' ', '\t', ':']).to_owned()
        });
    let mut all = vec![
        ("processor", processor),
        ("cores", machine.count().to_string()),
        (
            "kernel",
            file("/proc/sys/kernel/osrelease").trim().to_owned(),
        ),
        ("compiler", version("rustc")),
    ];
    for subject in crate::subject::Subject::ALL {
        if let Some(program) = subject.program() {
            all.push((
                program,
                subject.version().unwrap_or_else(|| "absent".into()),
            ));
        }
    }
    all
}

fn version(program: &str) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_else(|_| "unknown".into())
}
