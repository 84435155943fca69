//! The options of a socket, as keywords such as `:keepalive` give them.

use std::fmt;

use netproc_lisp::{Text, Value};

use crate::Error;

macro_rules! options {
    ($($(#[$doc:meta])* $variant:ident = $keyword:literal,)*) => {
        /// The name of a network option.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum OptionName {
            $($(#[$doc])* $variant,)*
        }

        impl OptionName {
            /// All network options, in the order of the Emacs manual; our own ones last.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the keyword, with its colon.
            pub const fn keyword(self) -> &'static str {
                match self {
                    $(Self::$variant => $keyword,)*
                }
            }
        }
    };
}

options! {
    /// Send and receive through one network interface only.
    BindToDevice = ":bindtodevice",
    /// Allow broadcast datagrams.
    Broadcast = ":broadcast",
    /// Reach hosts of attached networks only.
    DontRoute = ":dontroute",
    /// Probe connections that have gone quiet.
    KeepAlive = ":keepalive",
    /// Wait on closing until what was sent has arrived.
    Linger = ":linger",
    /// Keep out-of-band data among the rest.
    OobInline = ":oobinline",
    /// The priority of packets sent.
    Priority = ":priority",
    /// Allow a port to be used again at once.
    ReuseAddress = ":reuseaddr",
    /// Send small amounts of data at once. Not in Emacs.
    NoDelay = ":nodelay",
}

impl OptionName {
    /// Returns the option of that keyword, if it is one.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|option| option.keyword() == keyword)
    }

    /// Returns whether Emacs knows the option.
    pub fn is_in_emacs(self) -> bool {
        self != Self::NoDelay
    }
}

impl fmt::Display for OptionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.keyword())
    }
}

/// A network option with its value.
///
/// ```
/// use netproc_address::{NetworkOption, OptionName};
/// use netproc_lisp::Value;
///
/// let option = NetworkOption::from_value(OptionName::Linger, &Value::from(5))?;
/// assert_eq!(option, NetworkOption::Linger(Some(5)));
/// assert_eq!(option.name().keyword(), ":linger");
/// # Ok::<(), netproc_address::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NetworkOption {
    /// The name of the interface, 1 to 15 bytes; `None` for any.
    BindToDevice(Option<Box<[u8]>>),
    /// Whether broadcast datagrams are allowed.
    Broadcast(bool),
    /// Whether only hosts of attached networks are reached.
    DontRoute(bool),
    /// Whether quiet connections are probed.
    KeepAlive(bool),
    /// How many seconds closing waits; `None` for off, when it does not wait but delivers.
    Linger(Option<u32>),
    /// Whether out-of-band data stays among the rest.
    OobInline(bool),
    /// The priority of packets sent.
    Priority(i32),
    /// Whether a port may be used again at once.
    ReuseAddress(bool),
    /// Whether small amounts of data are sent at once.
    NoDelay(bool),
}

/// The longest name of an interface, in bytes.
const LONGEST_INTERFACE_NAME: usize = 15;

/// What `:linger` may be.
const LINGER: &str = "seconds in 32 bits, nil, or t";

impl NetworkOption {
    /// Reads the value of an option.
    ///
    /// Switches take any value, nil being off. `:linger` takes an integer of seconds, nil, or
    /// anything else for 0 seconds; negative seconds are without end to the kernel.
    ///
    /// # Errors
    ///
    /// [`Error::Option`] for a `:priority` or `:linger` that is no integer of 32 bits (Emacs takes
    /// it as some other number), and a `:bindtodevice` that is
    /// neither nil nor a string of at most 15 bytes (Emacs cuts it).
    #[doc(alias = "set-network-process-option")]
    pub fn from_value(name: OptionName, value: &Value) -> Result<Self, Error> {
        let refuse = |expected| Error::Option {
            option: name,
            value: value.clone(),
            expected,
        };
        Ok(match name {
            OptionName::BindToDevice => Self::BindToDevice(match value {
                Value::Nil => None,
                Value::String(text) => interface_name(text).ok_or_else(|| {
                    refuse("an interface name of at most 15 bytes without NUL, or nil")
                })?,
                _ => return Err(refuse("the name of an interface, or nil")),
            }),
            OptionName::Broadcast => Self::Broadcast(value.is_true()),
            OptionName::DontRoute => Self::DontRoute(value.is_true()),
            OptionName::KeepAlive => Self::KeepAlive(value.is_true()),
            OptionName::Linger => Self::Linger(match value {
                Value::Nil => None,
                // The kernel's field is a signed integer of 32 bits.
                Value::Integer(seconds) => Some(
                    i32::try_from(*seconds)
                        .map_err(|_| refuse(LINGER))?
                        .cast_unsigned(),
                ),
                Value::BigInteger(_) => return Err(refuse(LINGER)),
                _ => Some(0),
            }),
            OptionName::OobInline => Self::OobInline(value.is_true()),
            OptionName::Priority => {
                let priority = value
                    .as_integer()
                    .and_then(|number| i32::try_from(number).ok());
                Self::Priority(priority.ok_or_else(|| refuse("an integer of 32 bits"))?)
            }
            OptionName::ReuseAddress => Self::ReuseAddress(value.is_true()),
            OptionName::NoDelay => Self::NoDelay(value.is_true()),
        })
    }

