//! Programs of others as peers: found, started, stopped.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};

/// Tells whether a program is there; where it is not, says so.
///
/// # Panics
///
/// When it is missing and nothing may be skipped, as with `CI=true`.
pub fn has_program(name: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()));
    if !found {
        let must = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(!must, "{name} is missing, and nothing may be skipped");
        eprintln!("{name} is missing; it is not tested");
    }
    found
}

/// A program that runs until this is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Program {
    /// Starts a command with pipes to it; what it says as errors goes where it goes to.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().expect("a program");
        let output = child.stdout.take().expect("its output");
        Self {
            child,
            output: BufReader::new(output),
        }
    }

    /// Returns what it reads from.
    ///
    /// # Panics
    ///
    /// The second time.
    pub fn input(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("its input")
    }

    /// Reads its output up to a line that holds this, and returns that line.
    ///
    /// # Panics
    ///
    /// When it ends before.
    pub fn line_with(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            let count = self.output.read_line(&mut line).expect("its output");
            assert!(count > 0, "the program ended before it said {text:?}");
            if line.contains(text) {
                return line;
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
