//! The command as a child that cannot outlive its test, and peers for it.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// How long anything may take before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What a command that has ended left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Finished {
    /// Returns what was written to standard output, which must be text.
    pub(crate) fn output(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("text on standard output")
    }
}

/// Makes the command with these arguments.
pub(crate) fn command<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netproc"));
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the command to its end.
pub(crate) fn run<S: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = S>,
    input: impl Into<Vec<u8>>,
) -> Finished {
    finish(command(arguments), input)
}

/// Runs a line of words to its end, without input.
#[track_caller]
pub(crate) fn run_line(line: &str) -> Finished {
    run(line.split_whitespace(), "")
}

/// Runs a command that was made elsewhere to its end.
pub(crate) fn finish(mut command: Command, input: impl Into<Vec<u8>>) -> Finished {
    let mut child = command.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.into();
    // A command that ends early does not read everything.
    thread::spawn(move || stdin.write_all(&input));
    let stdout = collect(child.stdout.take().expect("piped"));
    let stderr = collect(child.stderr.take().expect("piped"));
    let ends = stdout
        .recv_timeout(PATIENCE)
        .and_then(|stdout| Ok((stdout, stderr.recv_timeout(PATIENCE)?)));
    if ends.is_err() {
        let _ended_just_now = child.kill();
    }
    let status = child.wait().expect("the command ends");
    let (stdout, stderr) = ends.expect("the command ends in time");
    Finished {
        status: status.code(),
        stdout,
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Reads a stream to its end on a thread of its own.
fn collect(mut stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _as_far_as_it_goes = stream.read_to_end(&mut bytes);
        sender.send(bytes)
    });
    receiver
}

/// A server that runs until this is dropped, told with `--json`.
pub(crate) struct Server {
    child: Child,
    events: Receiver<Value>,
    /// Standard output, where events do not go there.
    pub(crate) output: Option<ChildStdout>,
}

impl Server {
    /// Starts a server whose events go to standard output.
    pub(crate) fn start<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        Self::of(Self::spawn(arguments))
    }

    /// Starts one with further flags.
    pub(crate) fn start_with<S: AsRef<OsStr>>(
        flags: &[&str],
        arguments: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut command = command(["--json"]);
        command.args(flags).args([":server", "t"]).args(arguments);
        Self::of(command.spawn().expect("the server starts"))
    }

    /// Starts one in a folder, with all of its words.
    pub(crate) fn start_in<S: AsRef<OsStr>>(
        folder: &Path,
        words: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut command = command(["--json"]);
        command.args(words).current_dir(folder);
        Self::of(command.spawn().expect("the server starts"))
    }

    fn of(mut child: Child) -> Self {
        let events = events_of(child.stdout.take().expect("piped"));
        let errors: ChildStderr = child.stderr.take().expect("piped");
        drop(collect(errors));
        Server {
            child,
            events,
            output: None,
        }
    }

    /// Starts a server that prints, so that its events go to standard error.
    pub(crate) fn start_printing<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        let mut child = Self::spawn(arguments);
        let events = events_of(child.stderr.take().expect("piped"));
        let output = child.stdout.take();
        Server {
            child,
            events,
            output,
        }
    }

    fn spawn<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Child {
        let mut command = command(["--json", ":server", "t"]);
        command.args(arguments).stdin(Stdio::null());
        command.spawn().expect("the server starts")
    }

    /// Waits for an event of that kind, passing over others.
    #[track_caller]
    pub(crate) fn event(&self, kind: &str) -> Value {
        loop {
            let event = self.events.recv_timeout(PATIENCE);
            let event = event.unwrap_or_else(|_| panic!("no event {kind} comes"));
            if event["event"] == kind {
                return event;
            }
        }
    }

    /// Waits until it listens, and returns its address.
    #[track_caller]
    pub(crate) fn address(&self) -> String {
        let listen = self.event("listen");
        listen["local"].as_str().expect("an address").to_owned()
    }

    /// Waits until it listens, and returns its port.
    #[track_caller]
    pub(crate) fn port(&self) -> String {
        let address = self.address();
        let (_, port) = address.rsplit_once(':').expect("an Internet address");
        port.to_owned()
    }

    /// Sends it a signal.
    pub(crate) fn send(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        kill(pid, signal).expect("the server runs");
    }

    /// Ends it by a signal and returns its exit status.
    pub(crate) fn end(mut self, signal: Signal) -> Option<i32> {
        self.send(signal);
        self.ended()
    }

    /// Waits until it has ended by itself, and returns its exit status.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        // The events end when the server has closed what it wrote them to.
        loop {
            match self.events.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not end"),
            }
        }
        self.child.wait().expect("the server ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// Reads events, each a line that must be an object.
fn events_of(stream: impl Read + Send + 'static) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { return };
            let event = serde_json::from_str(&line)
                .unwrap_or_else(|error| panic!("{line:?} is no JSON: {error}"));
            if sender.send(event).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Returns bytes without any pattern, the same in every run.
pub(crate) fn noise(count: usize) -> Vec<u8> {
    let mut generator = fastrand::Rng::with_seed(7);
    let mut bytes = vec![0; count];
    generator.fill(&mut bytes);
    bytes
}

/// Receives one message, however often a signal comes between.
#[track_caller]
pub(crate) fn receive(mut receive: impl FnMut(&mut [u8]) -> io::Result<usize>) -> Vec<u8> {
    let mut message = vec![0; 1024];
    loop {
        match receive(&mut message) {
            Ok(count) => {
                message.truncate(count);
                return message;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => panic!("no message comes: {error}"),
        }
    }
}
