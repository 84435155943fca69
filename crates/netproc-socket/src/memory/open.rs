//! Opening sockets of the network in memory: binding, listening, connecting.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use netproc_address::{Address, Family, Kind, LocalName, NetworkOption};

use super::MemoryNetwork;
use super::endpoint::{Endpoint, Id, Phase};
use super::event::Event;
use super::link::Fault;
use super::socket::MemorySocket;
use super::state::State;
use crate::connect::Progress;
use crate::error::{Hint, OpenError, OsError, Step};
use crate::open::BindOptions;

/// How many clients may wait when nobody set a sensible number, as Linux has it.
const LARGEST_BACKLOG: usize = 4096;

impl MemoryNetwork {
    pub(crate) fn listen(
        &self,
        kind: Kind,
        address: &Address,
        backlog: i32,
        options: &BindOptions,
    ) -> Result<MemorySocket, OpenError> {
        if kind == Kind::Datagram {
            let cause = OsError::from_code(libc::EOPNOTSUPP);
            return Err(OpenError::new(Step::Listen, Some(address), cause));
        }
        let backlog = usize::try_from(backlog)
            .unwrap_or(LARGEST_BACKLOG)
            .min(LARGEST_BACKLOG);
        let id = self.with(|state| {
            let id = state.bind(kind, Phase::Listening, address, options)?;
            if let Some(endpoint) = state.endpoints.get_mut(&id) {
                endpoint.backlog = backlog;
            }
            Ok(id)
        })?;
        Ok(MemorySocket::new(self.clone(), id, kind))
    }

    pub(crate) fn bind_datagram(
        &self,
        address: &Address,
        options: &BindOptions,
    ) -> Result<MemorySocket, OpenError> {
        let kind = Kind::Datagram;
        let id = self.with(|state| state.bind(kind, Phase::Open, address, options))?;
        Ok(MemorySocket::new(self.clone(), id, kind))
    }

    pub(crate) fn open_datagram(
        &self,
        family: Family,
        options: &[NetworkOption],
    ) -> Result<MemorySocket, OpenError> {
        let local = nameless(family).ok_or_else(|| {
            let cause = OsError::from_code(libc::EAFNOSUPPORT);
            OpenError::new(Step::Socket, None, cause)
        })?;
        let id = self.with(|state| {
            let id = state.add(Kind::Datagram, Phase::Open, local);
            state.apply(id, options);
            id
        });
        Ok(MemorySocket::new(self.clone(), id, Kind::Datagram))
    }

    pub(crate) fn start_connect(
        &self,
        kind: Kind,
        address: &Address,
        options: &[NetworkOption],
    ) -> Result<(MemorySocket, Progress), OpenError> {
        check(kind, address)?;
        let id = self.with(|state| {
            let local = state.client_name(address);
            let id = state.add(kind, Phase::Open, local);
            state.apply(id, options);
            id
        });
        let socket = MemorySocket::new(self.clone(), id, kind);
        let progress = self
            .with(|state| state.connect(id, address))
            .map_err(|cause| OpenError::new(Step::Connect, Some(address), cause))?;
        Ok((socket, progress))
    }

    pub(crate) fn obstacle(&self, name: &LocalName) -> Option<Hint> {
        self.with(|state| state.obstacle(&Address::Local(name.clone())))
    }
}

impl State {
    /// Adds an endpoint, with the link of its own address.
    fn add(&mut self, kind: Kind, phase: Phase, local: Address) -> Id {
        let id = self.number();
        let link = self.link(&local);
        self.endpoints
            .insert(id, Endpoint::new(kind, phase, local, link));
        id
    }

    fn apply(&mut self, id: Id, options: &[NetworkOption]) {
        if let Some(endpoint) = self.endpoints.get_mut(&id) {
            for option in options {
                endpoint.set_option(option);
            }
        }
    }

    fn bind(
        &mut self,
        kind: Kind,
        phase: Phase,
        address: &Address,
        bind: &BindOptions,
    ) -> Result<Id, OpenError> {
        check(kind, address)?;
        let in_use = |hint| {
            let cause = OsError::from_code(libc::EADDRINUSE);
            Err(OpenError::new(Step::Bind, Some(address), cause).with_hint(hint))
        };
        let local = match address {
            Address::Local(LocalName::Unnamed) => self.automatic_name(),
            address if address.port() == Some(0) => address.clone().with_port(self.free_port()),
            address => address.clone(),
        };
        if self.files.contains(&local) {
            return in_use(self.obstacle(&local));
        }
        let transport = kind == Kind::Datagram;
        let clash = |known: &Endpoint| {
            (known.kind == Kind::Datagram) == transport
                && matches!(known.phase, Phase::Open | Phase::Listening)
                && (covers(&known.local, &local) || covers(&local, &known.local))
        };
        if !is_nameless(&local) && self.endpoints.values().any(clash) {
            return in_use(None);
        }
        if matches!(local, Address::Local(LocalName::Path(_))) {
            self.files.push(local.clone());
        }
        let internet = matches!(local, Address::V4(_) | Address::V6(_));
        let id = self.add(kind, phase, local);
        if internet && bind.default_reuse_address() {
            self.apply(id, &[NetworkOption::ReuseAddress(true)]);
        }
        self.apply(id, &bind.options);
        Ok(id)
    }

