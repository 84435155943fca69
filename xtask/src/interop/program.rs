//! One program of a session: started, spoken to, listened to, and ended by its own number.

use std::io::Write;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::bytes::Bytes;
use super::record::{Output, Record};
use crate::step;

/// How long anything but many bytes may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How long many bytes may take; `gnutls-cli` writes them one by one.
pub(crate) const LONG_PATIENCE: Duration = Duration::from_secs(240);

/// A program that runs, until this is dropped.
pub(crate) struct Program {
    name: String,
    child: Child,
    /// To the thread that writes standard input, which ends when this does.
    input: Option<Sender<Input>>,
    record: Arc<Record>,
}

/// What is written to standard input.
enum Input {
    Text(String),
    Bytes(Bytes),
}

impl Program {
    /// Starts `command` with pipes at all three ends.
    pub(crate) fn start(mut command: Command) -> Result<Self, String> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let line = step::show(&command);
        let name = line.split(' ').next().unwrap_or_default().to_owned();
        let mut child = command
            .spawn()
            .map_err(|error| format!("`{line}` did not start: {error}"))?;
        let record = Arc::new(Record::default());
        if let Some(plain) = child.stdout.take() {
            let record = Arc::clone(&record);
            thread::spawn(move || record.follow(Output::Plain, plain));
        }
        if let Some(error) = child.stderr.take() {
            let record = Arc::clone(&record);
            thread::spawn(move || record.follow(Output::Error, error));
        }
        let (input, inputs) = channel();
        if let Some(stdin) = child.stdin.take() {
            thread::spawn(move || write(stdin, &inputs));
        }
        Ok(Self {
            name,
            child,
            input: Some(input),
            record,
        })
    }

    /// Returns what the program has said, which outlives it.
    pub(crate) fn record(&self) -> Arc<Record> {
        Arc::clone(&self.record)
    }

    /// Writes `text` to its standard input.
    pub(crate) fn say(&self, text: &str) {
        self.give(Input::Text(text.to_owned()));
    }

    /// Writes many bytes to its standard input, while other things happen.
    pub(crate) fn feed(&self, bytes: &Bytes) {
        self.give(Input::Bytes(bytes.clone()));
    }

    /// Ends its standard input, behind everything that was written there.
    pub(crate) fn end_input(&mut self) {
        self.input = None;
    }

    /// Waits until the program has said `words`.
    pub(crate) fn says(&self, words: &str) -> Result<(), String> {
        self.told(self.record.wait_for_words(words, PATIENCE))
    }

    /// Waits until the program has said `words`, and returns the rest of their line.
    pub(crate) fn after(&self, words: &str) -> Result<String, String> {
        self.told(self.record.after(words, PATIENCE))
    }

    /// Has what comes next on its standard output compared with `bytes`.
    pub(crate) fn expect(&self, bytes: &Bytes) {
        self.record.expect(bytes);
    }

    /// Waits until the expected bytes have come.
    pub(crate) fn has_sent(&self) -> Result<(), String> {
        self.told(self.record.wait_for_bytes(LONG_PATIENCE))
    }

    /// Waits until the program ends by itself.
    pub(crate) fn ends(&mut self) -> Result<ExitStatus, String> {
        self.told(self.record.wait_for_end(PATIENCE))?;
        // Both outputs have ended, which these programs do by ending.
        let status = self.child.wait();
        status.map_err(|error| format!("`{}` is lost: {error}", self.name))
    }

    /// A program that takes no input any more is noticed by who waits for what it should say.
    fn give(&self, input: Input) {
        if let Some(sender) = &self.input {
            let _ = sender.send(input);
        }
    }

    fn told<T>(&self, outcome: Result<T, String>) -> Result<T, String> {
        outcome.map_err(|message| format!("`{}` {message}", self.name))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended is past killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes until there will be no more, or the program takes no more.
fn write(mut stdin: ChildStdin, inputs: &Receiver<Input>) {
    for input in inputs {
        let written = match input {
            Input::Text(text) => stdin.write_all(text.as_bytes()),
            Input::Bytes(bytes) => bytes.write(&mut stdin),
        };
        if written.is_err() {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_spoken_to_and_ends() {
        let mut program = Program::start(Command::new("cat")).unwrap();
        program.say("hello\n");
        assert_eq!(program.says("hello"), Ok(()));
        let bytes = Bytes::new(1, 40);
        program.expect(&bytes);
        program.feed(&bytes);
        program.end_input();
        assert_eq!(program.has_sent(), Ok(()));
        assert!(program.ends().unwrap().success());
        let ended = program.says("more").unwrap_err();
        assert_eq!(ended, "`cat` ended without saying \"more\"");
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let program = Program::start(Command::new("cat")).unwrap();
        let record = program.record();
        drop(program);
        assert_eq!(record.wait_for_end(PATIENCE), Ok(()));
    }
}
