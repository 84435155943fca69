//! Connecting: one address without waiting, or several in a race.

pub(crate) mod attempt;
pub(crate) mod order;
mod race;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use netproc_address::{Address, NetworkOption};

pub use attempt::Connecting;
pub(crate) use race::race;

use crate::error::OpenError;
use crate::socket::Socket;

/// How to connect. More fields may come: make one with `..ConnectOptions::default()`.
///
/// # Examples
///
/// ```
/// use netproc_socket::ConnectOptions;
///
/// let emacs = ConnectOptions { attempt_delay: None, ..ConnectOptions::default() };
/// assert_eq!(ConnectOptions::default().attempt_delay.unwrap().as_millis(), 250);
/// # let _ = emacs;
/// ```
#[derive(Clone)]
pub struct ConnectOptions {
    /// Options set on every socket before it connects, in this order. None by default.
    pub options: Vec<NetworkOption>,
    /// How long one attempt runs alone before the next address is tried beside it: the Connection
    /// Attempt Delay of RFC 8305, 250 ms by default. `None` tries one address after the other, in
    /// the order given, as Emacs does.
    pub attempt_delay: Option<Duration>,
    /// How many addresses of the first one's family are tried before families alternate: the First
    /// Address Family Count of RFC 8305, 1 by default.
    pub first_family_count: usize,
    /// Told of every attempt, on the thread that polls. None by default.
    pub on_attempt: Option<AttemptObserver>,
}

/// What [`ConnectOptions::on_attempt`] calls.
pub type AttemptObserver = Arc<dyn Fn(Attempt<'_>) + Send + Sync>;

/// What happened in a race.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Attempt<'a> {
    /// This address is being tried from now on.
    Started(&'a Address),
    /// This attempt failed; others may go on.
    Failed(&'a OpenError),
}

impl ConnectOptions {
    /// Returns the defaults with these socket options.
    pub fn new(options: Vec<NetworkOption>) -> ConnectOptions {
        ConnectOptions {
            options,
            ..ConnectOptions::default()
        }
    }

    pub(crate) fn tell(&self, attempt: Attempt<'_>) {
        if let Some(observer) = &self.on_attempt {
            observer(attempt);
        }
    }
}

impl Default for ConnectOptions {
    fn default() -> ConnectOptions {
        ConnectOptions {
            options: Vec::new(),
            attempt_delay: Some(Duration::from_millis(250)),
            first_family_count: 1,
            on_attempt: None,
        }
    }
}

impl fmt::Debug for ConnectOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ConnectOptions")
            .field("options", &self.options)
            .field("attempt_delay", &self.attempt_delay)
            .field("first_family_count", &self.first_family_count)
            .finish_non_exhaustive()
    }
}

/// A connection made by [`Backend::connect`](crate::Backend::connect).
#[derive(Debug)]
pub struct Connected {
    /// The connected socket.
    pub socket: Socket,
    /// Its own address.
    pub local: Address,
    /// The peer's address: the candidate that won.
    pub remote: Address,
}

/// How far one call of `connect(2)` got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Connected.
    Done,
    /// Under way; the socket becomes writable when it is settled.
    Waiting,
    /// The listener's queue is full and nothing will tell when it is not: ask again later.
    Full,
}