    /// Makes an abstract name, as the kernel does for a local socket bound to none.
    fn automatic_name(&mut self) -> Address {
        let name = format!("{:05x}", self.number());
        LocalName::abstract_name(name).map_or(Address::Local(LocalName::Unnamed), Address::Local)
    }

    /// Makes the address from which a client reaches `address`.
    pub(super) fn client_name(&mut self, address: &Address) -> Address {
        let ip: IpAddr = match address {
            Address::V4(_) => Ipv4Addr::LOCALHOST.into(),
            Address::V6(_) => Ipv6Addr::LOCALHOST.into(),
            _ => return Address::Local(LocalName::Unnamed),
        };
        SocketAddr::from((ip, self.free_port())).into()
    }

    /// Finds the listener that answers for an address.
    pub(super) fn listener(&self, address: &Address) -> Option<Id> {
        let listens = |endpoint: &Endpoint| {
            endpoint.phase == Phase::Listening && covers(&endpoint.local, address)
        };
        let mut entries = self.endpoints.iter();
        entries
            .find(|(_, endpoint)| listens(endpoint))
            .map(|(id, _)| *id)
    }

    fn obstacle(&self, address: &Address) -> Option<Hint> {
        if self
            .endpoints
            .values()
            .any(|endpoint| endpoint.peer.is_none() && endpoint.local == *address)
        {
            return Some(Hint::Live);
        }
        self.files
            .contains(address)
            .then_some(Hint::StaleSocketFile)
    }

    /// Begins to connect.
    pub(super) fn connect(&mut self, id: Id, address: &Address) -> Result<Progress, OsError> {
        let link = self.link(address);
        let fault = self.fault(address);
        if fault == Some(Fault::Unreachable) {
            return Err(OsError::from_code(libc::ENETUNREACH));
        }
        let local = matches!(address, Address::Local(_));
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        endpoint.route = Some(address.clone());
        endpoint.link = link.clone();
        if endpoint.kind == Kind::Datagram {
            if local && self.datagram_receiver(address).is_none() {
                return Err(self.nobody(address));
            }
            if let Some(endpoint) = self.endpoints.get_mut(&id) {
                endpoint.phase = Phase::Connected;
                endpoint.remote = Some(address.clone());
            }
            return Ok(Progress::Done);
        }
        endpoint.phase = Phase::Connecting;
        if local && fault.is_none() {
            return self.connect_locally(id, address);
        }
        let arrival = self.now + self.delay(&link);
        let address = address.clone();
        self.plan(
            arrival,
            Event::Knock {
                client: id,
                address,
            },
        );
        Ok(Progress::Waiting)
    }

    fn connect_locally(&mut self, id: Id, address: &Address) -> Result<Progress, OsError> {
        match self.admit(id, address) {
            Ok(true) => {
                if let Some(endpoint) = self.endpoints.get_mut(&id) {
                    endpoint.admit();
                }
                Ok(Progress::Done)
            }
            Ok(false) => Ok(Progress::Full),
            Err(error) => Err(error),
        }
    }

    /// A client's request arrives where it was sent.
    pub(super) fn knock(&mut self, client: Id, address: &Address) {
        let Some(endpoint) = self.endpoints.get(&client) else {
            return;
        };
        let link = endpoint.link.clone();
        let outcome = match self.fault(address) {
            Some(Fault::Refuse) => Err(OsError::from_code(libc::ECONNREFUSED)),
            Some(Fault::Unreachable) => Err(OsError::from_code(libc::ENETUNREACH)),
            _ => self.admit(client, address),
        };
        let answer = match outcome {
            Ok(true) => Event::Admitted { client },
            // As TCP does, knock again after a while.
            Ok(false) => {
                let again = self.now + std::time::Duration::from_secs(1);
                let address = address.clone();
                self.plan(again, Event::Knock { client, address });
                return;
            }
            Err(error) => Event::Refused { client, error },
        };
        self.plan_in_order(client, &link, answer);
    }

