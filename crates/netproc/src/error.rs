//! What the functions refuse, in words for people and as the conditions that Emacs signals.

use std::error::Error as StdError;
use std::fmt;

use netproc_address::Family;
use netproc_coding::UnknownCodingSystem;
use netproc_lisp::Value;
use netproc_network::Buffer;
use netproc_process::message;

use crate::network_stream::StreamError;

/// Why something could not be done with a network process.
///
/// It takes in the errors of the layers below, so that `?` works on all of them.
/// [`Error::condition`] is what Emacs signals in the same place, word for word.
///
/// # Examples
///
/// ```
/// use netproc::functions::delete_process;
///
/// let error = delete_process("nosuch").expect_err("there is none");
/// assert_eq!(error.to_string(), "no process and no buffer is named \"nosuch\"");
/// assert_eq!(error.condition().to_string(), r#"(error "Process nosuch does not exist")"#);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The network, its keywords, the peer or the system said no.
    Network(netproc_network::Error),
    /// A stream could not be opened for its parameters, or for what its server did.
    Stream(Box<StreamError>),
    /// An address or a network option is none.
    Address(netproc_address::Error),
    /// A coding system is named that nobody knows.
    CodingSystem(UnknownCodingSystem),
    /// No process and no buffer has the name.
    NoSuchProcess {
        /// The name.
        name: String,
    },
    /// The buffer has no process.
    NoProcessInBuffer {
        /// The name of the buffer.
        buffer: String,
    },
    /// The buffer is killed.
    DeadBuffer {
        /// The name that it had.
        buffer: String,
    },
    /// The value is no process and names none.
    NotAProcess {
        /// The value.
        value: Value,
    },
    /// Network processes take no signals and have no children.
    NotASubprocess {
        /// The name of the process.
        process: String,
    },
    /// A network process has no process of the system behind it that a signal could go to.
    CannotSignal {
        /// The name of the process.
        process: String,
    },
    /// No network option has the name.
    UnknownOption {
        /// The name, as it was written.
        name: String,
    },
    /// The positions are not within the text of the buffer.
    OutOfRange {
        /// The buffer.
        buffer: Buffer,
        /// The lower position.
        start: usize,
        /// The higher position.
        end: usize,
    },
    /// Interfaces have addresses of other families only.
    InterfaceFamily {
        /// The family asked for.
        family: Family,
    },
    /// Names are looked up in other families only.
    LookupFamily {
        /// The family asked for.
        family: Family,
    },
    /// The name has more bytes than any interface's.
    InterfaceNameTooLong {
        /// The name.
        name: String,
    },
    /// The system did not tell its interfaces.
    Interfaces(std::io::Error),
}

impl Error {
    /// Returns the condition that Emacs signals: its symbol and data, as `(SYMBOL . DATA)`.
    ///
    /// Where Emacs takes what we refuse, the condition is an `error` with our words.
    #[doc(alias = "signal")]
    pub fn condition(&self) -> Value {
        let text = match self {
            Error::Network(error) => return error.condition(),
            Error::Stream(error) => return error.condition(),
            Error::NotAProcess { value } => {
                let wrong_type = Value::symbol("wrong-type-argument");
                return Value::list([wrong_type, Value::symbol("processp"), value.clone()]);
            }
            Error::CodingSystem(error) => {
                let name = Value::symbol(&error.name);
                return Value::list([Value::symbol("coding-system-error"), name]);
            }
            Error::OutOfRange { buffer, start, end } => {
                return Value::list([
                    Value::symbol("args-out-of-range"),
                    buffer.to_value(),
                    position(*start),
                    position(*end),
                ]);
            }
            Error::Address(error) => address_text(error),
            Error::NoSuchProcess { name } => format!("Process {name} does not exist"),
            Error::NoProcessInBuffer { buffer } => format!("Buffer {buffer} has no process"),
            Error::DeadBuffer { .. } => "Attempt to get process for a dead buffer".to_owned(),
            Error::NotASubprocess { process } => message::not_a_subprocess(process),
            Error::CannotSignal { process } => message::cannot_signal(process),
            Error::UnknownOption { .. } => "Unknown or unsupported option".to_owned(),
            Error::InterfaceFamily { .. } => "Unsupported address family".to_owned(),
            Error::LookupFamily { .. } => "Unsupported lookup type".to_owned(),
            Error::InterfaceNameTooLong { .. } => "interface name too long".to_owned(),
            Error::Interfaces(error) => netproc_socket::bare_text(error),
        };
        Value::list([Value::symbol("error"), Value::from(text)])
    }
}

