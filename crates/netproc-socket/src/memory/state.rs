//! Everything the network in memory knows, under one lock.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::task::Waker;
use std::time::Duration;

use netproc_address::{Address, LocalName};

use super::endpoint::{Endpoint, Id};
use super::event::Event;
use super::link::{Fault, Link};
use crate::error::{LookupError, OsError};

/// Where in time an event stands: its hour, and its turn within it.
pub(super) type Place = (Duration, u64);

/// The whole network.
pub(super) struct State {
    pub(super) now: Duration,
    pub(super) random: fastrand::Rng,
    pub(super) events: BTreeMap<Place, Event>,
    /// Events held back by a stall, in their order.
    pub(super) held: Vec<Event>,
    pub(super) timers: HashMap<u64, Waker>,
    pub(super) endpoints: BTreeMap<Id, Endpoint>,
    /// Socket files, whether or not a socket is behind them.
    pub(super) files: Vec<Address>,
    pub(super) hosts: HashMap<String, Result<Vec<IpAddr>, LookupError>>,
    pub(super) services: HashMap<String, u16>,
    pub(super) lookup_delay: Duration,
    pub(super) default_link: Link,
    /// Whom to wake once the lock is gone.
    pub(super) woken: Vec<Waker>,
    links: Vec<(Address, Link)>,
    faults: Vec<(Address, Fault)>,
    next_number: u64,
    next_port: u16,
}

/// The first port that is given out by itself.
const FIRST_PORT: u16 = 49152;

impl State {
    pub(super) fn new(seed: u64) -> State {
        State {
            now: Duration::ZERO,
            random: fastrand::Rng::with_seed(seed),
            events: BTreeMap::new(),
            held: Vec::new(),
            timers: HashMap::new(),
            endpoints: BTreeMap::new(),
            files: Vec::new(),
            hosts: HashMap::new(),
            services: HashMap::new(),
            lookup_delay: Duration::ZERO,
            default_link: Link::default(),
            woken: Vec::new(),
            links: Vec::new(),
            faults: Vec::new(),
            next_number: 0,
            next_port: FIRST_PORT,
        }
    }

    /// Returns a number that was not given out before.
    pub(super) fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    /// Returns a port that no socket has.
    pub(super) fn free_port(&mut self) -> u16 {
        loop {
            let port = self.next_port;
            self.next_port = port.checked_add(1).unwrap_or(FIRST_PORT);
            let mut used = self.endpoints.values();
            if !used.any(|endpoint| endpoint.local.port() == Some(port)) {
                return port;
            }
        }
    }

    /// Plans an event, and returns its place.
    pub(super) fn plan(&mut self, at: Duration, event: Event) -> Place {
        let place = (at, self.number());
        self.events.insert(place, event);
        place
    }

    /// Plans an event at the end of `to`, behind all that is on its way there.
    pub(super) fn plan_in_order(&mut self, to: Id, link: &Link, event: Event) {
        let delay = self.delay(link);
        let arrival = self.now.saturating_add(delay);
        let arrival = match self.endpoints.get_mut(&to) {
            Some(endpoint) => {
                endpoint.latest_arrival = endpoint.latest_arrival.max(arrival);
                endpoint.latest_arrival
            }
            None => arrival,
        };
        self.plan(arrival, event);
    }

    /// Draws how long a link takes this time.
    pub(super) fn delay(&mut self, link: &Link) -> Duration {
        link.latency + link.jitter.mul_f64(self.random.f64())
    }

    /// Lets everything happen that is due.
    pub(super) fn settle(&mut self) {
        while self.step_until_now() {}
    }

    fn step_until_now(&mut self) -> bool {
        self.step_until(self.now)
    }

    /// Moves the clock to the next event, unless it is later than `end`, and lets it happen.
    pub(super) fn step_until(&mut self, end: Duration) -> bool {
        match self.events.first_entry() {
            Some(entry) if entry.key().0 <= end => {
                let (at, _) = *entry.key();
                let event = entry.remove();
                self.now = self.now.max(at);
                self.happen(event);
                true
            }
            _ => false,
        }
    }

    pub(super) fn link(&self, address: &Address) -> Link {
        let set = self.links.iter().find(|(known, _)| known == address);
        set.map_or(&self.default_link, |(_, link)| link).clone()
    }

    pub(super) fn set_link(&mut self, address: &Address, link: Link) {
        self.links.retain(|(known, _)| known != address);
        self.links.push((address.clone(), link));
    }

    pub(super) fn fault(&self, address: &Address) -> Option<Fault> {
        let set = self.faults.iter().find(|(known, _)| known == address);
        set.map(|(_, fault)| *fault)
    }

    pub(super) fn set_fault(&mut self, address: &Address, fault: Option<Fault>) {
        self.faults.retain(|(known, _)| known != address);
        if let Some(fault) = fault {
            self.faults.push((address.clone(), fault));
        }
        for event in std::mem::take(&mut self.held) {
            self.happen(event);
        }
    }

    pub(super) fn host(&self, name: &str) -> Result<Vec<IpAddr>, LookupError> {
        let unknown = || Err(LookupError::from_code(LookupError::UNKNOWN_NAME));
        self.hosts.get(name).cloned().unwrap_or_else(unknown)
    }

    pub(super) fn service(&self, name: &str) -> Result<u16, LookupError> {
        let unknown = || LookupError::from_code(LookupError::UNKNOWN_SERVICE);
        self.services.get(name).copied().ok_or_else(unknown)
    }

    pub(super) fn remove_file(&mut self, name: &LocalName) -> bool {
        let before = self.files.len();
        let gone = |file: &Address| matches!(file, Address::Local(known) if known == name);
        self.files.retain(|file| !gone(file));
        self.files.len() < before
    }

    pub(super) fn fail_accept(&mut self, address: &Address, error: OsError) {
        let listener = self.listener(address);
        if let Some(endpoint) = listener.and_then(|id| self.endpoints.get_mut(&id)) {
            endpoint.accept_failures.push_back(error);
        }
    }

    pub(super) fn reset_all(&mut self, address: &Address) -> usize {
        let here = |endpoint: &Endpoint| {
            endpoint.peer.is_some()
                && (endpoint.local == *address || endpoint.remote.as_ref() == Some(address))
        };
        let entries = self.endpoints.iter().filter(|(_, endpoint)| here(endpoint));
        let ends: Vec<Id> = entries.map(|(id, _)| *id).collect();
        for id in &ends {
            self.reset_one(*id);
        }
        ends.len().div_ceil(2)
    }
}
