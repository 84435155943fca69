//! What a process says about itself: its status and its exit status.

use std::fmt;

use netproc_lisp::Value;

/// What `process-status` shows (Emacs manual, Process Information).
///
/// It is derived, never stored: a closed process is `closed` whatever else holds, a stopped one is
/// `stop` before anything else, and otherwise the connection decides.
///
/// | status | `process-live-p` | `process-exit-status` |
/// |---|---|---|
/// | `open` | `(open listen connect stop)` | 0 |
/// | `listen` | `(listen connect stop)` | 0 |
/// | `connect` | `(connect stop)` | 0 |
/// | `stop` | `(stop)` | as underneath |
/// | `failed` | nil | the error number, or a text |
/// | `closed` | nil | 256 when the peer closed, 0 when deleted |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "Emacs has these six for network processes"
)]
pub enum Status {
    /// Data can be exchanged. Inside Emacs this is called `run`.
    Open,
    /// A server waits for connections.
    Listen,
    /// The connection, or the socket of a server, is being made.
    Connect,
    /// Stopped by `stop-process`.
    Stop,
    /// The connection could not be made.
    Failed,
    /// The peer closed it, or it was deleted.
    Closed,
}

impl Status {
    /// Every status, in the order of the table above.
    pub const ALL: [Status; 6] = [
        Status::Open,
        Status::Listen,
        Status::Connect,
        Status::Stop,
        Status::Failed,
        Status::Closed,
    ];

    /// Returns the name of the symbol that `process-status` returns.
    #[doc(alias = "process-status")]
    pub const fn name(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Listen => "listen",
            Status::Connect => "connect",
            Status::Stop => "stop",
            Status::Failed => "failed",
            Status::Closed => "closed",
        }
    }

    /// Returns the name by which Emacs stores the status inside: `run` for an open process.
    pub const fn internal_name(self) -> &'static str {
        match self {
            Status::Open => "run",
            other => other.name(),
        }
    }

    /// Returns what `process-live-p` returns: this status and the live ones after it, or nothing.
    #[doc(alias = "process-live-p")]
    pub const fn live(self) -> &'static [Status] {
        const LIVE: &[Status] = &[Status::Open, Status::Listen, Status::Connect, Status::Stop];
        match self {
            Status::Open => LIVE,
            Status::Listen => LIVE.split_at(1).1,
            Status::Connect => LIVE.split_at(2).1,
            Status::Stop => LIVE.split_at(3).1,
            Status::Failed | Status::Closed => &[],
        }
    }

    /// Tells whether the process can still do something.
    pub const fn is_live(self) -> bool {
        !self.live().is_empty()
    }

    /// Returns the symbol that `process-status` returns.
    pub fn to_value(self) -> Value {
        Value::symbol(self.name())
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// What `process-exit-status` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "Emacs shows numbers and texts, nothing else here"
)]
#[doc(alias = "process-exit-status")]
pub enum ExitStatus {
    /// 0 while alive and after deletion, 256 when the peer closed, else the error number.
    Code(i32),
    /// Why no connection could be made, when the system gave no number.
    Text(String),
}

impl ExitStatus {
    /// Returns the integer or string that `process-exit-status` returns.
    pub fn to_value(&self) -> Value {
        match self {
            ExitStatus::Code(code) => Value::from(i64::from(*code)),
            ExitStatus::Text(text) => Value::from(text.as_str()),
        }
    }
}

impl fmt::Display for ExitStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitStatus::Code(code) => write!(formatter, "{code}"),
            ExitStatus::Text(text) => formatter.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Probe 06-status, the `:live` fields.
    #[test]
    fn live_lists_are_tails_of_one_list() {
        let names = |status: Status| {
            status
                .live()
                .iter()
                .map(|status| status.name())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names(Status::Open), "open listen connect stop");
        assert_eq!(names(Status::Listen), "listen connect stop");
        assert_eq!(names(Status::Connect), "connect stop");
        assert_eq!(names(Status::Stop), "stop");
        assert_eq!(names(Status::Failed), "");
        assert_eq!(names(Status::Closed), "");
    }
}
