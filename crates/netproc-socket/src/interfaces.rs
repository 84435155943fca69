//! The network interfaces of this machine.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use nix::ifaddrs::getifaddrs;
use nix::net::if_::if_nametoindex;
use nix::sys::socket::SockaddrStorage;

/// One network interface, with everything the system tells of it.
///
/// Emacs shows less: `network-interface-list` the addresses with [`InterfaceAddress::last_address`],
/// `network-interface-info` the first IPv4 address, the hardware address, and the flags.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interface {
    /// Its name, such as `lo`.
    pub name: String,
    /// Its number in the kernel, which is also the scope id of its link-local addresses.
    pub index: u32,
    /// Its flags.
    pub flags: InterfaceFlags,
    /// Its Internet addresses in the kernel's order, IPv4 before IPv6.
    pub addresses: Vec<InterfaceAddress>,
    /// Its hardware address, when it has a kind of hardware at all.
    pub hardware: Option<HardwareAddress>,
}

/// One Internet address of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InterfaceAddress {
    /// The address, with port 0; a link-local one carries its scope id.
    pub address: SocketAddr,
    /// Which bits of it name the network.
    pub netmask: Option<IpAddr>,
    /// Where to send to reach all of the network, as the system has it. The loopback interface and
    /// IPv6 have none.
    pub broadcast: Option<IpAddr>,
    /// The other end of a point-to-point link.
    pub destination: Option<IpAddr>,
}

impl InterfaceAddress {
    /// Returns the last address of the network: all bits set that the netmask leaves free.
    ///
    /// This is what Emacs's `network-interface-list` shows as the broadcast address, for IPv6 and
    /// the loopback interface too. `None` without a netmask.
    pub fn last_address(&self) -> Option<IpAddr> {
        match (self.address.ip(), self.netmask?) {
            (IpAddr::V4(address), IpAddr::V4(mask)) => {
                Some(Ipv4Addr::from(address.to_bits() | !mask.to_bits()).into())
            }
            (IpAddr::V6(address), IpAddr::V6(mask)) => {
                Some(Ipv6Addr::from(address.to_bits() | !mask.to_bits()).into())
            }
            _ => None,
        }
    }
}

/// A hardware address, with the number of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HardwareAddress {
    /// The kind of hardware, an `ARPHRD_` number: 1 is Ethernet, 772 the loopback interface.
    pub family: u16,
    /// The address; all zero when the hardware has none.
    pub bytes: [u8; 6],
}

/// The flags of an interface, as in `netdevice(7)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceFlags(u32);

impl InterfaceFlags {
    /// The names Emacs has for the flags, from the lowest bit on.
    const NAMES: [&str; 16] = [
        "up",
        "broadcast",
        "debug",
        "loopback",
        "pointopoint",
        "notrailers",
        "running",
        "noarp",
        "promisc",
        "allmulti",
        "master",
        "slave",
        "multicast",
        "portsel",
        "automedia",
        "dynamic",
    ];

    /// Returns the flags of these bits.
    pub const fn from_bits(bits: u32) -> InterfaceFlags {
        InterfaceFlags(bits)
    }

    /// Returns the bits; Emacs knows the lower sixteen.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Returns the names of the flags that are set, from the lowest bit on; bits beyond the
    /// sixteen that `netdevice(7)` had of old have none.
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_socket::InterfaceFlags;
    ///
    /// let flags = InterfaceFlags::from_bits(0x10049);
    /// assert!(flags.names().eq(["up", "loopback", "running"]));
    /// ```
    pub fn names(self) -> impl DoubleEndedIterator<Item = &'static str> {
        let set = move |(bit, _): &(usize, &str)| self.0 & (1 << bit) != 0;
        Self::NAMES
            .into_iter()
            .enumerate()
            .filter(set)
            .map(|(_, name)| name)
    }

    /// Tells whether the interface is up.
    pub const fn is_up(self) -> bool {
        self.0 & 1 != 0
    }

    /// Tells whether it is the loopback interface.
    pub const fn is_loopback(self) -> bool {
        self.0 & 8 != 0
    }
}

