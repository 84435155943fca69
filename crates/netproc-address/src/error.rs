//! The one error of this crate.

use std::fmt;

use netproc_lisp::Value;

use crate::OptionName;

/// What is wrong with an address, or with one of the words that describe one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The value has none of the shapes of an address.
    NotAnAddress {
        /// The value.
        value: Value,
    },
    /// The vector has a length that no address has.
    VectorLength {
        /// The vector.
        value: Value,
    },
    /// An element of an address vector is not an integer in its range.
    Element {
        /// The place of the element, from 0.
        index: usize,
        /// The element.
        value: Value,
        /// The highest integer it may be; the lowest is 0.
        maximum: u32,
    },
    /// The family of a `(FAMILY . VECTOR)` address is not an integer from 0 to 65535.
    FamilyNumber {
        /// What stands in its place.
        value: Value,
    },
    /// The address has more bytes than any socket address.
    TooLong {
        /// The number of bytes after the family.
        length: usize,
    },
    /// The bytes are too few to hold even a family.
    TooShort {
        /// The number of bytes.
        length: usize,
    },
    /// The name of a local socket has more bytes than fit.
    LocalNameTooLong {
        /// The number of bytes, without the NUL that ends or begins it.
        length: usize,
    },
    /// The path of a local socket has a NUL in it.
    LocalNameNul {
        /// The place of the NUL, in bytes from 0.
        offset: usize,
    },
    /// A text is no address.
    Text {
        /// The text.
        text: String,
        /// What is wrong with it, as the end of a sentence.
        reason: &'static str,
    },
    /// The value is no address family.
    Family {
        /// The value.
        value: Value,
    },
    /// The value is no host.
    Host {
        /// The value.
        value: Value,
    },
    /// The name of a host has characters outside ASCII.
    HostNotAscii {
        /// The name.
        value: Value,
    },
    /// The name of a host has a NUL in it.
    HostNul {
        /// The name.
        value: Value,
    },
    /// The value is no service.
    Service {
        /// The value.
        value: Value,
    },
    /// The port is not within 0 to 65535.
    Port {
        /// The integer, or the string of digits.
        value: Value,
    },
    /// The name of a service is empty, has a sign, or has spaces or control characters in it.
    ServiceName {
        /// The name.
        value: Value,
    },
    /// The value is no connection type.
    Kind {
        /// The value.
        value: Value,
    },
    /// The value is not one that the network option takes.
    Option {
        /// The option.
        option: OptionName,
        /// The value.
        value: Value,
        /// What the option takes, as the end of a sentence.
        expected: &'static str,
    },
}

impl Error {
    /// Returns the value that is wrong, if the mistake was found in a Lisp value.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::NotAnAddress { value }
            | Self::VectorLength { value }
            | Self::Element { value, .. }
            | Self::FamilyNumber { value }
            | Self::Family { value }
            | Self::Host { value }
            | Self::HostNotAscii { value }
            | Self::HostNul { value }
            | Self::Service { value }
            | Self::Port { value }
            | Self::ServiceName { value }
            | Self::Kind { value }
            | Self::Option { value, .. } => Some(value),
            Self::TooLong { .. }
            | Self::TooShort { .. }
            | Self::LocalNameTooLong { .. }
            | Self::LocalNameNul { .. }
            | Self::Text { .. } => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnAddress { value } => write!(
                formatter,
                "{value} is no address; expected [A B C D PORT], [A B C D E F G H PORT], \
                 a string, or (FAMILY . VECTOR)"
            ),
            Self::VectorLength { value } => write!(
                formatter,
                "{value} is no address: it has {} elements; expected 5 (IPv4) or 9 (IPv6)",
                value.as_vector().map_or(0, <[Value]>::len)
            ),
            Self::Element {
                index,
                value,
                maximum,
            } => write!(
                formatter,
                "element {index} of the address is {value}; expected an integer from 0 to {maximum}"
            ),
            Self::FamilyNumber { value } => write!(
                formatter,
                "the family of the address is {value}; expected an integer from 0 to 65535"
            ),
            Self::TooLong { length } => write!(
                formatter,
                "the address has {length} bytes after its family; expected at most {}",
                crate::RawAddress::MAX_BYTES
            ),
            Self::TooShort { length } => write!(
                formatter,
                "the socket address has {length} bytes; expected at least 2 for its family"
            ),
            Self::LocalNameTooLong { length } => write!(
                formatter,
                "the local socket name has {length} bytes; expected at most {}",
                crate::LocalName::MAX_BYTES
            ),
            Self::LocalNameNul { offset } => write!(
                formatter,
                "the local socket path has a NUL at byte {offset}; \
                 expected none, or one at the start for an abstract name"
            ),
            Self::Text { text, reason } => write!(formatter, "{text:?} is no address: {reason}"),
            Self::Family { value } => write!(
                formatter,
                ":family is {value}; expected nil, ipv4, ipv6, local, or a family number"
            ),
            Self::Host { value } => {
                write!(
                    formatter,
                    ":host is {value}; expected a string, local, or nil"
                )
            }
            Self::HostNotAscii { value } => write!(
                formatter,
                ":host is {value}; expected ASCII, as international names have in their xn-- form"
            ),
            Self::HostNul { value } => {
                write!(
                    formatter,
                    ":host is {value}; expected a name without NUL characters"
                )
            }
            Self::Service { value } => write!(
                formatter,
                ":service is {value}; expected a port number, a service name, or t"
            ),
            Self::Port { value } => {
                write!(
                    formatter,
                    ":service is {value}; expected a port number from 0 to 65535"
                )
            }
            Self::ServiceName { value } => write!(
                formatter,
                ":service is {value}; expected a name or digits without sign, spaces or controls"
            ),
            Self::Kind { value } => {
                write!(
                    formatter,
                    ":type is {value}; expected nil, datagram, or seqpacket"
                )
            }
            Self::Option {
                option,
                value,
                expected,
            } => {
                write!(formatter, "{option} is {value}; expected {expected}")
            }
        }
    }
}

impl std::error::Error for Error {}
