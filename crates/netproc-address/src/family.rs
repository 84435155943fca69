//! The address family, as `:family` gives it.

use std::fmt;

use netproc_lisp::Value;

use crate::Error;

/// A family of addresses (and so of protocols).
///
/// "Determine it from host and service" is `None` of an `Option<Family>`.
///
/// ```
/// use netproc_address::Family;
/// use netproc_lisp::Value;
///
/// assert_eq!(Family::from_value(&Value::symbol("ipv6"))?, Some(Family::Ipv6));
/// assert_eq!(Family::from_value(&Value::from(2))?, Some(Family::Ipv4));
/// assert_eq!(Family::from_value(&Value::Nil)?, None);
/// # Ok::<(), netproc_address::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "any other family is a number")]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// Unix sockets.
    Local,
    /// Any other family, by the number Linux gives it.
    Raw(i32),
}

impl Family {
    /// Linux's number of the local family, `AF_UNIX`.
    pub const LOCAL_NUMBER: u16 = 1;
    /// Linux's number of the IPv4 family, `AF_INET`.
    pub const IPV4_NUMBER: u16 = 2;
    /// Linux's number of the IPv6 family, `AF_INET6`.
    pub const IPV6_NUMBER: u16 = 10;

    /// Returns the family of that number; those with a name of their own get it.
    pub fn from_number(number: i32) -> Self {
        match u16::try_from(number) {
            Ok(Self::LOCAL_NUMBER) => Self::Local,
            Ok(Self::IPV4_NUMBER) => Self::Ipv4,
            Ok(Self::IPV6_NUMBER) => Self::Ipv6,
            _ => Self::Raw(number),
        }
    }

    /// Returns the number that Linux gives the family.
    pub fn number(self) -> i32 {
        match self {
            Self::Local => Self::LOCAL_NUMBER.into(),
            Self::Ipv4 => Self::IPV4_NUMBER.into(),
            Self::Ipv6 => Self::IPV6_NUMBER.into(),
            Self::Raw(number) => number,
        }
    }

    /// Reads the value of `:family`; nil and 0 give `None`, for any family.
    ///
    /// # Errors
    ///
    /// [`Error::Family`] for what is neither one of the symbols nor an integer of 32 bits.
    pub fn from_value(value: &Value) -> Result<Option<Self>, Error> {
        let family = match value {
            Value::Nil | Value::Integer(0) => return Ok(None),
            Value::Integer(number) => i32::try_from(*number).ok().map(Self::from_number),
            Value::Symbol(symbol) => match symbol.as_str() {
                "ipv4" => Some(Self::Ipv4),
                "ipv6" => Some(Self::Ipv6),
                "local" => Some(Self::Local),
                _ => None,
            },
            _ => None,
        };
        family.map(Some).ok_or_else(|| Error::Family {
            value: value.clone(),
        })
    }

    /// Returns the family as `:family` takes it.
    pub fn to_value(self) -> Value {
        match self {
            Self::Ipv4 => Value::symbol("ipv4"),
            Self::Ipv6 => Value::symbol("ipv6"),
            Self::Local => Value::symbol("local"),
            Self::Raw(number) => Value::from(number),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipv4 => formatter.write_str("ipv4"),
            Self::Ipv6 => formatter.write_str("ipv6"),
            Self::Local => formatter.write_str("local"),
            Self::Raw(number) => write!(formatter, "{number}"),
        }
    }
}

impl From<Family> for Value {
    fn from(family: Family) -> Self {
        family.to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_act_like_the_symbols_they_stand_for() {
        for (number, family) in [(1, Family::Local), (2, Family::Ipv4), (10, Family::Ipv6)] {
            assert_eq!(Family::from_value(&Value::from(number)), Ok(Some(family)));
        }
        assert_eq!(Family::from_value(&Value::from(0)), Ok(None));
        assert_eq!(
            Family::from_value(&Value::from(16)),
            Ok(Some(Family::Raw(16)))
        );
    }

    #[test]
    fn other_symbols_strings_floats_and_huge_integers_are_refused() {
        for value in [
            Value::t(),
            Value::symbol("inet"),
            Value::from("ipv4"),
            Value::from(2.0),
            Value::from(1_i64 << 40),
        ] {
            assert_eq!(Family::from_value(&value), Err(Error::Family { value }));
        }
    }
}
