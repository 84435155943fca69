//! What is asked of a server: how its bytes travel, and what it does with them.

use std::fmt;
use std::str::FromStr;

/// How the bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every server says for each whether it offers it"
)]
pub enum Transport {
    /// TCP on loopback.
    Tcp,
    /// TLS 1.3 over the same.
    Tls,
    /// UDP on loopback.
    Udp,
    /// A stream socket with a path.
    LocalStream,
    /// A datagram socket with a path.
    LocalDatagram,
    /// A socket of sequenced packets with a path.
    LocalSeqpacket,
}

impl Transport {
    /// Every transport there is.
    pub const ALL: [Transport; 6] = [
        Transport::Tcp,
        Transport::Tls,
        Transport::Udp,
        Transport::LocalStream,
        Transport::LocalDatagram,
        Transport::LocalSeqpacket,
    ];

    /// Returns the word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
            Transport::Udp => "udp",
            Transport::LocalStream => "local-stream",
            Transport::LocalDatagram => "local-datagram",
            Transport::LocalSeqpacket => "local-seqpacket",
        }
    }

    /// Says whether a server of it has a path, not a port.
    #[must_use]
    pub fn is_local(self) -> bool {
        matches!(
            self,
            Transport::LocalStream | Transport::LocalDatagram | Transport::LocalSeqpacket
        )
    }
}

/// What a server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every server says for each whether it offers it"
)]
pub enum Manner {
    /// Sends back what it receives.
    Echo,
    /// Counts what it receives: on a stream it sends a byte for each [`PORTION`], and it answers
    /// the datagram [`HOW_MANY`] with the count of all others.
    Count,
    /// Closes each connection that it accepts.
    Close,
}

/// How many bytes of a stream a server that counts takes for one byte of answer.
pub const PORTION: u64 = 64 * 1024 * 1024;

/// The datagram that asks how many others came; the answer has eight bytes, the highest first.
pub const HOW_MANY: &[u8] = b"?";

impl Manner {
    /// Every manner there is.
    pub const ALL: [Manner; 3] = [Manner::Echo, Manner::Count, Manner::Close];

    /// Returns the word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Manner::Echo => "echo",
            Manner::Count => "count",
            Manner::Close => "close",
        }
    }
}

/// All that is asked of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a value in a table")]
pub struct Service {
    /// How the bytes travel.
    pub transport: Transport,
    /// What it does with them.
    pub manner: Manner,
    /// How many threads may serve.
    pub threads: usize,
}

impl Service {
    /// Returns the service that one thread offers.
    #[must_use]
    pub const fn of(transport: Transport, manner: Manner) -> Self {
        Service {
            transport,
            manner,
            threads: 1,
        }
    }

    /// Returns an echo on one thread.
    #[must_use]
    pub const fn echo(transport: Transport) -> Self {
        Service::of(transport, Manner::Echo)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Service {
            transport,
            manner,
            threads,
        } = self;
        write!(
            formatter,
            "{}/{}/{threads}",
            transport.name(),
            manner.name()
        )
    }
}

impl FromStr for Service {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("there is no service {text}");
        let mut words = text.split('/');
        let mut word = || words.next().unwrap_or_default();
        let (transport, manner, threads) = (word(), word(), word());
        Ok(Service {
            transport: Transport::ALL
                .into_iter()
                .find(|one| one.name() == transport)
                .ok_or_else(unknown)?,
            manner: Manner::ALL
                .into_iter()
                .find(|one| one.name() == manner)
                .ok_or_else(unknown)?,
            threads: threads.parse().map_err(|_| unknown())?,
        })
    }
}
