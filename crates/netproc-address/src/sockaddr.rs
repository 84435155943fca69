//! Addresses as the bytes that Linux's socket calls take: `struct sockaddr_in` and its kin.

use std::ffi::CStr;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};
use std::ops::Deref;

use crate::{Address, Error, Family, LocalName, RawAddress};

/// The bytes of a socket address, in place and of a fixed capacity.
///
/// It starts with the family in the machine's byte order; what follows is laid out as on Linux.
/// It dereferences to the bytes in use.
#[derive(Clone, Copy)]
pub struct SockaddrBytes {
    bytes: [u8; Self::CAPACITY],
    length: u8,
}

impl SockaddrBytes {
    /// The most bytes there can be, the size of `sockaddr_storage`.
    pub const CAPACITY: usize = 128;

    fn new(family: u16) -> Self {
        let mut bytes = [0; Self::CAPACITY];
        bytes[..2].copy_from_slice(&family.to_ne_bytes());
        Self { bytes, length: 2 }
    }

    /// Appends bytes, of which there must be few enough to fit.
    fn push(mut self, more: &[u8]) -> Self {
        let start = usize::from(self.length);
        if let Some(place) = self.bytes.get_mut(start..start + more.len()) {
            place.copy_from_slice(more);
            self.length = u8::try_from(start + more.len()).unwrap_or(self.length);
        }
        self
    }

    /// Returns the bytes in use.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

impl Deref for SockaddrBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl AsRef<[u8]> for SockaddrBytes {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl PartialEq for SockaddrBytes {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for SockaddrBytes {}

impl fmt::Debug for SockaddrBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SockaddrBytes({:?})", self.as_slice())
    }
}

impl Address {
    /// Returns the address as the kernel takes it, without allocating.
    ///
    /// A path ends with its NUL; an abstract name does not.
    pub fn to_sockaddr(&self) -> SockaddrBytes {
        match self {
            Self::V4(address) => SockaddrBytes::new(Family::IPV4_NUMBER)
                .push(&address.port().to_be_bytes())
                .push(&address.ip().octets())
                .push(&[0; 8]),
            Self::V6(address) => SockaddrBytes::new(Family::IPV6_NUMBER)
                .push(&address.port().to_be_bytes())
                .push(&address.flowinfo().to_ne_bytes())
                .push(&address.ip().octets())
                .push(&address.scope_id().to_ne_bytes()),
            Self::Local(name) => {
                let bytes = SockaddrBytes::new(Family::LOCAL_NUMBER);
                match name {
                    LocalName::Unnamed => bytes,
                    LocalName::Path(path) => bytes.push(path).push(&[0]),
                    LocalName::Abstract(name) => bytes.push(&[0]).push(name),
                }
            }
            Self::Raw(raw) => SockaddrBytes::new(raw.family()).push(raw.bytes()),
        }
    }

    /// Reads an address as the kernel gives it, family first.
    ///
    /// Any bytes are an address, if only a raw one.
    ///
    /// # Errors
    ///
    /// [`Error::TooShort`] below 2 bytes, [`Error::TooLong`] above 128.
    pub fn from_sockaddr(bytes: &[u8]) -> Result<Self, Error> {
        match bytes.split_first_chunk() {
            Some((&family, rest)) => Self::raw(u16::from_ne_bytes(family), rest),
            None => Err(Error::TooShort {
                length: bytes.len(),
            }),
        }
    }

    /// Makes the address of a family number and the bytes that follow it in a socket address.
    ///
    /// Where these mean an internet or local address, that is what comes back; `sin_zero`, and
    /// what follows the end of a path, mean nothing.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] above [`RawAddress::MAX_BYTES`].
    pub fn raw(family: u16, bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > RawAddress::MAX_BYTES {
            return Err(Error::TooLong {
                length: bytes.len(),
            });
        }
        let known = match family {
            Family::IPV4_NUMBER => ipv4(bytes).map(Self::V4),
            Family::IPV6_NUMBER => ipv6(bytes).map(Self::V6),
            Family::LOCAL_NUMBER => local(bytes).map(Self::Local),
            _ => None,
        };
        Ok(known.unwrap_or_else(|| Self::Raw(RawAddress::new(family, bytes))))
    }
}

fn ipv4(bytes: &[u8]) -> Option<SocketAddrV4> {
    let &[port0, port1, a, b, c, d, _, _, _, _, _, _, _, _] = bytes else {
        return None;
    };
    let port = u16::from_be_bytes([port0, port1]);
    Some(SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port))
}

