//! Who does the work: process objects, and what they are measured beside.

use std::process::Command;

/// One of those that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// Process objects of `netproc-network`, or the crates below it.
    Netproc,
    /// One loop round bare epoll: the least that any server of many connections can do.
    Epoll,
    /// The same, told once of what comes, which is how ours waits.
    EpollEdge,
    /// One blocking socket and nothing to wait for.
    Blocking,
    /// Tasks on tokio, and on tokio-rustls where there is TLS.
    Tokio,
    /// Tasks on `async-io` and `async-executor`, the crates that smol consists of.
    AsyncIo,
    /// The event loop of message-io.
    MessageIo,
    /// `net` of Node.
    Node,
    /// `asyncio` of Python.
    Python,
    /// Emacs as its distributor ships it.
    Emacs,
    /// The decoders of `encoding_rs`.
    EncodingRs,
    /// The standard library.
    Std,
}

impl Subject {
    /// Every subject there is.
    pub const ALL: [Subject; 12] = [
        Subject::Netproc,
        Subject::Epoll,
        Subject::EpollEdge,
        Subject::Blocking,
        Subject::Tokio,
        Subject::AsyncIo,
        Subject::MessageIo,
        Subject::Node,
        Subject::Python,
        Subject::Emacs,
        Subject::EncodingRs,
        Subject::Std,
    ];

    /// Returns the word for it on a command line and in a table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Subject::Netproc => "netproc",
            Subject::Epoll => "epoll",
            Subject::EpollEdge => "epoll-edge",
            Subject::Blocking => "blocking",
            Subject::Tokio => "tokio",
            Subject::AsyncIo => "async-io",
            Subject::MessageIo => "message-io",
            Subject::Node => "node",
            Subject::Python => "python",
            Subject::Emacs => "emacs",
            Subject::EncodingRs => "encoding_rs",
            Subject::Std => "std",
        }
    }

    /// Returns the subject of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }

    /// Returns the program that it needs, if it is not built with these benchmarks.
    #[must_use]
    pub fn program(self) -> Option<&'static str> {
        match self {
            Subject::Node => Some("node"),
            Subject::Python => Some("python3"),
            Subject::Emacs => Some("emacs"),
            _ => None,
        }
    }

    /// Says whether it can be measured here: its program, if it needs one, is in the path.
    #[must_use]
    pub fn is_present(self) -> bool {
        self.program().is_none_or(|_| self.version().is_some())
    }

    /// Returns what its program says of its version; none where there is no program, or it is not
    /// there.
    #[must_use]
    pub fn version(self) -> Option<String> {
        let output = Command::new(self.program()?)
            .arg("--version")
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.lines().next()?.trim().to_owned())
    }
}
