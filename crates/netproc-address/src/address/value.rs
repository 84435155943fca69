//! Addresses as Lisp values.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use netproc_lisp::Value;

use crate::{Address, Error, LocalName, RawAddress};

impl Address {
    /// Reads an address as `:local` and `:remote` take it.
    ///
    /// The forms are those of the Emacs manual (Network Processes): `[A B C D PORT]` for IPv4,
    /// `[A B C D E F G H PORT]` for IPv6, a string for a local socket, `(FAMILY . VECTOR)` for
    /// anything, one byte an element. A scoped IPv6 address has its scope after the port, and its
    /// flow information after that. Where Emacs masks an element or leaves it out, this refuses.
    ///
    /// # Errors
    ///
    /// [`Error::NotAnAddress`], [`Error::VectorLength`], [`Error::FamilyNumber`], and
    /// [`Error::Element`], which names the element; for local names see [`LocalName::from_text`].
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Vector(elements) => match &**elements {
                [a, b, c, d, port] => Ok(Self::V4(SocketAddrV4::new(
                    Ipv4Addr::new(byte(0, a)?, byte(1, b)?, byte(2, c)?, byte(3, d)?),
                    word(4, port)?,
                ))),
                [words @ .., port] if words.len() == 8 => ipv6(words, port, &[]),
                [_, _, _, _, _, _, _, _, port, more @ ..] if matches!(more.len(), 1 | 2) => {
                    ipv6(&elements[..8], port, more)
                }
                _ => Err(Error::VectorLength {
                    value: value.clone(),
                }),
            },
            Value::String(text) => LocalName::from_text(text).map(Self::Local),
            Value::Cons(cell) => match (&cell.car, &cell.cdr) {
                (family, Value::Vector(elements)) => {
                    let family = family
                        .as_integer()
                        .and_then(|number| u16::try_from(number).ok())
                        .ok_or_else(|| Error::FamilyNumber {
                            value: family.clone(),
                        })?;
                    raw(family, elements)
                }
                _ => Err(Error::NotAnAddress {
                    value: value.clone(),
                }),
            },
            _ => Err(Error::NotAnAddress {
                value: value.clone(),
            }),
        }
    }

    /// Returns the address as Lisp has it.
    ///
    /// Only scoped IPv6 addresses have a form that Emacs has not: it drops the scope.
    pub fn to_value(&self) -> Value {
        match self {
            Self::V4(address) => {
                let [a, b, c, d] = address.ip().octets().map(Value::from);
                Value::Vector([a, b, c, d, address.port().into()].into())
            }
            Self::V6(address) => {
                let words = address.ip().segments().into_iter().map(u32::from);
                let rest = [
                    address.port().into(),
                    address.scope_id(),
                    address.flowinfo(),
                ];
                let length = match (address.scope_id(), address.flowinfo()) {
                    (0, 0) => 9,
                    (_, 0) => 10,
                    _ => 11,
                };
                Value::vector(words.chain(rest).take(length))
            }
            Self::Local(name) => name.to_value(),
            Self::Raw(raw) => Value::cons(raw.family(), Value::vector(raw.bytes().iter().copied())),
        }
    }
}

impl TryFrom<&Value> for Address {
    type Error = Error;

    fn try_from(value: &Value) -> Result<Self, Error> {
        Self::from_value(value)
    }
}

impl From<&Address> for Value {
    fn from(address: &Address) -> Self {
        address.to_value()
    }
}

impl From<Address> for Value {
    fn from(address: Address) -> Self {
        address.to_value()
    }
}

fn ipv6(words: &[Value], port: &Value, more: &[Value]) -> Result<Address, Error> {
    let mut segments = [0; 8];
    for (index, (segment, value)) in segments.iter_mut().zip(words).enumerate() {
        *segment = word(index, value)?;
    }
    let port = word(8, port)?;
    let scope = more
        .first()
        .map_or(Ok(0), |scope| integer(9, scope, u32::MAX))?;
    let flow = more
        .get(1)
        .map_or(Ok(0), |flow| integer(10, flow, u32::MAX))?;
    Ok(Address::V6(SocketAddrV6::new(
        Ipv6Addr::from(segments),
        port,
        flow,
        scope,
    )))
}

fn raw(family: u16, elements: &[Value]) -> Result<Address, Error> {
    let mut bytes = [0; RawAddress::MAX_BYTES];
    let bytes = bytes.get_mut(..elements.len()).ok_or(Error::TooLong {
        length: elements.len(),
    })?;
    for (index, (place, value)) in bytes.iter_mut().zip(elements).enumerate() {
        *place = byte(index, value)?;
    }
    Address::raw(family, bytes)
}