fn ipv6(bytes: &[u8]) -> Option<SocketAddrV6> {
    let (&port, rest) = bytes.split_first_chunk::<2>()?;
    let (&flow, rest) = rest.split_first_chunk::<4>()?;
    let (&address, rest) = rest.split_first_chunk::<16>()?;
    let &scope = <&[u8; 4]>::try_from(rest).ok()?;
    Some(SocketAddrV6::new(
        Ipv6Addr::from(address),
        u16::from_be_bytes(port),
        u32::from_ne_bytes(flow),
        u32::from_ne_bytes(scope),
    ))
}

fn local(bytes: &[u8]) -> Option<LocalName> {
    match bytes {
        [] => Some(LocalName::Unnamed),
        [0, name @ ..] => LocalName::abstract_name(name).ok(),
        path => {
            let path = CStr::from_bytes_until_nul(path).map_or(path, CStr::to_bytes);
            LocalName::path(path).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(family: u16, rest: &[u8]) -> Vec<u8> {
        [&family.to_ne_bytes(), rest].concat()
    }

    #[test]
    fn ipv4_is_port_address_and_eight_zeros() {
        let address = Address::from("127.0.0.1:7007".parse::<SocketAddrV4>().unwrap());
        let expected = bytes(2, &[0x1B, 0x5F, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(address.to_sockaddr().as_slice(), expected);
        assert_eq!(Address::from_sockaddr(&expected), Ok(address));
    }

    #[test]
    fn ipv6_keeps_flow_and_scope() {
        let address = Address::V6(SocketAddrV6::new(Ipv6Addr::LOCALHOST, 80, 5, 2));
        let sockaddr = address.to_sockaddr();
        assert_eq!(sockaddr.len(), 28);
        assert_eq!(sockaddr[2..4], [0, 80]);
        assert_eq!(sockaddr[4..8], 5_u32.to_ne_bytes());
        assert_eq!(sockaddr[23], 1);
        assert_eq!(sockaddr[24..], 2_u32.to_ne_bytes());
        assert_eq!(Address::from_sockaddr(&sockaddr), Ok(address));
    }

    #[test]
    fn a_path_ends_with_nul_and_an_abstract_name_begins_with_it() {
        let path = Address::Local(LocalName::path("/x").unwrap());
        assert_eq!(path.to_sockaddr().as_slice(), bytes(1, b"/x\0"));
        let name = Address::Local(LocalName::abstract_name("x\0").unwrap());
        assert_eq!(name.to_sockaddr().as_slice(), bytes(1, b"\0x\0"));
        assert_eq!(
            Address::Local(LocalName::Unnamed).to_sockaddr().as_slice(),
            bytes(1, b"")
        );
    }

    #[test]
    fn a_path_padded_with_zeros_is_the_same_path() {
        let mut padded = bytes(1, b"/x");
        padded.resize(110, 0);
        assert_eq!(
            Address::from_sockaddr(&padded),
            Ok(Address::Local(LocalName::path("/x").unwrap()))
        );
    }

    #[test]
    fn a_path_that_fills_its_field_stays_raw() {
        let full = bytes(1, &[b'x'; 108]);
        let address = Address::from_sockaddr(&full).unwrap();
        assert!(matches!(address, Address::Raw(_)));
        assert_eq!(address.to_sockaddr().as_slice(), full);
    }

    #[test]
    fn an_internet_address_of_the_wrong_length_stays_raw() {
        for (family, length) in [(2, 6), (2, 13), (2, 15), (10, 22), (10, 27)] {
            let address = Address::raw(family, &vec![0; length]).unwrap();
            assert!(matches!(address, Address::Raw(_)), "{family} {length}");
        }
    }

    #[test]
    fn too_few_or_too_many_bytes_are_no_address() {
        assert_eq!(
            Address::from_sockaddr(&[2]),
            Err(Error::TooShort { length: 1 })
        );
        assert_eq!(
            Address::from_sockaddr(&[0; 129]),
            Err(Error::TooLong { length: 127 })
        );
        assert!(Address::from_sockaddr(&[0; 128]).is_ok());
    }
}
