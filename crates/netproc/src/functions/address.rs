//! Addresses in the forms of Emacs: as text, of interfaces, of hosts, of datagrams.

use std::net::{IpAddr, SocketAddr};

use netproc_address::{Address, Family};
use netproc_lisp::{Text, Value};
use netproc_network::Process;
use netproc_socket::{Interface, InterfaceAddress};

use super::default_network;
use crate::error::Error;

/// The most bytes that the name of an interface has.
const LONGEST_INTERFACE_NAME: usize = 15;

/// Returns an address as text; `None` if it is no address.
///
/// Vectors of 4 and 5 integers are IPv4 addresses, those of 8 and 9 IPv6 addresses, without and
/// with a port. With `omit_port` the port is left out. A string comes back as it is.
///
/// # Errors
///
/// [`Error::Address`] for a pair whose first half is no number.
///
/// # Examples
///
/// ```
/// use netproc::functions::format_network_address;
/// use netproc::lisp::read;
///
/// let address = read("[127 0 0 1 80]")?;
/// assert_eq!(format_network_address(&address, false)?.unwrap(), "127.0.0.1:80");
/// assert_eq!(format_network_address(&address, true)?.unwrap(), "127.0.0.1");
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "format-network-address")]
pub fn format_network_address(address: &Value, omit_port: bool) -> Result<Option<Text>, Error> {
    Ok(netproc_address::format_network_address(address, omit_port)?)
}

/// Returns the addresses of the network interfaces as a list of `(NAME . ADDRESS)`, or with
/// `full` of `(NAME ADDRESS LAST-ADDRESS NETMASK)`.
///
/// The order is the reverse of the system's: IPv6 addresses stand before IPv4 ones. The port of
/// every address is 0. As in Emacs the third element is the address with all bits set that the
/// netmask leaves free, whether the network can be broadcast to or not.
///
/// # Errors
///
/// [`Error::InterfaceFamily`] for a family other than IPv4 and IPv6, [`Error::Interfaces`] if the
/// system does not tell.
///
/// # Examples
///
/// ```
/// use netproc::Family;
/// use netproc::functions::network_interface_list;
/// use netproc::lisp::read;
///
/// let list = network_interface_list(false, Some(Family::Ipv4))?;
/// let loopback = read(r#"("lo" . [127 0 0 1 0])"#)?;
/// assert!(list.list_iter().unwrap().any(|entry| *entry == loopback));
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "network-interface-list")]
pub fn network_interface_list(full: bool, family: Option<Family>) -> Result<Value, Error> {
    let (ipv4, ipv6) = match family {
        None => (true, true),
        Some(Family::Ipv4) => (true, false),
        Some(Family::Ipv6) => (false, true),
        Some(family) => return Err(Error::InterfaceFamily { family }),
    };
    let interfaces = netproc_socket::interfaces().map_err(Error::Interfaces)?;
    // The system tells all IPv4 addresses first, each family by interface.
    let mut entries = Vec::new();
    if ipv4 {
        entries.extend(entries_of(&interfaces, full, SocketAddr::is_ipv4));
    }
    if ipv6 {
        entries.extend(entries_of(&interfaces, full, SocketAddr::is_ipv6));
    }
    entries.reverse();
    Ok(Value::list(entries))
}

fn entries_of(
    interfaces: &[Interface],
    full: bool,
    is_of_family: fn(&SocketAddr) -> bool,
) -> impl Iterator<Item = Value> {
    interfaces.iter().flat_map(move |interface| {
        let addresses = interface.addresses.iter();
        addresses
            .filter(move |entry| is_of_family(&entry.address))
            .map(move |entry| interface_entry(&interface.name, entry, full))
    })
}

fn interface_entry(name: &str, entry: &InterfaceAddress, full: bool) -> Value {
    let address = vector(Some(entry.address.ip()));
    if full {
        let last = vector(entry.last_address());
        Value::list([Value::from(name), address, last, vector(entry.netmask)])
    } else {
        Value::cons(name, address)
    }
}

/// Returns an address as a vector with port 0, nil for none. Emacs knows no scopes here.
fn vector(address: Option<IpAddr>) -> Value {
    Value::from(address.map(|address| Address::from(SocketAddr::new(address, 0)).to_value()))
}

