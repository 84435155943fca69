//! One end in the network in memory: a listener, a connection's end, or a datagram socket.

use std::collections::VecDeque;
use std::task::Waker;
use std::time::Duration;

use netproc_address::{Address, Kind, NetworkOption, OptionName};

use super::link::Link;
use crate::error::OsError;

/// What an endpoint is known by; never used twice.
pub(super) type Id = u64;

/// Bytes that travel together.
pub(super) struct Message {
    pub(super) bytes: VecDeque<u8>,
    pub(super) from: Option<Address>,
}

/// How far an endpoint has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// A datagram socket, or one whose connect failed.
    Open,
    /// Waiting for the answer of a listener.
    Connecting,
    /// Waiting for clients.
    Listening,
    /// Joined to a peer, which may be gone by now.
    Connected,
}

/// One end.
pub(super) struct Endpoint {
    pub(super) kind: Kind,
    pub(super) phase: Phase,
    pub(super) local: Address,
    pub(super) remote: Option<Address>,
    /// The address that was connected to; faults and links go by it.
    pub(super) route: Option<Address>,
    pub(super) link: Link,
    pub(super) peer: Option<Id>,
    pub(super) options: Vec<NetworkOption>,
    /// Clients not accepted yet, and how many of them there may be.
    pub(super) queue: VecDeque<Id>,
    pub(super) backlog: usize,
    pub(super) accept_failures: VecDeque<OsError>,
    pub(super) inbox: VecDeque<Message>,
    /// Bytes on their way to this end or in its inbox.
    pub(super) pending: usize,
    /// When the latest thing sent to this end arrives.
    pub(super) latest_arrival: Duration,
    /// Bytes that have arrived in all.
    pub(super) arrived: usize,
    pub(super) ended: bool,
    pub(super) write_ended: bool,
    pub(super) broken: bool,
    pub(super) error: Option<OsError>,
    pub(super) readers: Vec<Waker>,
    pub(super) writers: Vec<Waker>,
}

impl Endpoint {
    pub(super) fn new(kind: Kind, phase: Phase, local: Address, link: Link) -> Endpoint {
        Endpoint {
            kind,
            phase,
            local,
            remote: None,
            route: None,
            link,
            peer: None,
            options: Vec::new(),
            queue: VecDeque::new(),
            backlog: 0,
            accept_failures: VecDeque::new(),
            inbox: VecDeque::new(),
            pending: 0,
            latest_arrival: Duration::ZERO,
            arrived: 0,
            ended: false,
            write_ended: false,
            broken: false,
            error: None,
            readers: Vec::new(),
            writers: Vec::new(),
        }
    }

    /// A connecting end learns that it is connected.
    pub(super) fn admit(&mut self) {
        if self.phase == Phase::Connecting {
            self.phase = Phase::Connected;
        }
    }

    /// A connecting end learns that it is not connected.
    pub(super) fn refuse(&mut self, error: OsError) {
        if self.phase == Phase::Connecting {
            self.phase = Phase::Open;
            self.error = Some(error);
        }
    }

    /// The connection broke.
    pub(super) fn break_off(&mut self) {
        self.inbox.clear();
        self.pending = 0;
        self.error = Some(OsError::from_code(libc::ECONNRESET));
        self.ended = true;
        self.broken = true;
    }

    pub(super) fn is_readable(&self) -> bool {
        match self.phase {
            Phase::Listening => !self.queue.is_empty(),
            Phase::Connecting => false,
            Phase::Open | Phase::Connected => {
                !self.inbox.is_empty() || self.ended || self.error.is_some()
            }
        }
    }

    pub(super) fn wake_readers(&mut self, woken: &mut Vec<Waker>) {
        woken.append(&mut self.readers);
    }

    pub(super) fn wake_all(&mut self, woken: &mut Vec<Waker>) {
        woken.append(&mut self.readers);
        woken.append(&mut self.writers);
    }

    pub(super) fn set_option(&mut self, option: &NetworkOption) {
        self.options.retain(|known| known.name() != option.name());
        self.options.push(option.clone());
    }

    pub(super) fn option(&self, name: OptionName) -> Option<NetworkOption> {
        let set = self.options.iter().find(|known| known.name() == name);
        set.cloned().or_else(|| {
            Some(match name {
                OptionName::BindToDevice => NetworkOption::BindToDevice(None),
                OptionName::Broadcast => NetworkOption::Broadcast(false),
                OptionName::DontRoute => NetworkOption::DontRoute(false),
                OptionName::KeepAlive => NetworkOption::KeepAlive(false),
                OptionName::Linger => NetworkOption::Linger(None),
                OptionName::OobInline => NetworkOption::OobInline(false),
                OptionName::Priority => NetworkOption::Priority(0),
                OptionName::ReuseAddress => NetworkOption::ReuseAddress(false),
                OptionName::NoDelay => NetworkOption::NoDelay(false),
                _ => return None,
            })
        })
    }

    /// Tells whether closing this end is to break the connection.
    pub(super) fn closes_hard(&self) -> bool {
        !self.inbox.is_empty() || self.options.contains(&NetworkOption::Linger(Some(0)))
    }
}

/// Keeps a waker once.
pub(super) fn register(wakers: &mut Vec<Waker>, waker: &Waker) {
    if !wakers.iter().any(|known| known.will_wake(waker)) {
        wakers.push(waker.clone());
    }
}
