//! The backend: where sockets come from.

use std::io;
use std::time::{Duration, Instant};

use netproc_address::{Address, Family, Kind, LocalName, NetworkOption};

use crate::activation::{self, PassedSocket};
use crate::connect::{self, ConnectOptions, Connected, Connecting};
use crate::error::{ConnectError, Hint, LookupError, OpenError};
use crate::memory::MemoryNetwork;
use crate::open::BindOptions;
use crate::resolve::{self, Query};
use crate::socket::Socket;
use crate::system;
use crate::timer::Timer;

/// Where names, sockets and time come from: the system, or a network in memory.
///
/// Cheap to clone; every layer above is written against this type alone, so that all of it can be
/// tested without the kernel.
#[derive(Clone, Debug)]
pub struct Backend {
    inner: Inner,
}

#[derive(Clone, Debug)]
enum Inner {
    System,
    Memory(MemoryNetwork),
}

impl Backend {
    /// Returns the system's own network.
    pub const fn system() -> Backend {
        Backend {
            inner: Inner::System,
        }
    }

    /// Returns a network that exists in memory only.
    pub fn memory(network: &MemoryNetwork) -> Backend {
        Backend {
            inner: Inner::Memory(network.clone()),
        }
    }

    /// Looks up the addresses of a host and service, in the resolver's order, duplicates kept.
    ///
    /// Numeric hosts with numeric services, and [`Host::Local`](netproc_address::Host::Local), are
    /// answered at once. For other names `getaddrinfo(3)` runs on a thread of the `blocking` pool,
    /// at most [`LOOKUP_LIMIT`](crate::LOOKUP_LIMIT) at a time; dropping the future abandons the
    /// lookup.
    ///
    /// # Errors
    ///
    /// What the resolver says, as a number and as text.
    pub async fn resolve(&self, query: &Query) -> Result<Vec<Address>, LookupError> {
        if let Some(answer) = resolve::without_lookup(query) {
            return answer;
        }
        match &self.inner {
            Inner::System => resolve::lookup(query).await,
            Inner::Memory(network) => network.lookup(query).await,
        }
    }

    /// Connects to the first of `candidates` that answers, all of them raced as RFC 8305 says.
    ///
    /// Families alternate, each attempt gets a start of
    /// [`attempt_delay`](ConnectOptions::attempt_delay) over the next or until it fails, and the
    /// losers are closed. There is no time limit but the kernel's: drop the future to give up.
    ///
    /// # Errors
    ///
    /// When no candidate answers: each attempt with its address, step and cause.
    pub async fn connect(
        &self,
        kind: Kind,
        candidates: Vec<Address>,
        options: &ConnectOptions,
    ) -> Result<Connected, ConnectError> {
        connect::race(self, kind, candidates, options).await
    }

    /// Makes a socket, sets `options`, and begins to connect it to `address`, without waiting.
    ///
    /// A local listener whose queue is full is asked again after a short while, growing from 1 to
    /// 64 ms, for as long as the future is polled.
    ///
    /// # Errors
    ///
    /// When it fails at once; later failures come out of the future.
    pub fn start_connect(
        &self,
        kind: Kind,
        address: &Address,
        options: &[NetworkOption],
    ) -> Result<Connecting, OpenError> {
        let (socket, progress) = match &self.inner {
            Inner::System => {
                let (socket, progress) = system::open::start_connect(kind, address, options)?;
                (Socket::system(socket), progress)
            }
            Inner::Memory(network) => {
                let (socket, progress) = network.start_connect(kind, address, options)?;
                (Socket::memory(socket), progress)
            }
        };
        Ok(Connecting::new(
            self.clone(),
            address.clone(),
            socket,
            progress,
        ))
    }

    /// Opens a listening socket.
    ///
    /// `backlog` goes to `listen(2)` as it is: 0 admits one waiting connection, and the kernel
    /// brings negative and huge values to its maximum. Port 0 takes a free port; see
    /// [`Socket::local_address`].
    ///
    /// # Errors
    ///
    /// The step that failed, with the address and the system's reason. Nothing is left behind: no
    /// descriptor, and no socket file that this call made.
    pub fn listen(
        &self,
        kind: Kind,
        address: &Address,
        backlog: i32,
        options: &BindOptions,
    ) -> Result<Socket, OpenError> {
        match &self.inner {
            Inner::System => {
                system::open::listen(kind, address, backlog, options).map(Socket::system)
            }
            Inner::Memory(network) => network
                .listen(kind, address, backlog, options)
                .map(Socket::memory),
        }
    }

    /// Opens a datagram socket with a name of its own, as servers need.
    ///
    /// # Errors
    ///
    /// As for [`listen`](Backend::listen).
    pub fn bind_datagram(
        &self,
        address: &Address,
        options: &BindOptions,
    ) -> Result<Socket, OpenError> {
        match &self.inner {
            Inner::System => system::open::bind_datagram(address, options).map(Socket::system),
            Inner::Memory(network) => network.bind_datagram(address, options).map(Socket::memory),
        }
    }

    /// Opens a datagram socket that is not connected and has no name yet, as Emacs's datagram
    /// clients are.
    ///
    /// # Errors
    ///
    /// The step that failed, with the system's reason.
    pub fn open_datagram(
        &self,
        family: Family,
        options: &[NetworkOption],
    ) -> Result<Socket, OpenError> {
        match &self.inner {
            Inner::System => system::open::open_datagram(family, options).map(Socket::system),
            Inner::Memory(network) => network.open_datagram(family, options).map(Socket::memory),
        }
    }

    /// Takes a listening socket that the service manager passed to this process, as
    /// [`activation::take`](crate::activation::take) does; in memory there is none.
    ///
    /// # Errors
    ///
    /// As for [`activation::take`](crate::activation::take).
    pub fn take_passed_socket(&self) -> io::Result<Option<PassedSocket>> {
        match &self.inner {
            Inner::System => activation::take(),
            Inner::Memory(_) => Ok(None),
        }
    }

    /// Tells what stands at a local name, without disturbing it: a live socket, a file that no
    /// socket is behind any more, or some other file. `None` when nothing does, or when it cannot
    /// be told: of abstract names, only whether a live datagram socket has one.
    pub fn obstacle(&self, name: &LocalName) -> Option<Hint> {
        match &self.inner {
            Inner::System => system::open::obstacle(name),
            Inner::Memory(network) => network.obstacle(name),
        }
    }

    /// Returns the time by which this backend's timers run.
    pub fn now(&self) -> Instant {
        match &self.inner {
            Inner::System => Instant::now(),
            Inner::Memory(network) => network.now(),
        }
    }

    /// Returns a future that is ready after `duration`, by this backend's time.
    pub fn timer(&self, duration: Duration) -> Timer {
        match (self.now().checked_add(duration), &self.inner) {
            (Some(deadline), _) => self.timer_at(deadline),
            (None, Inner::System) => Timer::never(),
            (None, Inner::Memory(network)) => Timer::memory(network.timer(Duration::MAX)),
        }
    }

    /// Returns a future that is ready at `deadline`, by this backend's time.
    pub fn timer_at(&self, deadline: Instant) -> Timer {
        match &self.inner {
            Inner::System => Timer::system(deadline),
            Inner::Memory(network) => Timer::memory(network.timer_at(deadline)),
        }
    }
}

impl Default for Backend {
    fn default() -> Backend {
        Backend::system()
    }
}
