//! Why the network said no, split by whose fault it is.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use netproc_address::{Address, Kind, NetworkOption, OptionName};
use netproc_lisp::Value;
use netproc_socket::{ConnectError, LookupError, OpenError, OsError};

use crate::process::Process;

/// The system's number for a peer that reads no more.
const EPIPE: i32 = 32;

/// The system's number for a message that is too long for its kind of socket.
const EMSGSIZE: i32 = 90;

/// An error of making or using a network process.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The keyword list or the builder is wrong.
    Spec(netproc_keywords::Error),
    /// A callback is named that the network does not know.
    UnknownFunction {
        /// `:filter`, `:sentinel` or `:log`.
        keyword: &'static str,
        /// The value given.
        value: Value,
        /// The names the network knows for this keyword.
        known: Vec<String>,
    },
    /// A buffer was asked for by an empty name.
    EmptyBufferName,
    /// The TLS parameters are of no use, or the handshake failed.
    Tls(netproc_tls::Error),
    /// The connection cannot be encrypted from now on.
    NoUpgrade {
        /// The name of the process.
        process: Arc<str>,
        /// Why, as the end of a sentence about the process.
        reason: &'static str,
    },
    /// The name of a host or service was not found.
    Lookup {
        /// What was looked up, as `HOST/SERVICE`.
        what: String,
        /// The resolver's answer.
        cause: LookupError,
    },
    /// No address could be connected to.
    Connect {
        /// What happened with each address.
        cause: ConnectError,
        /// The keyword list of the client.
        arguments: Value,
    },
    /// A server's or a datagram socket could not be made.
    Open {
        /// The step that failed, its address and its cause.
        cause: OpenError,
        /// Whether it was a server.
        server: bool,
        /// The keyword list of the process.
        arguments: Value,
    },
    /// The process was deleted while its connection was being made.
    Deleted {
        /// The name of the process.
        process: Arc<str>,
    },
    /// The process refused: it does not run, or the value does not fit.
    Process(netproc_process::Error),
    /// The system refused to send for good.
    SendRefused {
        /// The process.
        process: Process,
        /// The system's answer.
        cause: OsError,
    },
    /// The process is closed.
    NotRunning {
        /// The name of the process.
        process: Arc<str>,
    },
    /// The connection ended while bytes waited to be sent.
    EndedWhileSending {
        /// The name of the process.
        process: Arc<str>,
    },
    /// The process has no stream of bytes of its own.
    NotAStream {
        /// The name of the process.
        process: Arc<str>,
    },
    /// A network option was refused by the system.
    Option {
        /// The option and its value.
        option: NetworkOption,
        /// The system's answer.
        cause: OsError,
    },
    /// A network option could not be read.
    OptionRead {
        /// The option.
        option: OptionName,
        /// The system's answer.
        cause: OsError,
    },
    /// A callback waited for the very process it belongs to.
    Reentered {
        /// The name of the process.
        process: Arc<str>,
    },
}

impl Error {
    /// Tells whether the arguments are wrong, and not the network or the system.
    pub fn is_argument_error(&self) -> bool {
        match self {
            Error::Spec(_) | Error::UnknownFunction { .. } | Error::EmptyBufferName => true,
            Error::Tls(error) => error.step().is_none(),
            _ => false,
        }
    }

