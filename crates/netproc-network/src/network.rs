//! The network as users hold it: makes processes, finds them, and runs their callbacks.

mod builder;
mod inner;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use netproc_address::{Address, Family};
use netproc_keywords::{RawSpec, Spec};
use netproc_lisp::{Text, Value};
use netproc_process::ProcessId;
use netproc_tls::Profile;

use crate::background::Background;
use crate::buffers::Buffer;
use crate::callback::{CallbackResult, Filter, Log, Sentinel};
use crate::drive::{block_on_driving, drive};
use crate::engine::Engine;
use crate::error::Error;
use crate::open;
use crate::process::Process;
use inner::Owner;

pub use builder::NetworkBuilder;
pub(crate) use inner::Inner;

/// A set of network processes with their names, buffers and callbacks.
///
/// A network is a handle: clones are the same network. Callbacks run on the threads that drive
/// it, see the crate's introduction. When the last handle is gone its processes are closed,
/// without a call of their sentinels, as Emacs does when it exits.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use netproc_network::{Callbacks, Network, Service, Spec};
///
/// let network = Network::new();
/// let server = network.open(
///     Spec::server("echo").service(Service::Any).filter(|process, text| process.send(text)),
/// )?;
/// let client = network.open(
///     Spec::client("me").host("localhost").service(server.service()).buffer("*me*"),
/// )?;
/// client.send("hello\n")?;
/// network.accept_output(&client, Duration::from_secs(10))?;
/// assert_eq!(client.buffer().expect("a buffer").text(), "hello\n");
/// # Ok::<(), netproc_network::Error>(())
/// ```
#[derive(Clone)]
pub struct Network(Arc<Owner>);