/// Returns what Emacs says about a wrong address, where it says anything.
fn address_text(error: &netproc_address::Error) -> String {
    match error {
        netproc_address::Error::Option { option, .. } => {
            format!("Bad option value for {option}")
        }
        netproc_address::Error::HostNotAscii { value } => {
            let host = value.as_text().map(ToString::to_string).unwrap_or_default();
            format!("Non-ASCII hostname {host} detected, please use puny-encode-domain")
        }
        netproc_address::Error::FamilyNumber { .. } => {
            "Format specifier doesn’t match argument type".to_owned()
        }
        other => other.to_string(),
    }
}

/// Returns a position as Lisp has it; no buffer is so long that it would not fit.
fn position(position: usize) -> Value {
    Value::from(i64::try_from(position).unwrap_or(i64::MAX))
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Network(error) => error.fmt(formatter),
            Error::Stream(error) => error.fmt(formatter),
            Error::Address(error) => error.fmt(formatter),
            Error::CodingSystem(error) => error.fmt(formatter),
            Error::NoSuchProcess { name } => {
                write!(formatter, "no process and no buffer is named {name:?}")
            }
            Error::NoProcessInBuffer { buffer } => {
                write!(formatter, "buffer {buffer:?} has no process")
            }
            Error::DeadBuffer { buffer } => write!(formatter, "buffer {buffer:?} is killed"),
            Error::NotAProcess { value } => {
                write!(
                    formatter,
                    "{value}: expected a process, a buffer, or the name of one"
                )
            }
            Error::NotASubprocess { process } => write!(
                formatter,
                "process {process:?} is a network process; expected a program that was started"
            ),
            Error::CannotSignal { process } => write!(
                formatter,
                "process {process:?} is a network process, which takes no signals"
            ),
            Error::UnknownOption { name } => {
                write!(formatter, "{name:?} is no network option")?;
                let known = netproc_address::OptionName::ALL.iter();
                let keywords: Vec<&str> = known.map(|option| option.keyword()).collect();
                write!(formatter, "; expected one of {}", keywords.join(" "))
            }
            Error::OutOfRange { buffer, start, end } => write!(
                formatter,
                "{start} to {end} is not within buffer {:?}, which ends at {}",
                buffer.name(),
                buffer.with(|buffer| buffer.len()) + 1
            ),
            Error::InterfaceFamily { family } => {
                write!(
                    formatter,
                    "interfaces: family is {family}; expected ipv4, ipv6, or none"
                )
            }
            Error::LookupFamily { family } => {
                write!(
                    formatter,
                    "lookup: family is {family}; expected ipv4, ipv6, or none"
                )
            }
            Error::InterfaceNameTooLong { name } => {
                write!(
                    formatter,
                    "interface {name:?}: expected a name of at most 15 bytes"
                )
            }
            Error::Interfaces(error) => write!(formatter, "listing the interfaces: {error}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Network(error) => Some(error),
            Error::Stream(error) => Some(error),
            Error::Address(error) => Some(error),
            Error::CodingSystem(error) => Some(error),
            Error::Interfaces(error) => Some(error),
            _ => None,
        }
    }
}

impl From<netproc_network::Error> for Error {
    fn from(error: netproc_network::Error) -> Self {
        Error::Network(error)
    }
}

impl From<StreamError> for Error {
    fn from(error: StreamError) -> Self {
        Error::Stream(Box::new(error))
    }
}

impl From<netproc_keywords::Error> for Error {
    fn from(error: netproc_keywords::Error) -> Self {
        Error::Network(error.into())
    }
}

impl From<netproc_lisp::ReadError> for Error {
    fn from(error: netproc_lisp::ReadError) -> Self {
        Error::from(netproc_keywords::Error::from(error))
    }
}

impl From<netproc_address::Error> for Error {
    fn from(error: netproc_address::Error) -> Self {
        Error::Address(error)
    }
}

impl From<UnknownCodingSystem> for Error {
    fn from(error: UnknownCodingSystem) -> Self {
        Error::CodingSystem(error)
    }
}
