//! Filters, sentinels and log functions as Rust closures, and how a spec carries them.
//!
//! A spec knows callbacks only as Lisp values: a symbol names a function that the network
//! was told about, an opaque value holds a closure. The trait [`Callbacks`] puts closures into
//! the typed builder; nothing here calls them.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use async_channel::Sender;
use netproc_keywords::{Builder, Server};
use netproc_lisp::{Opaque, Text, Value};

use crate::event::Event;
use crate::process::Process;

/// The error a callback may return: anything that implements [`std::error::Error`].
pub type CallbackError = Box<dyn StdError + Send + Sync + 'static>;

/// What a callback gave back: nothing, or a result whose error is reported.
///
/// It is implemented for `()` and for every `Result<T, E>` whose error converts into
/// [`CallbackError`], so that a closure may end in `process.send(text)` as well as in nothing.
pub trait CallbackResult {
    /// Returns the error to report, if there is one.
    ///
    /// # Errors
    ///
    /// Whatever the callback failed with.
    fn into_result(self) -> Result<(), CallbackError>;
}

impl CallbackResult for () {
    fn into_result(self) -> Result<(), CallbackError> {
        Ok(())
    }
}

impl<T, E: Into<CallbackError>> CallbackResult for Result<T, E> {
    fn into_result(self) -> Result<(), CallbackError> {
        self.map(drop).map_err(Into::into)
    }
}

pub(crate) type FilterClosure = dyn Fn(&Process, &Text) -> Result<(), CallbackError> + Send + Sync;
type SentinelClosure = dyn Fn(&Process, &str) -> Result<(), CallbackError> + Send + Sync;
type LogClosure =
    dyn Fn(&Process, Option<&Process>, &str) -> Result<(), CallbackError> + Send + Sync;

/// A function that is called with a process and the text that arrived on it.
///
/// Where a process has events sent to a channel instead, this holds the channel.
#[derive(Clone)]
#[doc(alias = "set-process-filter")]
pub struct Filter(pub(crate) FilterTarget);

#[derive(Clone)]
pub(crate) enum FilterTarget {
    Function(Arc<FilterClosure>),
    Channel(Sender<Event>),
}

/// A function that is called with a process and what happened to it, for example `"open\n"`.
#[derive(Clone)]
#[doc(alias = "set-process-sentinel")]
pub struct Sentinel(pub(crate) SentinelTarget);

#[derive(Clone)]
pub(crate) enum SentinelTarget {
    Function(Arc<SentinelClosure>),
    Channel(Sender<Event>),
}

/// A function that is called with a server, the connection it accepted and a message.
///
/// The connection is `None` where accepting failed.
#[derive(Clone)]
pub struct Log(pub(crate) LogTarget);

#[derive(Clone)]
pub(crate) enum LogTarget {
    Function(Arc<LogClosure>),
    Channel(Sender<Event>),
}

impl Filter {
    /// Makes a filter of a closure.
    pub fn new<F, R>(function: F) -> Self
    where
        F: Fn(&Process, &Text) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        Filter(FilterTarget::Function(Arc::new(move |process, text| {
            function(process, text).into_result()
        })))
    }

    /// Makes a filter that sends [`Event::Data`] to a channel.
    ///
    /// While a bounded channel is full the process does not read, so nothing is lost and
    /// nothing grows.
    pub fn channel(events: Sender<Event>) -> Self {
        Filter(FilterTarget::Channel(events))
    }
}

impl Sentinel {
    /// Makes a sentinel of a closure.
    pub fn new<F, R>(function: F) -> Self
    where
        F: Fn(&Process, &str) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        Sentinel(SentinelTarget::Function(Arc::new(move |process, event| {
            function(process, event).into_result()
        })))
    }

    /// Makes a sentinel that sends [`Event::Changed`] to a channel.
    pub fn channel(events: Sender<Event>) -> Self {
        Sentinel(SentinelTarget::Channel(events))
    }
}

impl Log {
    /// Makes a log function of a closure.
    pub fn new<F, R>(function: F) -> Self
    where
        F: Fn(&Process, Option<&Process>, &str) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        Log(LogTarget::Function(Arc::new(
            move |server, connection, message| function(server, connection, message).into_result(),
        )))
    }

    /// Makes a log function that sends [`Event::Log`] to a channel.
    pub fn channel(events: Sender<Event>) -> Self {
        Log(LogTarget::Channel(events))
    }
}

/// Implements what the three function types share: a name to print, a value to stand for them.
macro_rules! function_value {
    ($type:ident, $printed:literal) => {
        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str($printed)
            }
        }

        impl From<$type> for Value {
            fn from(function: $type) -> Value {
                Value::Opaque(Opaque::new($printed, function))
            }
        }
    };
}

function_value!(Filter, "#<filter>");
function_value!(Sentinel, "#<sentinel>");
function_value!(Log, "#<log>");

/// Closures in the typed builder.
///
/// # Examples
///
/// ```
/// use netproc_keywords::Spec;
/// use netproc_network::{Callbacks, Network};
///
/// let network = Network::new();
/// let server = network.open(
///     Spec::server("echo").service(netproc_network::Service::Any)
///         .filter(|process, text| process.send(text)),
/// )?;
/// assert!(server.port().is_some());
/// # Ok::<(), netproc_network::Error>(())
/// ```
pub trait Callbacks: Sized {
    /// Calls `filter` with each text that arrives; the default inserts it into the buffer.
    #[must_use]
    fn filter<F, R>(self, filter: F) -> Self
    where
        F: Fn(&Process, &Text) -> R + Send + Sync + 'static,
        R: CallbackResult;

    /// Calls `sentinel` with each change of status; the default writes it into the buffer.
    #[must_use]
    fn sentinel<F, R>(self, sentinel: F) -> Self
    where
        F: Fn(&Process, &str) -> R + Send + Sync + 'static,
        R: CallbackResult;

    /// Sends what arrives and what happens to a channel instead of to callbacks.
    ///
    /// An event counts as handled once it is in the channel: when the peer has ended its side, the
    /// process may be closed before an answer to its last words is sent.
    #[must_use]
    fn events(self, events: &Sender<Event>) -> Self;
}

/// The log function in the typed builder of a server.
pub trait ServerCallbacks: Sized {
    /// Calls `log` for each accepted connection, before anything else happens on it.
    #[must_use]
    fn log<F, R>(self, log: F) -> Self
    where
        F: Fn(&Process, Option<&Process>, &str) -> R + Send + Sync + 'static,
        R: CallbackResult;

    /// Sends [`Event::Log`] to a channel for each accepted connection.
    #[must_use]
    fn log_events(self, events: &Sender<Event>) -> Self;
}

impl<S> Callbacks for Builder<S> {
    fn filter<F, R>(self, filter: F) -> Self
    where
        F: Fn(&Process, &Text) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        self.filter_value(Filter::new(filter))
    }

    fn sentinel<F, R>(self, sentinel: F) -> Self
    where
        F: Fn(&Process, &str) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        self.sentinel_value(Sentinel::new(sentinel))
    }

    fn events(self, events: &Sender<Event>) -> Self {
        self.filter_value(Filter::channel(events.clone()))
            .sentinel_value(Sentinel::channel(events.clone()))
    }
}

impl ServerCallbacks for Builder<Server> {
    fn log<F, R>(self, log: F) -> Self
    where
        F: Fn(&Process, Option<&Process>, &str) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        self.log_value(Log::new(log))
    }

    fn log_events(self, events: &Sender<Event>) -> Self {
        self.log_value(Log::channel(events.clone()))
    }
}
