//! What a workload is: a row of the table.

use super::Goal;
use crate::affinity::Cores;
use crate::jobs::Job;
use crate::service::Service;
use crate::subject::Subject;

/// Work that subjects are measured at.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "a value in a table")]
pub struct Workload {
    /// The word for it on a command line.
    pub name: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// What is counted.
    pub unit: Unit,
    /// What is done.
    pub task: Task,
    /// Where client and server stand.
    pub cores: Cores,
    /// Who does it, ours first.
    pub subjects: &'static [Subject],
    /// What ours is to reach.
    pub goals: &'static [Goal],
    /// Whether it belongs to a quick run.
    pub quick: bool,
    /// Whether its turns take so long that five rounds are enough.
    pub long: bool,
}

impl Workload {
    /// Returns how many descriptors the client needs, which has all subjects connected at once.
    #[must_use]
    pub fn descriptors(&self) -> usize {
        const SPARE: usize = 100;
        let connections = match self.task {
            Task::Echo { connections, .. } | Task::Exchange { connections, .. } => {
                connections * self.subjects.len()
            }
            Task::Idle(connections) => connections + SPARE,
            _ => 0,
        };
        connections + SPARE
    }
}

/// What is done.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a value in a table")]
pub enum Task {
    /// Each connection has one message under way.
    Echo {
        /// What is asked of the server.
        service: Service,
        /// How long a message is.
        bytes: usize,
        /// How many connections there are.
        connections: usize,
    },
    /// A message to each connection, then the echo of each; for long messages, and for TLS.
    Exchange {
        /// What is asked of the server.
        service: Service,
        /// How long a message is.
        bytes: usize,
        /// How many connections there are.
        connections: usize,
    },
    /// A TCP stream to the server.
    OneWay,
    /// UDP datagrams to the server.
    Flood,
    /// Connections that the server closes.
    Arrivals,
    /// Full TLS handshakes, so many at a time.
    Handshakes(usize),
    /// So many idle connections, to a new server each turn.
    Idle(usize),
    /// Text into a buffer by the default filter.
    Insert,
    /// Work in a process of its own.
    Work(Job),
    /// Connections that are made and closed by whom is measured.
    Connect,
    /// The command `netproc` to its first byte.
    Start,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a value in a table")]
pub enum Unit {
    /// Messages and their answers.
    Requests,
    /// Datagrams in one direction.
    Datagrams,
    /// Bytes.
    Bytes,
    /// Connections.
    Connections,
    /// TLS handshakes.
    Handshakes,
    /// Process objects.
    Processes,
    /// Keyword lists.
    Lists,
    /// Addresses.
    Addresses,
    /// Starts of a program.
    Starts,
}

impl Unit {
    /// Returns the word for one of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Unit::Requests => "request",
            Unit::Datagrams => "datagram",
            Unit::Bytes => "byte",
            Unit::Connections => "connection",
            Unit::Handshakes => "handshake",
            Unit::Processes => "process",
            Unit::Lists => "list",
            Unit::Addresses => "address",
            Unit::Starts => "start",
        }
    }

    /// Returns a rate for people: so many of it in a second.
    #[must_use]
    pub fn rate(self, per_second: f64) -> String {
        const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
        match self {
            Unit::Bytes if per_second >= GIB => format!("{:.2} GiB/s", per_second / GIB),
            Unit::Bytes => format!("{:.0} MiB/s", per_second / GIB * 1024.0),
            _ if per_second >= 1e7 => format!("{:.1} M/s", per_second / 1e6),
            _ if per_second >= 1e4 => format!("{:.0} k/s", per_second / 1e3),
            _ => format!("{per_second:.0} /s"),
        }
    }
}
