//! Builds the benchmarks with the profile of a release, and runs them.

use std::process::Command;

use crate::step::{cargo, succeed};
use crate::{Outcome, root};

/// Holds process objects against their peers; arguments go to the program that measures.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    // What measures, and the command that is measured; both as they are released.
    succeed(cargo(&[
        "build",
        "--release",
        "--package",
        "netproc-benches",
        "--bins",
        "--package",
        "netproc-cli",
    ]))?;
    let mut command = Command::new(root().join("target/release/bench"));
    command.args(arguments).current_dir(root());
    succeed(command)
}
