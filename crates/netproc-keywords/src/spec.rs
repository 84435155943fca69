//! What a keyword list means once all its rules are applied.

use std::{fmt, str::FromStr, sync::Arc};

use netproc_address::{Address, Family, Host, Kind, LocalName, NetworkOption, Service};
use netproc_coding::CodingSystem;
use netproc_lisp::{Opaque, Value};

use crate::{Arguments, Builder, Client, Diagnostic, Error, RawSpec, Server};

/// A process to be made: everything that its keyword list says, with nothing left to decide
/// that does not need the system.
///
/// It is made from a list ([`FromStr`], [`Spec::from_value`], [`RawSpec::resolve`]) or by a
/// builder ([`Spec::client`], [`Spec::server`]); both mean the same. Equality looks at everything
/// but the warnings. Printing gives the keyword list, which reads back to an equal `Spec` unless
/// it holds objects that have no readable form.
///
/// ```
/// use netproc_keywords::{Role, Spec};
///
/// let spec: Spec = "(:name \"echo\" :server 20 :host local :service t)".parse()?;
/// assert_eq!(spec.role, Role::Server { backlog: 20 });
/// assert_eq!(spec.to_string().parse::<Spec>()?, spec);
/// # Ok::<(), netproc_keywords::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a keyword that is on or off"
)]
#[doc(alias = "make-network-process")]
pub struct Spec {
    /// The name of the process, before it is made unique.
    pub name: Arc<str>,
    /// Stream, datagram or seqpacket; stream by default.
    pub kind: Kind,
    /// Client or server; client by default.
    pub role: Role,
    /// Where to connect or listen.
    pub endpoint: Endpoint,
    /// Where a datagram server sends before it has heard anybody; nowhere by default.
    pub initial_remote: Option<Address>,
    /// Whether to take over a socket that was handed over at start; no by default.
    pub use_external_socket: bool,
    /// Whether to begin in the stopped state; no by default.
    pub stopped: bool,
    /// The buffer of the process; none by default.
    pub buffer: BufferSetting,
    /// The coding systems; none if `:coding` was left out, so that the data decides.
    pub coding: Option<CodingPair>,
    /// Whether to ask about the process before exit; yes by default.
    pub query_on_exit: bool,
    /// The filter: nil for the default one, t for not reading, else a function.
    pub filter: Value,
    /// Whether the filter is given text (true) or bytes (false); none leaves it to the coding
    /// system.
    pub filter_multibyte: Option<bool>,
    /// The sentinel: nil for the default one, else a function.
    pub sentinel: Value,
    /// The function that is told of accepted connections; nil for none.
    pub log: Value,
    /// The property list; nil by default.
    pub plist: Value,
    /// The options of the socket, in the order in which they are to be set; the same one may
    /// occur again.
    pub options: Vec<NetworkOption>,
    /// Whether `:reuseaddr` occurs at all; where not, Internet servers have it on.
    pub reuse_address_given: bool,
    /// The TLS parameters as written, a list; nil for a connection in clear.
    pub tls: Value,
    /// What is odd about the list, though it can be used.
    pub warnings: Vec<Diagnostic>,
    /// The list as it was given, which the contact of the process begins with.
    pub arguments: Arguments,
}

/// Whether a process connects or listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no third role")]
pub enum Role {
    /// It connects.
    Client {
        /// Whether making it returns before it is connected; no by default.
        nowait: bool,
    },
    /// It listens.
    Server {
        /// How many connections may wait to be accepted, as given to the system; 5 by default.
        backlog: i32,
    },
}

impl Role {
    /// Tells whether this is a server.
    pub fn is_server(self) -> bool {
        matches!(self, Self::Server { .. })
    }

    /// Tells whether this is a client that is returned before it is connected.
    pub fn is_nowait(self) -> bool {
        matches!(self, Self::Client { nowait: true })
    }
}

/// Where a process connects or listens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever opens a socket must know them all"
)]
pub enum Endpoint {
    /// An exact address, from `:local` or `:remote`.
    Address(Address),
    /// A host and a service, which the system has to look up.
    Internet {
        /// The host; this machine by default.
        host: Host,
        /// The port or the name of the service.
        service: Service,
        /// IPv4 or IPv6; whatever the host has by default.
        family: Option<Family>,
    },
    /// A local socket, from `:family local` and `:service`.
    Local(LocalName),
}

