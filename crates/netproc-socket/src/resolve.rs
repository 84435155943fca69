//! Names to addresses: what is plain is answered at once, the rest on a thread.

mod gate;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use dns_lookup::AddrInfoHints;
use netproc_address::{Address, Family, Host, Kind, Service};

use crate::error::{LookupError, OsError};

pub use gate::LOOKUP_LIMIT;

/// What to look up. More fields may come: make one with [`Query::new`].
///
/// # Examples
///
/// ```
/// use netproc_address::{Host, Service};
/// use netproc_socket::{Backend, Query};
///
/// let query = Query::new(Host::Name("127.0.0.1".into()), Service::Name("7007".into()));
/// let found = async_io::block_on(Backend::system().resolve(&query))?;
/// assert_eq!(found[0].to_string(), "127.0.0.1:7007");
/// # Ok::<(), netproc_socket::LookupError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The host; [`Host::Local`] is the loopback address: 127.0.0.1, or ::1 when the family is IPv6.
    pub host: Host,
    /// The service; [`Service::Any`] is port 0.
    pub service: Service,
    /// Which family the addresses shall have; `None`, the default, takes either.
    pub family: Option<Family>,
    /// The kind of socket, for services that exist for one kind only. Stream by default.
    pub kind: Kind,
    /// Whether the address is to be bound rather than connected to. False by default.
    pub passive: bool,
}

impl Query {
    /// Returns a query for a stream of either family.
    pub fn new(host: Host, service: Service) -> Query {
        Query {
            host,
            service,
            family: None,
            kind: Kind::Stream,
            passive: false,
        }
    }

    /// Returns this query for one family, or either.
    pub fn family(self, family: Option<Family>) -> Query {
        Query { family, ..self }
    }

    /// Returns this query for a kind of socket.
    pub fn kind(self, kind: Kind) -> Query {
        Query { kind, ..self }
    }

    /// Returns this query for an address to bind, or to connect to.
    pub fn passive(self, passive: bool) -> Query {
        Query { passive, ..self }
    }
}

/// The families that the Internet resolver knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Either,
    Ipv4,
    Ipv6,
}

/// Tells which family is asked for, or that the resolver has none such.
pub(crate) fn wanted(family: Option<&Family>) -> Result<Wanted, LookupError> {
    match family {
        None | Some(Family::Raw(libc::AF_UNSPEC)) => Ok(Wanted::Either),
        Some(Family::Ipv4 | Family::Raw(libc::AF_INET)) => Ok(Wanted::Ipv4),
        Some(Family::Ipv6 | Family::Raw(libc::AF_INET6)) => Ok(Wanted::Ipv6),
        Some(_) => Err(LookupError::from_code(LookupError::UNSUPPORTED_FAMILY)),
    }
}

impl Wanted {
    pub(crate) fn admits(self, address: IpAddr) -> bool {
        match self {
            Wanted::Either => true,
            Wanted::Ipv4 => address.is_ipv4(),
            Wanted::Ipv6 => address.is_ipv6(),
        }
    }

    fn number(self) -> i32 {
        match self {
            Wanted::Either => libc::AF_UNSPEC,
            Wanted::Ipv4 => libc::AF_INET,
            Wanted::Ipv6 => libc::AF_INET6,
        }
    }
}

/// Answers what needs no lookup: literals, the local host, and what can only fail.
///
/// `None` means that the resolver must be asked.
pub(crate) fn without_lookup(query: &Query) -> Option<Result<Vec<Address>, LookupError>> {
    let wanted = match wanted(query.family.as_ref()) {
        Ok(wanted) => wanted,
        Err(error) => return Some(Err(error)),
    };
    let port = match port(&query.service) {
        Ok(port) => port?,
        Err(error) => return Some(Err(error)),
    };
    let literal = match &query.host {
        Host::Local => Ok(local_host(wanted, port)),
        Host::Name(name) => Err(name),
    };
    let literal = match literal {
        Ok(address) => address,
        Err(name) => literal_host(name, port)?,
    };
    Some(if wanted.admits(literal.ip()) {
        Ok(vec![literal.into()])
    } else {
        Err(LookupError::from_code(LookupError::WRONG_FAMILY))
    })
}