impl Network {
    /// Makes a network on the sockets of the operating system.
    #[expect(
        clippy::new_without_default,
        reason = "a network is made on purpose, as a handle"
    )]
    pub fn new() -> Self {
        Network::builder().build()
    }

    /// Starts to make a network with other settings.
    pub fn builder() -> NetworkBuilder {
        NetworkBuilder::new()
    }

    /// Makes a network process: a client or a server of any kind.
    ///
    /// Waits until the connection stands or failed, unless the spec says `:nowait`; callbacks
    /// of other processes run on this thread meanwhile. After an error nothing is left behind:
    /// no process, no name, no descriptor, no socket file.
    ///
    /// # Errors
    ///
    /// What is wrong with the spec, or the step at which the system or the network said no.
    #[doc(alias = "make-network-process")]
    pub fn open<S>(&self, spec: S) -> Result<Process, Error>
    where
        S: TryInto<Spec>,
        Error: From<S::Error>,
    {
        let spec = spec.try_into()?;
        // The future is large, so it stays where it is made.
        let opening = pin!(open::open(self, spec));
        block_on_driving(self, opening)
    }

    /// Makes a network process without holding a thread; serves the network while awaited.
    ///
    /// Dropping the future gives the attempt up and leaves nothing behind.
    ///
    /// # Errors
    ///
    /// As [`Network::open`].
    pub async fn open_async<S>(&self, spec: S) -> Result<Process, Error>
    where
        S: TryInto<Spec>,
        Error: From<S::Error>,
    {
        let spec = spec.try_into()?;
        let opening = pin!(open::open(self, spec));
        drive(self, opening).await
    }

    /// Makes a network process from the text of a keyword list.
    ///
    /// # Errors
    ///
    /// As [`Network::open`]; an error in the text names its place.
    ///
    /// # Examples
    ///
    /// ```
    /// let network = netproc_network::Network::new();
    /// let server = network.read_open(r#"(:name "web" :server t :host local :service t)"#)?;
    /// assert_eq!(server.name(), "web");
    /// # Ok::<(), netproc_network::Error>(())
    /// ```
    pub fn read_open(&self, list: &str) -> Result<Process, Error> {
        self.open(RawSpec::read(list)?.resolve()?)
    }

    /// Makes a network process from a keyword list that is Lisp data already.
    ///
    /// # Errors
    ///
    /// As [`Network::open`].
    pub fn open_list(&self, list: &Value) -> Result<Process, Error> {
        self.open(RawSpec::from_value(list)?.resolve()?)
    }

    /// Starts threads that run the callbacks until the returned value is dropped.
    ///
    /// # Errors
    ///
    /// The system's error if a thread cannot be started.
    pub fn run_background(&self, threads: usize) -> std::io::Result<Background> {
        Background::start(self, threads)
    }

    /// Awaits a future and serves the network meanwhile: callbacks run where it is awaited.
    pub async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        drive(self, future).await
    }

    /// Returns the process of that name; the names of deleted processes are free again.
    #[doc(alias = "get-process")]
    pub fn process(&self, name: &str) -> Option<Process> {
        let registry = self.inner().registry();
        registry
            .find(name)
            .and_then(|id| registry.get(id))
            .cloned()
            .map(Process::from_shared)
    }

    /// Returns the process with that id, unless it is deleted.
    pub fn process_by_id(&self, id: ProcessId) -> Option<Process> {
        self.inner()
            .registry()
            .get(id)
            .cloned()
            .map(Process::from_shared)
    }

    /// Returns all processes, the newest first, accepted connections among them.
    #[doc(alias = "process-list")]
    pub fn processes(&self) -> Vec<Process> {
        let registry = self.inner().registry();
        registry
            .iter()
            .map(|(_, _, shared)| Process::from_shared(Arc::clone(shared)))
            .collect()
    }

    /// Gives a filter a name, for keyword lists to use: `:filter NAME`.
    pub fn define_filter<F, R>(&self, name: &str, filter: F)
    where
        F: Fn(&Process, &Text) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        self.inner()
            .functions_mut()
            .filters
            .insert(name.into(), Filter::new(filter));
    }

    /// Gives a sentinel a name, for keyword lists to use: `:sentinel NAME`.
    pub fn define_sentinel<F, R>(&self, name: &str, sentinel: F)
    where
        F: Fn(&Process, &str) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        self.inner()
            .functions_mut()
            .sentinels
            .insert(name.into(), Sentinel::new(sentinel));
    }

    /// Gives a log function a name, for keyword lists to use: `:log NAME`.
    pub fn define_log<F, R>(&self, name: &str, log: F)
    where
        F: Fn(&Process, Option<&Process>, &str) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        self.inner()
            .functions_mut()
            .logs
            .insert(name.into(), Log::new(log));
    }

    /// Returns the buffer of that name, making it if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyBufferName`] for the empty name.
    #[doc(alias = "get-buffer-create")]
    pub fn buffer(&self, name: &str) -> Result<Buffer, Error> {
        self.inner().buffers().get_or_create(name)
    }

    /// Returns the buffer of that name if there is one.
    #[doc(alias = "get-buffer")]
    pub fn find_buffer(&self, name: &str) -> Option<Buffer> {
        self.inner().buffers().get(name)
    }

    /// Kills a buffer, and deletes every process whose buffer it is.
    #[doc(alias = "kill-buffer")]
    pub fn kill_buffer(&self, buffer: &Buffer) {
        self.inner().buffers().kill(buffer);
        for process in self.processes() {
            if process.buffer().as_ref() == Some(buffer) {
                process.delete();
            }
        }
    }

    /// Returns the newest process whose buffer this is.
    #[doc(alias = "get-buffer-process")]
    pub fn buffer_process(&self, buffer: &Buffer) -> Option<Process> {
        self.processes()
            .into_iter()
            .find(|process| process.buffer().as_ref() == Some(buffer))
    }

    /// Deletes every process, calling their sentinels.
    pub fn delete_all(&self) {
        for process in self.processes() {
            process.delete();
        }
    }

    /// Looks up the addresses of a host name, without a port, in the order of the resolver.
    ///
    /// # Errors
    ///
    /// The resolver's answer when it finds none.
    #[doc(alias = "network-lookup-address-info")]
    pub fn lookup_addresses(
        &self,
        host: &str,
        family: Option<Family>,
    ) -> Result<Vec<Address>, Error> {
        block_on_driving(self, open::lookup_addresses(self, host, family))
    }

    /// Looks up the addresses of a host name without holding a thread.
    ///
    /// # Errors
    ///
    /// As [`Network::lookup_addresses`].
    pub async fn lookup_addresses_async(
        &self,
        host: &str,
        family: Option<Family>,
    ) -> Result<Vec<Address>, Error> {
        drive(self, open::lookup_addresses(self, host, family)).await
    }

    /// Returns the addresses that a spec means, in the order in which they would be tried.
    ///
    /// # Errors
    ///
    /// The host or service is not known.
    pub async fn addresses_of_async(&self, spec: &Spec) -> Result<Vec<Address>, Error> {
        drive(self, open::addresses(self, spec)).await
    }

    /// Returns what an omitted `:verify-error` means in TLS parameters of this network.
    pub fn tls_profile(&self) -> Profile {
        self.inner().tls_profile()
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.0.0
    }

    pub(crate) fn engine(&self) -> Arc<Engine> {
        Arc::clone(self.inner().engine())
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.inner().registry().len();
        formatter
            .debug_struct("Network")
            .field("processes", &count)
            .finish_non_exhaustive()
    }
}