    /// Returns each address that was tried and its cause, in the order of the attempts.
    pub fn attempts(&self) -> Vec<(Address, OsError)> {
        match self {
            Error::Connect { cause, .. } => cause
                .attempts()
                .iter()
                .filter_map(|attempt| Some((attempt.address()?.clone(), attempt.cause())))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the condition Emacs would signal: its symbol and data, as `(SYMBOL . DATA)`.
    ///
    /// # Examples
    ///
    /// ```
    /// let network = netproc_network::Network::new();
    /// let error = network.read_open("(:name 5)").expect_err("a name is a string");
    /// assert_eq!(error.condition().to_string(), "(wrong-type-argument stringp 5)");
    /// ```
    pub fn condition(&self) -> Value {
        match self {
            Error::Spec(error) => error.condition(),
            Error::Tls(error) => error.condition(),
            Error::EmptyBufferName => plain_error("Empty string for buffer name is not allowed"),
            Error::Lookup { what, cause } => plain_error(&format!("{what} {}", cause.text())),
            Error::Connect { cause, arguments } => match cause.last() {
                Some(last) => open_condition(last, false, arguments),
                None => file_error("make client process failed", cause.cause(), arguments),
            },
            Error::Open {
                cause,
                server,
                arguments,
            } => open_condition(cause, *server, arguments),
            Error::Option { option, cause } => Value::list([
                Value::symbol("file-error"),
                Value::string("Cannot set network option"),
                Value::string(&cause.text()),
                Value::symbol(option.name().keyword()),
                option.value(),
            ]),
            Error::SendRefused { process, cause, .. } if cause.code() == EPIPE => {
                plain_error(&netproc_process::message::pipe_closed(process.name()))
            }
            Error::SendRefused { process, cause, .. } => {
                let is_too_long = (process.kind(), cause.code()) == (Kind::Datagram, EMSGSIZE);
                let what = if is_too_long {
                    "Sending datagram"
                } else {
                    "Writing to process"
                };
                file_error(what, *cause, &Value::list([process.to_value()]))
            }
            Error::Process(error) => error.condition(),
            Error::NotRunning { .. } => plain_error("Process is not running"),
            Error::EndedWhileSending { process } => {
                plain_error(&netproc_process::message::output_closed(process))
            }
            other => plain_error(&other.to_string()),
        }
    }
}

fn plain_error(message: &str) -> Value {
    Value::list([Value::symbol("error"), Value::string(message)])
}

/// Makes `(file-error WHAT TEXT . ARGUMENTS)`, or `file-missing` where a file is missing.
fn file_error(what: &str, cause: OsError, arguments: &Value) -> Value {
    let missing = cause.kind() == std::io::ErrorKind::NotFound;
    let symbol = Value::symbol(if missing {
        "file-missing"
    } else {
        "file-error"
    });
    let rest = Value::cons(Value::string(&cause.text()), arguments.clone());
    Value::cons(symbol, Value::cons(Value::string(what), rest))
}

fn open_condition(cause: &OpenError, server: bool, arguments: &Value) -> Value {
    use netproc_socket::Step;
    match (cause.step(), cause.option()) {
        (Step::Bind, _) => file_error("Cannot bind server socket", cause.cause(), &Value::Nil),
        (Step::Listen, _) => {
            file_error("Cannot listen on server socket", cause.cause(), &Value::Nil)
        }
        (_, Some(option)) => Error::Option {
            option: option.clone(),
            cause: cause.cause(),
        }
        .condition(),
        _ if server => file_error("make server process failed", cause.cause(), arguments),
        _ => file_error("make client process failed", cause.cause(), arguments),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Spec(error) => error.fmt(formatter),
            Error::UnknownFunction {
                keyword,
                value,
                known,
            } => {
                write!(formatter, "{keyword}: {value} names no function")?;
                if known.is_empty() {
                    formatter.write_str("; none is defined")
                } else {
                    write!(formatter, "; expected one of: {}", known.join(", "))
                }
            }
            Error::EmptyBufferName => {
                formatter.write_str(":buffer: \"\" is empty; expected the name of a buffer")
            }
            Error::Tls(error) => error.fmt(formatter),
            Error::NoUpgrade { process, reason } => {
                write!(formatter, "process {process} {reason}")
            }
            Error::Lookup { what, cause } => write!(formatter, "lookup of {what}: {cause}"),
            Error::Connect { cause, .. } => cause.fmt(formatter),
            Error::Open { cause, .. } => cause.fmt(formatter),
            Error::Deleted { process } => {
                write!(
                    formatter,
                    "process {process} was deleted before it was connected"
                )
            }
            Error::SendRefused { process, cause, .. } => {
                write!(formatter, "sending on process {}: {cause}", process.name())
            }
            Error::Process(error) => error.fmt(formatter),
            Error::NotRunning { process } => write!(formatter, "process {process} is not running"),
            Error::EndedWhileSending { process } => {
                write!(
                    formatter,
                    "process {process} ended before everything was sent"
                )
            }
            Error::NotAStream { process } => {
                write!(formatter, "process {process} is no open stream connection")
            }
            Error::Option { option, cause } => write!(
                formatter,
                "{}: setting {} failed: {cause}",
                option.name().keyword(),
                option.value()
            ),
            Error::OptionRead { option, cause } => {
                write!(formatter, "{}: reading failed: {cause}", option.keyword())
            }
            Error::Reentered { process } => write!(
                formatter,
                "a callback of process {process} waits for its own output; \
                 use accept_output_nested to be called inside of it"
            ),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Spec(error) => Some(error),
            Error::Tls(error) => Some(error),
            Error::Lookup { cause, .. } => Some(cause),
            Error::Connect { cause, .. } => Some(cause),
            Error::Open { cause, .. } => Some(cause),
            Error::Process(error) => Some(error),
            Error::SendRefused { cause, .. }
            | Error::Option { cause, .. }
            | Error::OptionRead { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

impl From<netproc_keywords::Error> for Error {
    fn from(error: netproc_keywords::Error) -> Self {
        Error::Spec(error)
    }
}

impl From<netproc_tls::Error> for Error {
    fn from(error: netproc_tls::Error) -> Self {
        Error::Tls(error)
    }
}

impl From<netproc_process::Error> for Error {
    fn from(error: netproc_process::Error) -> Self {
        Error::Process(error)
    }
}

impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
