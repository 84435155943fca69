//! The host, as `:host` gives it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netproc_lisp::Value;

use crate::Error;

/// A host to connect to or to listen on, not looked up yet.
///
/// ```
/// use netproc_address::Host;
///
/// assert_eq!(Host::from("gnu.org").to_string(), "gnu.org");
/// assert_eq!(Host::Local.to_value().to_string(), "local");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the manual names these two forms")]
pub enum Host {
    /// This host: 127.0.0.1, or ::1 when the family is IPv6. The default.
    #[default]
    Local,
    /// A name, or an address written out.
    Name(String),
}

impl Host {
    /// Reads the value of `:host`; nil is the same as `local`.
    ///
    /// # Errors
    ///
    /// [`Error::Host`] for what is neither string, nil nor `local`; [`Error::HostNotAscii`] and
    /// [`Error::HostNul`] for names that cannot be looked up.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Nil => Ok(Self::Local),
            Value::Symbol(symbol) if symbol == "local" => Ok(Self::Local),
            Value::String(text) => match text.as_str() {
                Some(name) if name.contains('\0') => Err(Error::HostNul {
                    value: value.clone(),
                }),
                Some(name) if name.is_ascii() => Ok(Self::Name(name.to_owned())),
                _ => Err(Error::HostNotAscii {
                    value: value.clone(),
                }),
            },
            _ => Err(Error::Host {
                value: value.clone(),
            }),
        }
    }

    /// Returns the host as `:host` takes it.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Local => Value::symbol("local"),
            Self::Name(name) => Value::string(name),
        }
    }

    /// Returns the name, if it has one.
    pub fn name(&self) -> Option<&str> {
        if let Self::Name(name) = self {
            Some(name)
        } else {
            None
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name().unwrap_or("local"))
    }
}

impl From<&str> for Host {
    /// Takes the text as a name, even `local`.
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<String> for Host {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<&Self> for Host {
    fn from(host: &Self) -> Self {
        host.clone()
    }
}

impl From<IpAddr> for Host {
    fn from(address: IpAddr) -> Self {
        Self::Name(address.to_string())
    }
}

impl From<Ipv4Addr> for Host {
    fn from(address: Ipv4Addr) -> Self {
        Self::Name(address.to_string())
    }
}

impl From<Ipv6Addr> for Host {
    fn from(address: Ipv6Addr) -> Self {
        Self::Name(address.to_string())
    }
}

impl From<Host> for Value {
    fn from(host: Host) -> Self {
        host.to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nil_and_local_are_this_host() {
        assert_eq!(Host::from_value(&Value::Nil), Ok(Host::Local));
        assert_eq!(Host::from_value(&Value::symbol("local")), Ok(Host::Local));
        assert_eq!(
            Host::from_value(&Value::from("local")),
            Ok(Host::from("local"))
        );
    }

    #[test]
    fn what_is_no_string_is_refused() {
        for value in [Value::t(), Value::from(5), Value::vector([127, 0, 0, 1])] {
            assert_eq!(Host::from_value(&value), Err(Error::Host { value }));
        }
    }

    #[test]
    fn names_that_cannot_be_looked_up_are_refused() {
        let value = Value::from("höst");
        assert_eq!(Host::from_value(&value), Err(Error::HostNotAscii { value }));
        let value = Value::bytes(b"h\xF6st");
        assert_eq!(Host::from_value(&value), Err(Error::HostNotAscii { value }));
        let value = Value::from("localhost\0.example");
        assert_eq!(Host::from_value(&value), Err(Error::HostNul { value }));
    }
}
