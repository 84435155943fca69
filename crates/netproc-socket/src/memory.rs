//! A network in memory: no kernel, its own clock, and the same every time.
//!
//! Tests of the layers above run over it as over the system, only in no time, with whatever
//! latency, loss and misfortune they ask for. It is a model of the system's sockets as their users
//! see them, not of TCP.

mod endpoint;
mod event;
mod link;
mod open;
mod socket;
mod state;
mod timer;
mod transfer;

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use netproc_address::{Address, Host, LocalName, Service};

pub use link::{Fault, Link};
pub(crate) use socket::MemorySocket;
pub(crate) use timer::MemoryTimer;

use crate::error::{LookupError, OsError};
use crate::resolve::{self, Query};
use state::State;

/// A network of sockets in memory, with a clock that stands still until it is moved.
///
/// Every clone is the same network. All Internet addresses may be bound in it; names are known
/// once [`add_host`](MemoryNetwork::add_host) was called. Given the same seed and the same calls,
/// it does the same.
///
/// # Examples
///
/// ```
/// use netproc_address::{Address, Kind};
/// use netproc_socket::{Backend, BindOptions, ConnectOptions, MemoryNetwork};
///
/// let network = MemoryNetwork::new(1);
/// let backend = Backend::memory(&network);
/// let here = Address::from(std::net::SocketAddr::from(([192, 0, 2, 1], 7)));
/// let server = backend.listen(Kind::Stream, &here, 5, &BindOptions::default())?;
/// let options = ConnectOptions::default();
/// let connect = backend.connect(Kind::Stream, vec![here], &options);
/// let client = network.run(connect).expect("nothing is left to wait for")?;
/// let (accepted, _peer) = server.try_accept()?;
/// client.socket.try_write(b"hello")?;
/// let mut buffer = [0; 8];
/// assert_eq!(accepted.try_read(&mut buffer)?, 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct MemoryNetwork {
    shared: Arc<Shared>,
}

struct Shared {
    /// What the clock of `Instant` showed when this network's clock was at zero.
    origin: Instant,
    state: Mutex<State>,
}

impl MemoryNetwork {
    /// Makes an empty network whose chances are drawn from `seed`.
    pub fn new(seed: u64) -> MemoryNetwork {
        MemoryNetwork {
            shared: Arc::new(Shared {
                origin: Instant::now(),
                state: Mutex::new(State::new(seed)),
            }),
        }
    }

    /// Gives a name its addresses, in the order in which lookups shall return them.
    pub fn add_host(&self, name: &str, addresses: impl IntoIterator<Item = IpAddr>) {
        let addresses = addresses.into_iter().collect();
        self.with(|state| state.hosts.insert(name.to_owned(), Ok(addresses)));
    }

    /// Lets every lookup of a name fail in this way.
    pub fn fail_lookup(&self, name: &str, error: LookupError) {
        self.with(|state| state.hosts.insert(name.to_owned(), Err(error)));
    }

    /// Gives a service name its port.
    pub fn add_service(&self, name: &str, port: u16) {
        self.with(|state| state.services.insert(name.to_owned(), port));
    }

    /// Sets how long a lookup of a name takes. No time by default.
    pub fn set_lookup_delay(&self, delay: Duration) {
        self.with(|state| state.lookup_delay = delay);
    }

    /// Sets what links are like that have no setting of their own.
    pub fn set_default_link(&self, link: Link) {
        self.with(|state| state.default_link = link);
    }

    /// Sets what the link to an address is like, for connections and datagrams from now on.
    pub fn set_link(&self, address: &Address, link: Link) {
        self.with(|state| state.set_link(address, link));
    }

    /// Sets or ends a fault of an address. What a stall held back goes on when it ends.
    pub fn set_fault(&self, address: &Address, fault: Option<Fault>) {
        self.with(|state| state.set_fault(address, fault));
    }

    /// Lets the next call of [`try_accept`](crate::Socket::try_accept) on a listener's address fail
    /// in this way; the connection stays in the queue.
    pub fn fail_accept(&self, address: &Address, error: OsError) {
        self.with(|state| state.fail_accept(address, error));
    }

    /// Resets every connection that goes to or from an address, and returns how many there were.
    pub fn reset(&self, address: &Address) -> usize {
        self.with(|state| state.reset_all(address))
    }

    /// Removes the socket file of a local name, and tells whether there was one.
    pub fn remove_file(&self, name: &LocalName) -> bool {
        self.with(|state| state.remove_file(name))
    }

    /// Returns the time of this network's clock.
    pub fn now(&self) -> Instant {
        self.shared.origin + self.elapsed()
    }

    /// Returns how far this network's clock has moved.
    pub fn elapsed(&self) -> Duration {
        self.with(|state| state.now)
    }

    /// Moves the clock on; what falls due on the way happens in its order.
    pub fn advance(&self, duration: Duration) {
        let end = self.elapsed().saturating_add(duration);
        while self.with(|state| state.step_until(end)) {}
        self.with(|state| state.now = state.now.max(end));
    }

    /// Moves the clock to the next thing that happens, and tells whether there was one.
    pub fn step(&self) -> bool {
        self.with(|state| state.step_until(Duration::MAX))
    }

    /// Runs a future to its end, and moves the clock whenever it waits.
    ///
    /// `None` when it waits for something that will never happen, which over the system would be
    /// to wait for ever. Nothing but this future must be waiting on other threads.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(flag.clone());
        let mut cx = Context::from_waker(&waker);
        loop {
            while flag.0.swap(false, Ordering::SeqCst) {
                if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                    return Some(output);
                }
            }
            if !self.step() {
                return None;
            }
        }
    }

    /// Answers a query from the hosts and services that were added.
    pub(crate) async fn lookup(&self, query: &Query) -> Result<Vec<Address>, LookupError> {
        let delay = self.with(|state| state.lookup_delay);
        self.timer_at(self.now() + delay).await_it().await;
        let wanted = resolve::wanted(query.family.as_ref())?;
        let addresses = match &query.host {
            Host::Local => vec![resolve::local_host(wanted, 0).ip()],
            Host::Name(name) => self.with(|state| state.host(name))?,
        };
        let port = match (resolve::port(&query.service)?, &query.service) {
            (None, Service::Name(name)) => self.with(|state| state.service(name))?,
            (port, _) => port.unwrap_or(0),
        };
        let admitted = addresses
            .into_iter()
            .filter(|address| wanted.admits(*address));
        let found: Vec<Address> = admitted
            .map(|address| std::net::SocketAddr::from((address, port)).into())
            .collect();
        if found.is_empty() {
            return Err(LookupError::from_code(LookupError::WRONG_FAMILY));
        }
        Ok(found)
    }

    pub(crate) fn timer_at(&self, deadline: Instant) -> MemoryTimer {
        self.timer(deadline.saturating_duration_since(self.shared.origin))
    }

    pub(crate) fn timer(&self, deadline: Duration) -> MemoryTimer {
        MemoryTimer::new(self.clone(), deadline)
    }

    /// Works on the state; what that woke is woken once the lock is gone.
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let (output, woken) = {
            let mut state = self
                .shared
                .state
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let output = work(&mut state);
            state.settle();
            (output, std::mem::take(&mut state.woken))
        };
        woken.into_iter().for_each(Waker::wake);
        output
    }
}

/// Remembers that a waker was called.
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl fmt::Debug for MemoryNetwork {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (now, sockets) = self.with(|state| (state.now, state.endpoints.len()));
        formatter
            .debug_struct("MemoryNetwork")
            .field("elapsed", &now)
            .field("sockets", &sockets)
            .finish_non_exhaustive()
    }
}