    /// Puts a client into its listener's queue; false when there is no room.
    fn admit(&mut self, client: Id, address: &Address) -> Result<bool, OsError> {
        let Some(listener) = self.listener(address) else {
            return Err(self.nobody(address));
        };
        let (Some(knocking), Some(host)) =
            (self.endpoints.get(&client), self.endpoints.get(&listener))
        else {
            return Err(OsError::from_code(libc::ECONNREFUSED));
        };
        if knocking.kind != host.kind {
            return Err(OsError::from_code(libc::EPROTOTYPE));
        }
        if host.queue.len() > host.backlog {
            return Ok(false);
        }
        let mut end = Endpoint::new(
            host.kind,
            Phase::Connected,
            address.clone(),
            knocking.link.clone(),
        );
        end.remote = Some(knocking.local.clone());
        end.route = Some(address.clone());
        end.peer = Some(client);
        let id = self.number();
        self.endpoints.insert(id, end);
        if let Some(knocking) = self.endpoints.get_mut(&client) {
            knocking.peer = Some(id);
            knocking.remote = Some(address.clone());
        }
        if let Some(host) = self.endpoints.get_mut(&listener) {
            host.queue.push_back(id);
            host.wake_readers(&mut self.woken);
        }
        Ok(true)
    }

    /// Returns the error for an address where nobody is.
    pub(super) fn nobody(&self, address: &Address) -> OsError {
        let wrong_kind =
            |endpoint: &Endpoint| endpoint.local == *address && endpoint.peer.is_none();
        OsError::from_code(match address {
            Address::Local(_) if self.endpoints.values().any(wrong_kind) => libc::EPROTOTYPE,
            Address::Local(LocalName::Path(_)) if !self.files.contains(address) => libc::ENOENT,
            _ => libc::ECONNREFUSED,
        })
    }

    /// Takes a client out of a listener's queue.
    pub(super) fn accept(&mut self, listener: Id) -> Result<(Id, Address), OsError> {
        let Some(host) = self.endpoints.get_mut(&listener) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        if host.phase != Phase::Listening {
            return Err(OsError::from_code(libc::EINVAL));
        }
        if host.queue.is_empty() {
            return Err(OsError::from_code(libc::EAGAIN));
        }
        if let Some(failure) = host.accept_failures.pop_front() {
            return Err(failure);
        }
        let id = host.queue.pop_front().unwrap_or_default();
        let peer = self.endpoints.get(&id).and_then(|end| end.remote.clone());
        Ok((id, peer.unwrap_or(Address::Local(LocalName::Unnamed))))
    }

    /// Finds the datagram socket that an address reaches.
    pub(super) fn datagram_receiver(&self, address: &Address) -> Option<Id> {
        let receives = |endpoint: &Endpoint| {
            endpoint.kind == Kind::Datagram && covers(&endpoint.local, address)
        };
        let mut entries = self.endpoints.iter();
        entries
            .find(|(_, endpoint)| receives(endpoint))
            .map(|(id, _)| *id)
    }
}

/// Refuses what cannot be: records over the Internet, and families that are not here.
fn check(kind: Kind, address: &Address) -> Result<(), OpenError> {
    let code = match (kind, address) {
        (Kind::SeqPacket, Address::V4(_) | Address::V6(_)) => libc::ESOCKTNOSUPPORT,
        (_, Address::Raw(_)) => libc::EAFNOSUPPORT,
        _ => return Ok(()),
    };
    let cause = OsError::from_code(code);
    Err(OpenError::new(Step::Socket, Some(address), cause))
}

/// Returns the address of a socket of this family that has none.
fn nameless(family: Family) -> Option<Address> {
    let ip: IpAddr = match family {
        Family::Ipv4 => Ipv4Addr::UNSPECIFIED.into(),
        Family::Ipv6 => Ipv6Addr::UNSPECIFIED.into(),
        Family::Local => return Some(Address::Local(LocalName::Unnamed)),
        Family::Raw(_) => return None,
    };
    Some(SocketAddr::from((ip, 0)).into())
}

/// Tells whether a socket has no name, so that nothing can reach it.
pub(super) fn is_nameless(address: &Address) -> bool {
    address.port() == Some(0) || matches!(address, Address::Local(LocalName::Unnamed))
}

/// Tells whether a socket bound to `bound` answers for `address`.
pub(super) fn covers(bound: &Address, address: &Address) -> bool {
    let same_family = std::mem::discriminant(bound) == std::mem::discriminant(address);
    let everywhere = bound.port().is_some() && bound.is_unspecified();
    !is_nameless(bound)
        && (bound == address || (everywhere && same_family && bound.port() == address.port()))
}