    /// Returns the name of the option.
    pub fn name(&self) -> OptionName {
        match self {
            Self::BindToDevice(_) => OptionName::BindToDevice,
            Self::Broadcast(_) => OptionName::Broadcast,
            Self::DontRoute(_) => OptionName::DontRoute,
            Self::KeepAlive(_) => OptionName::KeepAlive,
            Self::Linger(_) => OptionName::Linger,
            Self::OobInline(_) => OptionName::OobInline,
            Self::Priority(_) => OptionName::Priority,
            Self::ReuseAddress(_) => OptionName::ReuseAddress,
            Self::NoDelay(_) => OptionName::NoDelay,
        }
    }

    /// Returns the value as the keyword takes it.
    pub fn value(&self) -> Value {
        match self {
            Self::BindToDevice(name) => Value::from(name.as_deref().map(Text::from_bytes)),
            Self::Linger(seconds) => Value::from(seconds.map(u32::cast_signed)),
            Self::Priority(priority) => Value::from(*priority),
            Self::Broadcast(on)
            | Self::DontRoute(on)
            | Self::KeepAlive(on)
            | Self::OobInline(on)
            | Self::ReuseAddress(on)
            | Self::NoDelay(on) => Value::from(*on),
        }
    }
}

/// Returns the name of an interface, `None` inside for the empty one, and `None` for a bad one.
#[expect(
    clippy::option_option,
    reason = "the outer says whether the text is a name at all"
)]
fn interface_name(text: &Text) -> Option<Option<Box<[u8]>>> {
    let bytes = text.as_bytes();
    if bytes.len() > LONGEST_INTERFACE_NAME || bytes.contains(&0) {
        return None;
    }
    Some((!bytes.is_empty()).then(|| bytes.into()))
}

impl fmt::Display for NetworkOption {
    /// Writes keyword and value, as in `:linger 5`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name(), self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: OptionName, value: impl Into<Value>) -> Result<NetworkOption, Error> {
        NetworkOption::from_value(name, &value.into())
    }

    #[test]
    fn the_keyword_of_every_option_finds_it() {
        for &option in OptionName::ALL {
            assert_eq!(OptionName::from_keyword(option.keyword()), Some(option));
        }
        assert_eq!(OptionName::from_keyword("keepalive"), None);
        assert_eq!(OptionName::from_keyword(":name"), None);
    }

    #[test]
    fn switches_take_any_value() {
        for value in [Value::from(0), Value::from("x"), Value::t()] {
            assert_eq!(
                read(OptionName::Broadcast, value),
                Ok(NetworkOption::Broadcast(true))
            );
        }
        assert_eq!(
            read(OptionName::ReuseAddress, false),
            Ok(NetworkOption::ReuseAddress(false))
        );
    }

    #[test]
    fn linger_is_seconds_or_off_or_on_with_zero() {
        assert_eq!(
            read(OptionName::Linger, 5),
            Ok(NetworkOption::Linger(Some(5)))
        );
        assert_eq!(
            read(OptionName::Linger, "x"),
            Ok(NetworkOption::Linger(Some(0)))
        );
        assert_eq!(
            read(OptionName::Linger, Value::Nil),
            Ok(NetworkOption::Linger(None))
        );
        let endless = read(OptionName::Linger, -3).unwrap();
        assert_eq!(endless, NetworkOption::Linger(Some(u32::MAX - 2)));
        assert_eq!(endless.value(), Value::from(-3));
        assert!(matches!(
            read(OptionName::Linger, 1_i64 << 40),
            Err(Error::Option { .. })
        ));
    }

    #[test]
    fn priority_is_an_integer_of_32_bits() {
        assert_eq!(
            read(OptionName::Priority, -1),
            Ok(NetworkOption::Priority(-1))
        );
        for value in [
            Value::Nil,
            Value::t(),
            Value::from("5"),
            Value::from(1.0),
            Value::from(3_000_000_000_i64),
        ] {
            let error = read(OptionName::Priority, value.clone()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(":priority is {value}; expected an integer of 32 bits")
            );
        }
    }

    #[test]
    fn an_interface_is_a_short_name_or_none() {
        assert_eq!(
            read(OptionName::BindToDevice, "lo"),
            Ok(NetworkOption::BindToDevice(Some((*b"lo").into())))
        );
        for none in [Value::Nil, Value::from("")] {
            let option = read(OptionName::BindToDevice, none);
            assert_eq!(option, Ok(NetworkOption::BindToDevice(None)));
        }
        for bad in [
            Value::from(5),
            Value::t(),
            "toolonginterfacename".into(),
            "l\0".into(),
        ] {
            assert!(matches!(
                read(OptionName::BindToDevice, bad),
                Err(Error::Option { .. })
            ));
        }
    }

    #[test]
    fn every_option_reads_back_from_its_value() {
        for option in [
            NetworkOption::BindToDevice(Some((*b"v\xFF0").into())),
            NetworkOption::Broadcast(true),
            NetworkOption::DontRoute(false),
            NetworkOption::KeepAlive(true),
            NetworkOption::Linger(Some(0)),
            NetworkOption::OobInline(true),
            NetworkOption::Priority(6),
            NetworkOption::ReuseAddress(false),
            NetworkOption::NoDelay(true),
        ] {
            assert_eq!(
                NetworkOption::from_value(option.name(), &option.value()),
                Ok(option)
            );
        }
    }
}
