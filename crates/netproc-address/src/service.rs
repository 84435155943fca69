//! The service, as `:service` gives it for internet sockets.

use std::fmt;

use netproc_lisp::Value;

use crate::Error;

/// A service to connect to or to listen on, not looked up yet.
///
/// ```
/// use netproc_address::Service;
/// use netproc_lisp::Value;
///
/// assert_eq!(Service::from_value(&Value::from("443"))?, Service::Port(443));
/// assert_eq!(Service::from_value(&Value::from("https"))?, Service::from("https"));
/// assert!(Service::from_value(&Value::from(70_000)).is_err());
/// # Ok::<(), netproc_address::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the manual names these forms")]
pub enum Service {
    /// An unused port that the system picks: port 0.
    Any,
    /// A port number.
    Port(u16),
    /// A name such as `https`.
    Name(String),
}

impl Service {
    /// Reads the value of `:service` of an internet socket.
    ///
    /// A string of digits is the port of that number. Emacs takes ports modulo 65536, and takes
    /// strings with leading spaces or a plus sign; both are mistakes here.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] for what is neither integer, string nor t; [`Error::Port`] and
    /// [`Error::ServiceName`] for those that cannot be right.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Integer(number) => {
                u16::try_from(*number)
                    .map(Self::Port)
                    .map_err(|_| Error::Port {
                        value: value.clone(),
                    })
            }
            Value::BigInteger(_) => Err(Error::Port {
                value: value.clone(),
            }),
            Value::Symbol(symbol) if symbol == "t" => Ok(Self::Any),
            Value::String(text) => {
                let name = text.as_str().filter(|name| is_plausible(name));
                let name = name.ok_or_else(|| Error::ServiceName {
                    value: value.clone(),
                })?;
                if name.bytes().all(|byte| byte.is_ascii_digit()) {
                    name.parse().map(Self::Port).map_err(|_| Error::Port {
                        value: value.clone(),
                    })
                } else {
                    Ok(Self::Name(name.to_owned()))
                }
            }
            _ => Err(Error::Service {
                value: value.clone(),
            }),
        }
    }

    /// Returns the service as `:service` takes it.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Any => Value::t(),
            Self::Port(port) => Value::from(*port),
            Self::Name(name) => Value::string(name),
        }
    }

    /// Returns the port number, if it is known without a lookup; that of any service is 0.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Any => Some(0),
            Self::Port(port) => Some(*port),
            Self::Name(_) => None,
        }
    }
}

fn is_plausible(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['+', '-'])
        && !name.contains(|character: char| character.is_whitespace() || character.is_control())
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("t"),
            Self::Port(port) => write!(formatter, "{port}"),
            Self::Name(name) => formatter.write_str(name),
        }
    }
}

impl From<u16> for Service {
    fn from(port: u16) -> Self {
        Self::Port(port)
    }
}

impl From<&str> for Service {
    /// Takes digits within range as a port, anything else as a name.
    fn from(name: &str) -> Self {
        let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        match name.parse() {
            Ok(port) if digits => Self::Port(port),
            _ => Self::Name(name.to_owned()),
        }
    }
}

impl From<String> for Service {
    fn from(name: String) -> Self {
        Self::from(name.as_str())
    }
}

impl From<&Self> for Service {
    fn from(service: &Self) -> Self {
        service.clone()
    }
}

impl From<Service> for Value {
    fn from(service: Service) -> Self {
        service.to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: impl Into<Value>) -> Result<Service, Error> {
        Service::from_value(&value.into())
    }

    #[test]
    fn integers_digits_names_and_t_are_services() {
        assert_eq!(read(443), Ok(Service::Port(443)));
        assert_eq!(read("0443"), Ok(Service::Port(443)));
        assert_eq!(read("https"), Ok(Service::Name("https".into())));
        assert_eq!(read(true), Ok(Service::Any));
    }

    #[test]
    fn ports_out_of_range_are_refused_where_emacs_wraps_them() {
        for value in [Value::from(65_536), Value::from(-1), Value::from("70000")] {
            assert_eq!(Service::from_value(&value), Err(Error::Port { value }));
        }
        assert_eq!(read(65_535), Ok(Service::Port(65_535)));
    }

    #[test]
    fn strings_that_can_be_no_service_are_refused() {
        for text in ["", "+80", "-1", " 80", "80 ", "ht tp", "http\0x", "http\n"] {
            assert_eq!(
                read(text),
                Err(Error::ServiceName { value: text.into() }),
                "{text:?}"
            );
        }
    }

    #[test]
    fn nil_symbols_and_floats_are_refused() {
        for value in [Value::Nil, Value::symbol("http"), Value::from(80.0)] {
            assert_eq!(Service::from_value(&value), Err(Error::Service { value }));
        }
    }
}