fn byte(index: usize, value: &Value) -> Result<u8, Error> {
    integer(index, value, u8::MAX)
}

fn word(index: usize, value: &Value) -> Result<u16, Error> {
    integer(index, value, u16::MAX)
}

fn integer<T>(index: usize, value: &Value, maximum: T) -> Result<T, Error>
where
    T: TryFrom<i64> + Into<u32>,
{
    match value {
        Value::Integer(number) => T::try_from(*number).ok(),
        _ => None,
    }
    .ok_or_else(|| Error::Element {
        index,
        value: value.clone(),
        maximum: maximum.into(),
    })
}

#[cfg(test)]
mod tests {
    use netproc_lisp::read;

    use super::*;

    fn address(text: &str) -> Result<Address, Error> {
        Address::from_value(&read(text).unwrap())
    }

    #[test]
    fn the_forms_of_the_manual_are_read() {
        assert_eq!(
            address("[127 0 0 1 80]"),
            Ok(Address::from(([127, 0, 0, 1], 80)))
        );
        assert_eq!(
            address("[8193 3512 0 0 0 0 0 5 443]"),
            Ok("[2001:db8::5]:443".parse().unwrap())
        );
        assert_eq!(
            address("\"/tmp/x\""),
            Ok(Address::Local(LocalName::path("/tmp/x").unwrap()))
        );
        assert_eq!(
            address("(16 . [0 0 1 0])").unwrap().to_sockaddr()[2..],
            [0, 0, 1, 0]
        );
    }

    #[test]
    fn a_raw_address_of_a_known_family_is_that_address() {
        assert_eq!(
            address("(2 . [0 80 127 0 0 1 0 0 0 0 0 0 0 0])"),
            Ok(Address::from(([127, 0, 0, 1], 80)))
        );
        assert_eq!(
            address("(1 . [47 120 0])"),
            Ok(Address::Local(LocalName::path("/x").unwrap()))
        );
    }

    #[test]
    fn a_scope_stands_after_the_port_and_flow_after_the_scope() {
        assert_eq!(
            address("[65152 0 0 0 0 0 0 1 7 2]"),
            Ok("[fe80::1%2]:7".parse().unwrap())
        );
        let flow = Address::V6(SocketAddrV6::new(Ipv6Addr::LOCALHOST, 7, 5, 0));
        assert_eq!(flow.to_value().to_string(), "[0 0 0 0 0 0 0 1 7 0 5]");
        assert_eq!(Address::from_value(&flow.to_value()), Ok(flow));
    }

    #[test]
    fn the_wrong_element_is_named() {
        for (text, index, element, maximum) in [
            ("[256 0 0 1 80]", 0, "256", 255),
            ("[127 0 0 x 80]", 3, "x", 255),
            ("[127 0 0 1 -1]", 4, "-1", 65_535),
            ("[127 0 0 1 65536]", 4, "65536", 65_535),
            ("[127 0 0 1.0 80]", 3, "1.0", 255),
            ("[65536 0 0 0 0 0 0 0 0]", 0, "65536", 65_535),
            ("[0 0 0 0 0 0 0 1 nil]", 8, "nil", 65_535),
            ("[0 0 0 0 0 0 0 1 80 4294967296]", 9, "4294967296", u32::MAX),
            ("(16 . [0 1 256])", 2, "256", 255),
        ] {
            let value = read(element).unwrap();
            assert_eq!(
                address(text),
                Err(Error::Element {
                    index,
                    value,
                    maximum
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn other_lengths_and_types_are_refused() {
        for text in [
            "[]",
            "[1 2 3 4]",
            "[1 2 3 4 5 6]",
            "[1 2 3 4 5 6 7 8 9 10 11 12]",
        ] {
            assert_eq!(
                address(text),
                Err(Error::VectorLength {
                    value: read(text).unwrap()
                })
            );
        }
        for text in ["nil", "t", "5", "(2 3)", "(2)", "(2 . \"x\")"] {
            assert_eq!(
                address(text),
                Err(Error::NotAnAddress {
                    value: read(text).unwrap()
                })
            );
        }
        for (text, family) in [
            ("(-1 . [0])", "-1"),
            ("(65536 . [])", "65536"),
            ("(x . [])", "x"),
        ] {
            let value = read(family).unwrap();
            assert_eq!(address(text), Err(Error::FamilyNumber { value }));
        }
        let long = Value::cons(16, Value::vector([0; 127]));
        assert_eq!(
            Address::from_value(&long),
            Err(Error::TooLong { length: 127 })
        );
    }
}