/// Returns `(ADDRESS BROADCAST NETMASK HARDWARE FLAGS)` of a network interface; `None` if there is
/// no such interface.
///
/// The addresses are its first IPv4 ones, nil if it has none. `HARDWARE` is
/// `(KIND . [6 bytes])`, and `FLAGS` are symbols such as `up`, the highest bit first.
///
/// # Errors
///
/// [`Error::InterfaceNameTooLong`] for a name of more than 15 bytes, [`Error::Interfaces`] if the
/// system does not tell.
///
/// # Examples
///
/// ```
/// use netproc::functions::network_interface_info;
///
/// let loopback = network_interface_info("lo")?.expect("every machine has one");
/// assert_eq!(
///     loopback.to_string(),
///     "([127 0 0 1 0] [0 0 0 0 0] [255 0 0 0 0] (772 . [0 0 0 0 0 0]) (running loopback up))",
/// );
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "network-interface-info")]
pub fn network_interface_info(name: &str) -> Result<Option<Value>, Error> {
    if name.len() > LONGEST_INTERFACE_NAME {
        return Err(Error::InterfaceNameTooLong { name: name.into() });
    }
    let interface = netproc_socket::interface(name).map_err(Error::Interfaces)?;
    Ok(interface.map(|interface| {
        let first = interface
            .addresses
            .iter()
            .find(|entry| entry.address.is_ipv4());
        let broadcast = first.map(|entry| entry.broadcast.unwrap_or(IpAddr::from([0, 0, 0, 0])));
        let hardware = interface
            .hardware
            .map(|hardware| Value::cons(hardware.family, Value::vector(hardware.bytes)));
        Value::list([
            vector(first.map(|entry| entry.address.ip())),
            vector(broadcast),
            vector(first.and_then(|entry| entry.netmask)),
            Value::from(hardware),
            Value::list(interface.flags.names().rev().map(Value::symbol)),
        ])
    }))
}

/// Looks up the addresses of a host, as vectors with port 0, in the order of the resolver.
///
/// The callbacks that are due run meanwhile.
///
/// # Errors
///
/// The resolver's answer if it finds none, where Emacs shows it as a message and returns nil;
/// [`Error::LookupFamily`] for a family other than IPv4 and IPv6; [`Error::Address`] for a name
/// outside of ASCII.
///
/// # Examples
///
/// ```
/// use netproc::functions::network_lookup_address_info;
/// use netproc::lisp::read;
///
/// let addresses = network_lookup_address_info("127.0.0.1", None)?;
/// assert_eq!(addresses, [read("[127 0 0 1 0]")?]);
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "network-lookup-address-info")]
pub fn network_lookup_address_info(
    name: &str,
    family: Option<Family>,
) -> Result<Vec<Value>, Error> {
    if let Some(family @ (Family::Local | Family::Raw(_))) = family {
        return Err(Error::LookupFamily { family });
    }
    if !name.is_ascii() {
        let value = Value::from(name);
        return Err(netproc_address::Error::HostNotAscii { value }.into());
    }
    let addresses = default_network().lookup_addresses(name, family)?;
    Ok(addresses.iter().map(Address::to_value).collect())
}

/// Returns where a datagram process sends to; nil for other processes, and when it is closed.
///
/// As long as there is nobody to send to, that is an address of zeros, `(0 . [0 0 …])`.
#[doc(alias = "process-datagram-address")]
pub fn process_datagram_address(process: &Process) -> Value {
    let remote = process.contact_value(":remote");
    let is_datagram = process.kind() == netproc_address::Kind::Datagram;
    if is_datagram && process.has_socket() {
        remote
    } else {
        Value::Nil
    }
}

/// Sets where a datagram process sends to and returns the address; nil if it was not taken.
///
/// It is not taken if it is no address or one of another family than the socket's, or if the
/// process is closed or not of datagrams. An element out of its range makes it no address; Emacs
/// cuts it.
#[doc(alias = "set-process-datagram-address")]
pub fn set_process_datagram_address(process: &Process, address: &Value) -> Value {
    match Address::from_value(address) {
        Ok(parsed) if process.set_datagram_address(&parsed) => address.clone(),
        _ => Value::Nil,
    }
}