/// Returns the port that a service names by its number; `None` for a name.
///
/// The C library would take any number modulo 65536; that is an unknown service here.
pub(crate) fn port(service: &Service) -> Result<Option<u16>, LookupError> {
    match service {
        Service::Any => Ok(Some(0)),
        Service::Port(port) => Ok(Some(*port)),
        Service::Name(name)
            if name.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty() =>
        {
            let unknown = |_| LookupError::from_code(LookupError::UNKNOWN_SERVICE);
            name.parse().map(Some).map_err(unknown)
        }
        Service::Name(_) => Ok(None),
    }
}

pub(crate) fn local_host(wanted: Wanted, port: u16) -> SocketAddr {
    match wanted {
        Wanted::Ipv6 => SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
        Wanted::Either | Wanted::Ipv4 => SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
    }
}

/// Reads `192.0.2.1`, `2001:db8::1` and `fe80::1%2`; a scope by name is left to the resolver.
fn literal_host(name: &str, port: u16) -> Option<SocketAddr> {
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Some(SocketAddrV4::new(address, port).into());
    }
    let (address, scope) = match name.split_once('%') {
        Some((address, scope)) => (address, scope.parse().ok()?),
        None => (name, 0),
    };
    let address = address.parse::<Ipv6Addr>().ok()?;
    Some(SocketAddrV6::new(address, port, 0, scope).into())
}

/// Asks the C library on a thread, in turn.
pub(crate) async fn lookup(query: &Query) -> Result<Vec<Address>, LookupError> {
    let request = Request::new(query)?;
    let place = gate::enter().await;
    blocking::unblock(move || {
        let answer = request.ask();
        drop(place);
        answer
    })
    .await
}

/// What `getaddrinfo(3)` is asked.
struct Request {
    host: String,
    service: Option<String>,
    port: u16,
    hints: AddrInfoHints,
}

impl Request {
    fn new(query: &Query) -> Result<Request, LookupError> {
        let wanted = wanted(query.family.as_ref())?;
        let host = match &query.host {
            Host::Name(name) => name.clone(),
            Host::Local => local_host(wanted, 0).ip().to_string(),
        };
        // A port goes round the resolver, which would wrap large ones.
        let port = port(&query.service)?;
        let service = match &query.service {
            Service::Name(name) if port.is_none() => Some(name.clone()),
            _ => None,
        };
        let hints = AddrInfoHints {
            flags: if query.passive { libc::AI_PASSIVE } else { 0 },
            address: wanted.number(),
            // The resolver knows no seqpacket services; that such sockets cannot be made over the
            // Internet is for `socket(2)` to say.
            socktype: match query.kind {
                Kind::Datagram => libc::SOCK_DGRAM,
                _ => libc::SOCK_STREAM,
            },
            protocol: 0,
        };
        Ok(Request {
            host,
            service,
            port: port.unwrap_or(0),
            hints,
        })
    }

    fn ask(&self) -> Result<Vec<Address>, LookupError> {
        if self.host.contains('\0')
            || self
                .service
                .as_ref()
                .is_some_and(|name| name.contains('\0'))
        {
            return Err(LookupError::from_code(LookupError::UNKNOWN_NAME));
        }
        let service = self.service.as_deref();
        let found = dns_lookup::getaddrinfo(Some(&self.host), service, Some(self.hints))
            .map_err(refusal)?;
        let mut addresses = Vec::new();
        for entry in found {
            let mut address = entry
                .map_err(|error| LookupError::from_system(OsError::from(error)))?
                .sockaddr;
            if service.is_none() {
                address.set_port(self.port);
            }
            addresses.push(address.into());
        }
        Ok(addresses)
    }
}

fn refusal(error: dns_lookup::LookupError) -> LookupError {
    match error.error_num() {
        libc::EAI_SYSTEM => LookupError::from_system(std::io::Error::from(error).into()),
        code => LookupError::from_code(code),
    }
}
