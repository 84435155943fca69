//! The command as it is released, tried the way the README first shows it.

use std::process::Command;

use crate::step::{show, succeed};
use crate::{Outcome, root};

/// Runs the released command.
pub(crate) fn run() -> Outcome {
    let program = root().join("target/release/netproc");
    let mut command = Command::new(program);
    command.arg("--help");
    println!("{}", show(&command));
    succeed(command)
}
