//! The address of a socket.

use std::net::{IpAddr, SocketAddr, SocketAddrV4, SocketAddrV6};

use crate::{Family, LocalName, RawAddress};

mod text;
mod value;

/// The address of a socket: internet, local, or raw bytes.
///
/// Each address has one form only, so that equality means what it says.
///
/// ```
/// use netproc_address::Address;
///
/// let address: Address = "[fe80::1%2]:7".parse()?;
/// assert_eq!(address.port(), Some(7));
/// assert_eq!(address.to_value().to_string(), "[65152 0 0 0 0 0 0 1 7 2]");
/// # Ok::<(), netproc_address::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "any other address is raw")]
pub enum Address {
    /// An IPv4 address and port.
    V4(SocketAddrV4),
    /// An IPv6 address and port, with scope and flow information.
    V6(SocketAddrV6),
    /// The name of a local socket.
    Local(LocalName),
    /// An address of any other family.
    Raw(RawAddress),
}

impl Address {
    /// Returns the family.
    pub fn family(&self) -> Family {
        match self {
            Self::V4(_) => Family::Ipv4,
            Self::V6(_) => Family::Ipv6,
            Self::Local(_) => Family::Local,
            Self::Raw(raw) => Family::from_number(raw.family().into()),
        }
    }

    /// Returns the port of an internet address.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::V4(address) => Some(address.port()),
            Self::V6(address) => Some(address.port()),
            Self::Local(_) | Self::Raw(_) => None,
        }
    }

    /// Returns an internet address with another port, and any other address as it is.
    pub fn with_port(mut self, port: u16) -> Self {
        match &mut self {
            Self::V4(address) => address.set_port(port),
            Self::V6(address) => address.set_port(port),
            Self::Local(_) | Self::Raw(_) => {}
        }
        self
    }

    /// Returns the IP address of an internet address.
    pub fn ip(&self) -> Option<IpAddr> {
        self.to_std().map(|address| address.ip())
    }

    /// Returns an internet address as std has it.
    pub fn to_std(&self) -> Option<SocketAddr> {
        match self {
            Self::V4(address) => Some(SocketAddr::V4(*address)),
            Self::V6(address) => Some(SocketAddr::V6(*address)),
            Self::Local(_) | Self::Raw(_) => None,
        }
    }

    /// Returns the name of a local socket.
    pub fn as_local(&self) -> Option<&LocalName> {
        if let Self::Local(name) = self {
            Some(name)
        } else {
            None
        }
    }

    /// Returns whether the address stands for none: 0.0.0.0 and :: whatever the port, no name, or
    /// a raw address of zeros.
    pub fn is_unspecified(&self) -> bool {
        match self {
            Self::V4(address) => address.ip().is_unspecified(),
            Self::V6(address) => address.ip().is_unspecified(),
            Self::Local(name) => *name == LocalName::Unnamed,
            Self::Raw(raw) => raw.bytes().iter().all(|&byte| byte == 0),
        }
    }

    /// Returns whether the address is one of this machine's only: loopback, or local.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::V4(address) => address.ip().is_loopback(),
            Self::V6(address) => address.ip().to_canonical().is_loopback(),
            Self::Local(_) => true,
            Self::Raw(_) => false,
        }
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        match address {
            SocketAddr::V4(address) => Self::V4(address),
            SocketAddr::V6(address) => Self::V6(address),
        }
    }
}

impl From<SocketAddrV4> for Address {
    fn from(address: SocketAddrV4) -> Self {
        Self::V4(address)
    }
}

impl From<SocketAddrV6> for Address {
    fn from(address: SocketAddrV6) -> Self {
        Self::V6(address)
    }
}

impl From<LocalName> for Address {
    fn from(name: LocalName) -> Self {
        Self::Local(name)
    }
}

impl<I: Into<IpAddr>> From<(I, u16)> for Address {
    fn from((ip, port): (I, u16)) -> Self {
        Self::from(SocketAddr::new(ip.into(), port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_internet_addresses_take_a_port() {
        let address = Address::from(([127, 0, 0, 1], 80));
        assert_eq!(address.with_port(81), Address::from(([127, 0, 0, 1], 81)));
        let local = Address::Local(LocalName::path("/x").unwrap());
        assert_eq!(local.clone().with_port(81), local);
        assert_eq!(local.port(), None);
    }

    #[test]
    fn unspecified_addresses_are_known_whatever_their_port() {
        for text in ["0.0.0.0:80", "[::]:80", "<unnamed>", "<Family 0>00000000"] {
            assert!(text.parse::<Address>().unwrap().is_unspecified(), "{text}");
        }
        assert!(!Address::from(([127, 0, 0, 1], 0)).is_unspecified());
    }

    #[test]
    fn loopback_addresses_are_known_even_when_mapped() {
        for text in ["127.0.0.2:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "/x"] {
            assert!(text.parse::<Address>().unwrap().is_loopback(), "{text}");
        }
        assert!(!Address::from(([10, 0, 0, 1], 1)).is_loopback());
    }
}
