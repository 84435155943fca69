//! Typed setters that write a keyword list.

use std::{borrow::Borrow, marker::PhantomData, path::Path};

use netproc_address::{Address, Family, Host, Kind, NetworkOption, Service};
use netproc_lisp::Value;

use crate::{BufferSetting, Error, RawSpec, Spec};

/// The mark of a builder that makes a client.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Client;

/// The mark of a builder that makes a server.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Server;

/// Writes the keyword list of a client or a server.
///
/// Each setter stands for one keyword and does nothing but write it, so that a builder means
/// exactly what its list means. A setter called again replaces what it wrote before;
/// [`option`](Self::option) and [`keyword`](Self::keyword) always add.
///
/// ```
/// use netproc_keywords::Spec;
///
/// let built = Spec::server("echo").backlog(20).host("::1").service(7007).build()?;
/// let read: Spec = "(:name \"echo\" :server 20 :host \"::1\" :service 7007)".parse()?;
/// assert_eq!(built, read);
/// # Ok::<(), netproc_keywords::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until it is built or opened"]
pub struct Builder<R> {
    raw: RawSpec,
    role: PhantomData<R>,
}

impl Builder<Client> {
    /// Begins a client of that name.
    pub(crate) fn client(name: &str) -> Self {
        Self::begin(name)
    }

    /// Sets whether making the process returns before it is connected; no by default.
    pub fn nowait(self, nowait: bool) -> Self {
        self.set(":nowait", nowait)
    }

    /// Sets the exact address to connect to, in place of host, service and family; none by
    /// default.
    #[doc(alias = ":remote")]
    pub fn address(self, address: impl Into<Address>) -> Self {
        self.set(":remote", address.into().to_value())
    }
}

impl Builder<Server> {
    /// Begins a server of that name.
    pub(crate) fn server(name: &str) -> Self {
        Self::begin(name).set(":server", true)
    }

    /// Sets how many connections may wait to be accepted; 5 by default.
    #[doc(alias = ":server")]
    pub fn backlog(self, backlog: u32) -> Self {
        self.set(":server", backlog)
    }

    /// Sets the exact address to listen on, in place of host, service and family; none by
    /// default.
    #[doc(alias = ":local")]
    pub fn address(self, address: impl Into<Address>) -> Self {
        self.set(":local", address.into().to_value())
    }

    /// Sets where a datagram server sends before it has heard anybody; nowhere by default.
    #[doc(alias = ":remote")]
    pub fn initial_remote(self, address: impl Into<Address>) -> Self {
        self.set(":remote", address.into().to_value())
    }

    /// Sets the function that is told of accepted connections; nil, that is none, by default.
    #[doc(alias = ":log")]
    pub fn log_value(self, log: impl Into<Value>) -> Self {
        self.set(":log", log.into())
    }

    /// Sets whether to take over a socket that was handed over at start; no by default.
    pub fn use_external_socket(self, external: bool) -> Self {
        self.set(":use-external-socket", external)
    }
}

impl<R> Builder<R> {
    fn begin(name: &str) -> Self {
        let mut raw = RawSpec::new();
        raw.push(":name", name);
        Self {
            raw,
            role: PhantomData,
        }
    }

    fn set(mut self, keyword: &str, value: impl Into<Value>) -> Self {
        self.raw.set(keyword, value);
        self
    }

    /// Sets the host; this machine by default.
    pub fn host(self, host: impl Into<Host>) -> Self {
        self.set(":host", host.into().to_value())
    }

    /// Sets the port or the name of the service; it or an address must be given.
    pub fn service(self, service: impl Into<Service>) -> Self {
        self.set(":service", service.into().to_value())
    }

    /// Sets the family of addresses; whatever the host has by default.
    pub fn family(self, family: Family) -> Self {
        self.set(":family", family.to_value())
    }

    /// Sets the path of a local socket.
    #[doc(alias = ":family local")]
    pub fn local_path(self, path: impl AsRef<Path>) -> Self {
        self.local(path.as_ref().as_os_str().as_encoded_bytes())
    }

    /// Sets the abstract name of a local socket, which is no file.
    pub fn abstract_name(self, name: impl AsRef<[u8]>) -> Self {
        self.local(&[b"\0", name.as_ref()].concat())
    }

