//! What the network of this system can do, found out by trying.

use std::sync::OnceLock;

use netproc_address::{Address, Family, Kind, NetworkOption};
use socket2::Socket;

use crate::open::BindOptions;
use crate::system;

/// What this system can do. Each is tried once in a process, on sockets that nobody else sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each of which is looked at by itself"
)]
pub struct Capabilities {
    /// IPv4 sockets can be made.
    pub ipv4: bool,
    /// IPv6 sockets can be made, and ::1 is there to bind.
    pub ipv6: bool,
    /// Local sockets can be made.
    pub local: bool,
    /// Local sockets can keep record boundaries: `:type seqpacket`.
    pub seqpacket: bool,
    /// `:bindtodevice` is known.
    pub bind_to_device: bool,
    /// `:priority` is known.
    pub priority: bool,
    /// `:dontroute` is known.
    pub dont_route: bool,
}

/// Returns what this system can do.
///
/// # Examples
///
/// ```
/// if !netproc_socket::capabilities().ipv6 {
///     println!("no IPv6 here");
/// }
/// ```
pub fn capabilities() -> Capabilities {
    static FOUND: OnceLock<Capabilities> = OnceLock::new();
    *FOUND.get_or_init(probe)
}

fn probe() -> Capabilities {
    let bindable = |ip: std::net::IpAddr| {
        let address = Address::from(std::net::SocketAddr::from((ip, 0)));
        system::open::bind_datagram(&address, &BindOptions::default()).is_ok()
    };
    let socket = system::open::create(Family::Ipv4, Kind::Datagram, None).ok();
    let settable = |option: NetworkOption| {
        let set = |socket: &Socket| system::options::set(socket, &option).is_ok();
        socket.as_ref().is_some_and(set)
    };
    let local = |kind| system::open::create(Family::Local, kind, None).is_ok();
    Capabilities {
        ipv4: socket.is_some(),
        ipv6: bindable(std::net::Ipv6Addr::LOCALHOST.into()),
        local: local(Kind::Stream),
        seqpacket: local(Kind::SeqPacket),
        bind_to_device: settable(NetworkOption::BindToDevice(None)),
        priority: settable(NetworkOption::Priority(0)),
        dont_route: settable(NetworkOption::DontRoute(false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_linux_has_is_found() {
        let found = capabilities();
        assert!(found.ipv4 && found.local && found.seqpacket && found.dont_route && found.priority);
        assert_eq!(found, probe());
    }
}