/// Returns all interfaces, in the kernel's order.
///
/// # Errors
///
/// The system's error.
///
/// # Examples
///
/// ```
/// for interface in netproc_socket::interfaces()? {
///     println!("{}: {} addresses", interface.name, interface.addresses.len());
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "network-interface-list")]
pub fn interfaces() -> io::Result<Vec<Interface>> {
    let mut interfaces: Vec<Interface> = Vec::new();
    for entry in getifaddrs()? {
        let known = interfaces
            .iter()
            .position(|known| known.name == entry.interface_name);
        let position = known.unwrap_or_else(|| {
            interfaces.push(Interface {
                index: if_nametoindex(entry.interface_name.as_str()).unwrap_or(0),
                name: entry.interface_name.clone(),
                flags: InterfaceFlags(entry.flags.bits().cast_unsigned()),
                addresses: Vec::new(),
                hardware: None,
            });
            interfaces.len() - 1
        });
        let (Some(interface), Some(address)) = (interfaces.get_mut(position), entry.address) else {
            continue;
        };
        if let Some(link) = address.as_link_addr() {
            interface.hardware = Some(HardwareAddress {
                family: link.hatype(),
                bytes: link.addr().unwrap_or_default(),
            });
        } else if let Some(address) = internet(&address) {
            let loopback = interface.flags.is_loopback();
            interface.addresses.push(InterfaceAddress {
                address,
                netmask: entry.netmask.as_ref().and_then(mask).map(|mask| mask.ip()),
                broadcast: other(entry.broadcast.as_ref()).filter(|_| !loopback),
                destination: other(entry.destination.as_ref()).filter(|_| !loopback),
            });
        }
    }
    Ok(interfaces)
}

/// Returns the interface of this name, if there is one.
///
/// # Errors
///
/// The system's error.
///
/// # Examples
///
/// ```
/// assert!(netproc_socket::interface("no-such-thing")?.is_none());
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "network-interface-info")]
pub fn interface(name: &str) -> io::Result<Option<Interface>> {
    let mut all = interfaces()?.into_iter();
    Ok(all.find(|interface| interface.name == name))
}

fn internet(address: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(address) = address.as_sockaddr_in() {
        return Some(SocketAddrV4::new(address.ip(), 0).into());
    }
    let address = address.as_sockaddr_in6()?;
    Some(SocketAddrV6::new(address.ip(), 0, 0, address.scope_id()).into())
}

fn mask(address: &SockaddrStorage) -> Option<SocketAddr> {
    internet(address)
}

fn other(address: Option<&SockaddrStorage>) -> Option<IpAddr> {
    address.and_then(internet).map(|address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_interface_is_told_in_full() {
        let all = interfaces().expect("interfaces");
        let loopback = all.iter().find(|interface| interface.flags.is_loopback());
        let loopback = loopback.expect("a loopback interface");
        assert_eq!(
            interface(&loopback.name).expect("lookup").as_ref(),
            Some(loopback)
        );
        assert!(loopback.index > 0);
        assert_eq!(
            loopback.hardware,
            Some(HardwareAddress {
                family: 772,
                bytes: [0; 6]
            }),
        );
        let address = loopback.addresses.first().expect("an address");
        assert_eq!(address.address, SocketAddr::from(([127, 0, 0, 1], 0)));
        assert_eq!(address.netmask, Some(IpAddr::from([255, 0, 0, 0])));
        assert_eq!(address.broadcast, None);
        assert_eq!(
            address.last_address(),
            Some(IpAddr::from([127, 255, 255, 255]))
        );
    }

    #[test]
    fn an_unknown_interface_is_none() {
        assert_eq!(interface("netproc-none").expect("lookup"), None);
    }
}