    /// Sets what names a local socket: a string, or bytes where they are no UTF-8.
    fn local(self, name: &[u8]) -> Self {
        let name = match str::from_utf8(name) {
            Ok(name) => Value::string(name),
            Err(_) => Value::bytes(name),
        };
        self.set(":family", Value::symbol("local"))
            .set(":service", name)
    }

    /// Sets the kind of communication; stream by default.
    #[doc(alias = ":type")]
    pub fn kind(self, kind: Kind) -> Self {
        self.set(":type", kind.to_value())
    }

    /// Makes it a process of datagrams.
    pub fn datagram(self) -> Self {
        self.kind(Kind::Datagram)
    }

    /// Makes it a process of sequenced packets.
    pub fn seqpacket(self) -> Self {
        self.kind(Kind::SeqPacket)
    }

    /// Sets the buffer, by its name or as an object; none by default.
    pub fn buffer(self, buffer: impl Into<BufferSetting>) -> Self {
        self.set(":buffer", buffer.into())
    }

    /// Sets one coding system for both ways, such as `utf-8-unix`; determined from the data by
    /// default.
    pub fn coding(self, name: &str) -> Self {
        self.set(":coding", Value::symbol(name))
    }

    /// Sets the coding systems for what is received and what is sent; none leaves one open.
    #[doc(alias = ":coding")]
    pub fn coding_pair(self, decode: Option<&str>, encode: Option<&str>) -> Self {
        let half = |name: Option<&str>| name.map_or(Value::Nil, Value::symbol);
        self.set(":coding", Value::cons(half(decode), half(encode)))
    }

    /// Sets whether the process goes unmentioned on exit; no by default.
    pub fn noquery(self, noquery: bool) -> Self {
        self.set(":noquery", noquery)
    }

    /// Sets the filter: nil for the default one, t for not reading, else a function; nil by
    /// default.
    #[doc(alias = ":filter")]
    pub fn filter_value(self, filter: impl Into<Value>) -> Self {
        self.set(":filter", filter.into())
    }

    /// Sets whether the filter is given text or bytes; as the coding system says by default.
    pub fn filter_multibyte(self, multibyte: bool) -> Self {
        self.set(":filter-multibyte", multibyte)
    }

    /// Sets the sentinel: nil for the default one, else a function; nil by default.
    #[doc(alias = ":sentinel")]
    pub fn sentinel_value(self, sentinel: impl Into<Value>) -> Self {
        self.set(":sentinel", sentinel.into())
    }

    /// Sets whether to begin in the stopped state; no by default.
    #[doc(alias = ":stop")]
    pub fn stopped(self, stopped: bool) -> Self {
        self.set(":stop", stopped)
    }

    /// Sets the property list; nil by default.
    pub fn plist(self, plist: impl Into<Value>) -> Self {
        self.set(":plist", plist.into())
    }

    /// Adds an option of the socket, which is set after those added before.
    pub fn option(mut self, option: impl Borrow<NetworkOption>) -> Self {
        let option = option.borrow();
        self.raw.push(option.name().keyword(), option.value());
        self
    }

    /// Sets the TLS parameters, a list as `:tls-parameters` takes it; nil by default.
    pub fn tls_parameters(self, parameters: impl Into<Value>) -> Self {
        self.set(":tls-parameters", parameters.into())
    }

    /// Adds any keyword, written with its colon, whether it is known or not.
    pub fn keyword(mut self, keyword: &str, value: impl Into<Value>) -> Self {
        self.raw.push(keyword, value);
        self
    }

    /// Returns the list as written so far.
    pub fn raw(&self) -> &RawSpec {
        &self.raw
    }

    /// Returns the list, to be checked or shown.
    pub fn into_raw(self) -> RawSpec {
        self.raw
    }

    /// Finds out what the list means.
    ///
    /// # Errors
    ///
    /// As [`RawSpec::resolve`].
    pub fn build(self) -> Result<Spec, Error> {
        self.raw.resolve()
    }
}

impl<R> TryFrom<Builder<R>> for Spec {
    type Error = Error;

    fn try_from(builder: Builder<R>) -> Result<Self, Error> {
        builder.build()
    }
}
