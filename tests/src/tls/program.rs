//! Programs of others as peers: found, started, stopped.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::{fmt, fs};

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
pub struct Program {
    child: Child,
    output: BufReader<Box<dyn Read + Send>>,
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
            output: BufReader::new(Box::new(output)),
        }
    }

    /// Starts a command that says what it has to say where errors go.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start_on_errors(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.stdout(Stdio::null()).spawn().expect("a program");
        let output = child.stderr.take().expect("its words");
        Self {
            child,
            output: BufReader::new(Box::new(output)),
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

impl Program {
    /// Returns the port of IPv4 that it listens on, as the kernel has it: for programs that do not
    /// tell.
    ///
    /// # Panics
    ///
    /// When it listens on none.
    pub fn listening_port(&self) -> u16 {
        let folder = format!("/proc/{}/fd", self.child.id());
        let files = fs::read_dir(folder).expect("its descriptors");
        let own: Vec<String> = files
            .filter_map(|entry| {
                let link = fs::read_link(entry.ok()?.path()).ok()?;
                let number = link.to_str()?.strip_prefix("socket:[")?;
                Some(number.trim_end_matches(']').to_owned())
            })
            .collect();
        let table = fs::read_to_string("/proc/net/tcp").expect("the table of sockets");
        let port = table.lines().skip(1).find_map(|line| {
            // Place, own address, that of the peer, state; the tenth is the number.
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (_, port) = fields.get(1)?.split_once(':')?;
            let listens = fields.get(3) == Some(&"0A");
            let number = fields.get(9)?;
            let is_own = listens && own.iter().any(|own| own == number);
            is_own.then(|| u16::from_str_radix(port, 16).ok())?
        });
        port.expect("a port that it listens on")
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Program({})", self.child.id())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
