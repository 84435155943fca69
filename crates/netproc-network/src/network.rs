//! The network: the processes that belong together, and what they share.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

use async_executor::Executor;
use event_listener::Event as Notice;
use netproc_address::Address;
use netproc_keywords::{RawSpec, Spec};
use netproc_lisp::Value;
use netproc_process::{ProcessId, Registry};
use netproc_socket::Backend;

use crate::background::{Background, block_on_driving, drive};
use crate::buffers::{Buffer, Buffers};
use crate::callback::{CallbackResult, Filter, Log, Sentinel};
use crate::error::Error;
use crate::fault::{Fault, FaultKind};
use crate::functions::Functions;
use crate::limits::Limits;
use crate::open;
use crate::process::Process;
use crate::shared::Shared;

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

/// What the handles of one network share; gone with the last of them.
///
/// The engine room reaches [`Inner`] through weak references, also while it holds a process's
/// lock, and may so be the last to let go of it. Closing everything takes those locks, so it
/// happens here, where only users hold references.
struct Owner(Arc<Inner>);

/// What the handles and the processes of one network share.
pub(crate) struct Inner {
    owner: Weak<Owner>,
    executor: Arc<Executor<'static>>,
    backend: Backend,
    limits: Limits,
    registry: Mutex<Registry<Arc<Shared>>>,
    functions: RwLock<Functions>,
    buffers: Buffers,
    on_fault: Box<dyn Fn(&Fault) + Send + Sync>,
    outputs: AtomicU64,
    output: Notice,
}

/// Makes a network with other settings than the default ones.
pub struct NetworkBuilder {
    backend: Backend,
    limits: Limits,
    on_fault: Box<dyn Fn(&Fault) + Send + Sync>,
}

impl NetworkBuilder {
    /// Uses another backend than the operating system's sockets, for example one in memory.
    #[must_use]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// Sets the sizes the network works with.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Calls `report` for each failure that no caller can be told; the default writes a line
    /// to standard error.
    #[must_use]
    pub fn on_fault(mut self, report: impl Fn(&Fault) + Send + Sync + 'static) -> Self {
        self.on_fault = Box::new(report);
        self
    }

    /// Makes the network.
    pub fn build(self) -> Network {
        let inner = |owner: &Weak<Owner>| Inner {
            owner: Weak::clone(owner),
            executor: Arc::new(Executor::new()),
            backend: self.backend,
            limits: self.limits,
            registry: Mutex::new(Registry::new()),
            functions: RwLock::default(),
            buffers: Buffers::default(),
            on_fault: self.on_fault,
            outputs: AtomicU64::new(0),
            output: Notice::new(),
        };
        Network(Arc::new_cyclic(|owner| Owner(Arc::new(inner(owner)))))
    }
}

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
        NetworkBuilder {
            backend: Backend::system(),
            limits: Limits::default(),
            on_fault: Box::new(|fault| eprintln!("{fault}")),
        }
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
        block_on_driving(self, open::open(self, spec))
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
        drive(self, open::open(self, spec)).await
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
        F: Fn(&Process, &netproc_lisp::Text) -> R + Send + Sync + 'static,
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
        self.inner().buffers.get_or_create(name)
    }

    /// Returns the buffer of that name if there is one.
    #[doc(alias = "get-buffer")]
    pub fn find_buffer(&self, name: &str) -> Option<Buffer> {
        self.inner().buffers.get(name)
    }

    /// Kills a buffer, and deletes every process whose buffer it is.
    #[doc(alias = "kill-buffer")]
    pub fn kill_buffer(&self, buffer: &Buffer) {
        self.inner().buffers.kill(buffer);
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
        family: Option<netproc_address::Family>,
    ) -> Result<Vec<Address>, Error> {
        block_on_driving(self, open::lookup_addresses(self, host, family))
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.0.0
    }

    pub(crate) fn executor(&self) -> Arc<Executor<'static>> {
        Arc::clone(&self.inner().executor)
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

impl Inner {
    /// Returns a handle of the network, unless the last one is gone.
    pub(crate) fn network(&self) -> Option<Network> {
        self.owner.upgrade().map(Network)
    }

    pub(crate) fn registry(&self) -> MutexGuard<'_, Registry<Arc<Shared>>> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn functions(&self) -> std::sync::RwLockReadGuard<'_, Functions> {
        self.functions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn functions_mut(&self) -> std::sync::RwLockWriteGuard<'_, Functions> {
        self.functions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn buffers(&self) -> &Buffers {
        &self.buffers
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.executor.spawn(task).detach();
    }

    /// Counts that bytes arrived, and wakes those who wait for any.
    pub(crate) fn note_output(&self) {
        self.outputs.fetch_add(1, Ordering::Relaxed);
        self.output.notify(usize::MAX);
    }

    pub(crate) fn output_count(&self) -> u64 {
        self.outputs.load(Ordering::Relaxed)
    }

    pub(crate) fn output_event(&self) -> &Notice {
        &self.output
    }

    /// Reports a fault.
    pub(crate) fn report(&self, process: Process, kind: FaultKind) {
        (self.on_fault)(&Fault { process, kind });
    }
}

impl Drop for Owner {
    /// Closes what is still open; sentinels are not called, since nobody drives them any more.
    fn drop(&mut self) {
        let open: Vec<_> = self
            .0
            .registry()
            .iter()
            .map(|(_, _, shared)| Arc::clone(shared))
            .collect();
        for shared in open {
            shared.abandon();
            shared.retire();
        }
    }
}
