//! A network whose callbacks are recorded, and waits that drive it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use netproc::network::{Error, Network, NetworkBuilder, Process};
use tempfile::TempDir;

use crate::PATIENCE;
use crate::transcript::Transcript;

/// How long a wait lets the network run before it looks at its condition again.
const TICK: Duration = Duration::from_millis(5);

/// How many looks at the network show that nothing happens.
const QUIET_LOOKS: usize = 6;

/// A network that knows the functions `record` (see [`Transcript`]) and `echo`.
#[derive(Debug)]
pub struct World {
    /// The network.
    pub network: Network,
    /// What its functions called `record` were called with.
    pub transcript: Transcript,
    /// What was reported to its fault function.
    pub faults: Transcript,
    directory: TempDir,
}

impl Default for World {
    fn default() -> Self {
        World::new()
    }
}

impl World {
    /// Makes a network on the system's sockets.
    pub fn new() -> Self {
        World::with(|builder| builder)
    }

    /// Makes a network with other settings.
    ///
    /// # Panics
    ///
    /// When there can be no temporary directory.
    pub fn with(settings: impl FnOnce(NetworkBuilder) -> NetworkBuilder) -> Self {
        let faults = Transcript::default();
        let report = faults.clone();
        let builder = Network::builder().on_fault(move |fault| report.add(fault.to_string()));
        let network = settings(builder).build();
        let transcript = Transcript::default();
        transcript.define(&network);
        network.define_filter("echo", |process: &Process, text| process.send(text));
        World {
            network,
            transcript,
            faults,
            directory: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    /// Makes a process of a keyword list.
    ///
    /// # Panics
    ///
    /// When that fails.
    #[track_caller]
    pub fn open(&self, list: &str) -> Process {
        match self.network.read_open(list) {
            Ok(process) => process,
            Err(error) => panic!("{list}: {error}"),
        }
    }

    /// Makes a process of a keyword list that has to fail.
    ///
    /// # Panics
    ///
    /// When it does not.
    #[track_caller]
    pub fn refuse(&self, list: &str) -> Error {
        match self.network.read_open(list) {
            Ok(process) => panic!("{list} made {process:?}"),
            Err(error) => error,
        }
    }

    /// Makes a process of a list that has to fail, and returns the condition Emacs signals.
    ///
    /// # Panics
    ///
    /// When it does not fail.
    #[track_caller]
    pub fn condition(&self, list: &str) -> String {
        self.refuse(list).condition().to_string()
    }

    /// Returns a path that is not taken, in a directory of this world.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Returns a path as Lisp text, in quotes.
    pub fn quoted(path: &Path) -> String {
        format!("\"{}\"", path.display())
    }

    /// Drives the network until the condition holds.
    ///
    /// # Panics
    ///
    /// When that takes longer than [`PATIENCE`].
    #[track_caller]
    pub fn until(&self, what: &str, mut condition: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !condition() {
            assert!(
                Instant::now() < deadline,
                "in vain waited for {what}; so far: {:#?}, faults: {:#?}",
                self.transcript.lines(),
                self.faults.lines()
            );
            self.network
                .accept_output(None, TICK)
                .expect("a wait outside of callbacks");
        }
    }

    /// Drives the network until the transcript has this line.
    #[track_caller]
    pub fn until_line(&self, line: &str) {
        self.until(line, || self.transcript.has(line));
    }

    /// Drives the network until the transcript has so many lines, and returns them.
    #[track_caller]
    pub fn until_lines(&self, count: usize) -> Vec<String> {
        self.until(&format!("{count} lines"), || {
            self.transcript.lines().len() >= count
        });
        self.transcript.lines()
    }

    /// Drives the network until a server has accepted its first connection that is still there.
    ///
    /// # Panics
    ///
    /// When that takes longer than [`PATIENCE`].
    #[track_caller]
    pub fn accepted(&self, server: &Process) -> Process {
        let beginning = format!("{} <", server.name());
        let find = || {
            let mut processes = self.network.processes().into_iter();
            processes.find(|process| process.name().starts_with(&beginning))
        };
        self.until("an accepted connection", || find().is_some());
        find().expect("the connection just seen")
    }

    /// Lets the network do what it has to do, for tests that something does not happen.
    ///
    /// # Panics
    ///
    /// Inside of a callback.
    pub fn look(&self) {
        for _ in 0..QUIET_LOOKS {
            self.network
                .accept_output(None, TICK)
                .expect("a wait outside of callbacks");
        }
    }
}
