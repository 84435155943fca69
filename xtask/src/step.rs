//! Programs run by name and time: the steps that `ci` is made of.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::{Outcome, root};

/// Returns a cargo command that starts at the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs `command` to its end; anything but success is an error that shows the command.
pub(crate) fn succeed(mut command: Command) -> Outcome {
    let shown = show(&command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` did not start: {error}")),
    }
}

/// Returns the command as one would type it in a shell, the program without its folder.
pub(crate) fn show(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| quoted(&word.to_string_lossy()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a word in quotes where a shell would make something else of it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=+,@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Runs named steps in turn and keeps the time of each.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// Runs one step; an error names the step.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Outcome) -> Outcome {
        println!("==> {name}");
        let start = Instant::now();
        let outcome = step();
        let spent = start.elapsed();
        let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("<== {name}: {verdict} in {:.1} s", spent.as_secs_f64());
        self.done.push((name.to_owned(), spent));
        outcome.map_err(|message| format!("step `{name}` failed: {message}"))
    }

    /// Prints every step that ran with its time, and the sum.
    pub(crate) fn summary(&self) {
        println!();
        for (name, spent) in &self.done {
            println!("{:>8.1} s  {name}", spent.as_secs_f64());
        }
        let total: Duration = self.done.iter().map(|(_, spent)| *spent).sum();
        println!("{:>8.1} s  in all", total.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_and_timed() {
        let mut steps = Steps::default();
        let outcome = steps.run("arithmetic", || Err("two is not three".to_owned()));
        assert_eq!(
            outcome,
            Err("step `arithmetic` failed: two is not three".to_owned())
        );
        assert_eq!(steps.done.len(), 1);
    }

    #[test]
    fn a_command_is_shown_as_a_shell_would_take_it() {
        let mut command = Command::new("/usr/bin/printf");
        command.args(["%s\\n", "a b", "it's", "", "x=1"]);
        assert_eq!(show(&command), r"printf '%s\n' 'a b' 'it'\''s' '' x=1");
    }

    #[test]
    fn a_program_that_fails_is_an_error_that_shows_its_command() {
        let message = succeed(cargo(&["no-such-verb-of-cargo"])).unwrap_err();
        assert!(message.contains("cargo no-such-verb-of-cargo"), "{message}");
    }
}