/// The buffer that a process is to have.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever makes buffers must know them all"
)]
pub enum BufferSetting {
    /// No buffer.
    #[default]
    None,
    /// The buffer of that name, made if need be.
    Named(String),
    /// A buffer object of the host program.
    Handle(Value),
}

impl From<&str> for BufferSetting {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl From<String> for BufferSetting {
    fn from(name: String) -> Self {
        Self::Named(name)
    }
}

impl From<Opaque> for BufferSetting {
    fn from(buffer: Opaque) -> Self {
        Self::Handle(Value::Opaque(buffer))
    }
}

impl From<BufferSetting> for Value {
    fn from(setting: BufferSetting) -> Self {
        match setting {
            BufferSetting::None => Self::Nil,
            BufferSetting::Named(name) => name.into(),
            BufferSetting::Handle(buffer) => buffer,
        }
    }
}

/// The coding systems of the two directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodingPair {
    /// For what is received; none leaves it to the data.
    pub decode: Option<CodingSystem>,
    /// For what is sent; none leaves it to what is received.
    pub encode: Option<CodingSystem>,
}

impl CodingPair {
    /// Joins two coding systems.
    pub fn new(decode: Option<CodingSystem>, encode: Option<CodingSystem>) -> Self {
        Self { decode, encode }
    }
}

impl Spec {
    /// Begins a client of that name.
    ///
    /// ```
    /// use netproc_keywords::Spec;
    ///
    /// let spec = Spec::client("web").host("localhost").service(80).nowait(true).build()?;
    /// assert_eq!(
    ///     spec.to_string(),
    ///     r#"(:name "web" :host "localhost" :service 80 :nowait t)"#,
    /// );
    /// # Ok::<(), netproc_keywords::Error>(())
    /// ```
    pub fn client(name: impl AsRef<str>) -> Builder<Client> {
        Builder::client(name.as_ref())
    }

    /// Begins a server of that name.
    pub fn server(name: impl AsRef<str>) -> Builder<Server> {
        Builder::server(name.as_ref())
    }

    /// Returns what a keyword list means.
    ///
    /// # Errors
    ///
    /// The first mistake, in the order in which Emacs looks at the keywords.
    pub fn from_value(list: &Value) -> Result<Self, Error> {
        RawSpec::from_value(list)?.resolve()
    }

    /// Tells whether this is a server.
    pub fn is_server(&self) -> bool {
        self.role.is_server()
    }
}

impl PartialEq for Spec {
    /// Compares everything but the warnings, which the arguments imply but for their places.
    fn eq(&self, other: &Self) -> bool {
        // Taken apart so that a field added later is not forgotten here.
        let Self {
            name,
            kind,
            role,
            endpoint,
            initial_remote,
            use_external_socket,
            stopped,
            buffer,
            coding,
            query_on_exit,
            filter,
            filter_multibyte,
            sentinel,
            log,
            plist,
            options,
            reuse_address_given,
            tls,
            warnings: _,
            arguments,
        } = self;
        *name == other.name
            && *kind == other.kind
            && *role == other.role
            && *endpoint == other.endpoint
            && *initial_remote == other.initial_remote
            && *use_external_socket == other.use_external_socket
            && *stopped == other.stopped
            && *buffer == other.buffer
            && *coding == other.coding
            && *query_on_exit == other.query_on_exit
            && *filter == other.filter
            && *filter_multibyte == other.filter_multibyte
            && *sentinel == other.sentinel
            && *log == other.log
            && *plist == other.plist
            && *options == other.options
            && *reuse_address_given == other.reuse_address_given
            && *tls == other.tls
            && *arguments == other.arguments
    }
}

impl fmt::Display for Spec {
    /// Prints the keyword list.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.arguments.fmt(formatter)
    }
}

impl FromStr for Spec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        RawSpec::read(text)?.resolve()
    }
}

impl TryFrom<&Value> for Spec {
    type Error = Error;

    fn try_from(list: &Value) -> Result<Self, Error> {
        Self::from_value(list)
    }
}
