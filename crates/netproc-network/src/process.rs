//! The process as users hold it: a cheap handle with the verbs and slots of a process object.

use std::fmt;
use std::sync::Arc;

use netproc_address::{Address, Kind, LocalName, NetworkOption, OptionName, Service};
use netproc_lisp::Value;
use netproc_process::{ExitStatus, Input, ProcessId, State as MachineState, Status};

use crate::deliver::is_in_callback;
use crate::drive::{block_on_driving, drive};
use crate::error::Error;
use crate::network::Network;
use crate::shared::{Shared, State};

/// A network process: a client, a server, or a connection a server accepted.
///
/// A handle is cheap to clone and may be used from any thread. It outlives the connection: a
/// closed or deleted process still tells its name, status, contact and properties.
#[derive(Clone)]
pub struct Process(Arc<Shared>);

impl PartialEq for Process {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Process {}

/// Prints as Emacs prints a process: `#<process NAME>`.
impl fmt::Display for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#<process {}>", self.name())
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// What a process is and knows.
impl Process {
    /// Returns the name, which no other live process of the network has.
    #[doc(alias = "process-name")]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the id, which no other process of the network ever gets.
    pub fn id(&self) -> ProcessId {
        self.0.id
    }

    /// Returns the network the process belongs to, unless that is gone.
    pub fn network(&self) -> Option<Network> {
        self.0.network()
    }

    /// Returns the status as it is now.
    #[doc(alias = "process-status")]
    pub fn status(&self) -> Status {
        self.0.lock().machine.status()
    }

    /// Tells whether the process can still do something: open, listening, connecting, stopped.
    #[doc(alias = "process-live-p")]
    pub fn is_live(&self) -> bool {
        self.status().is_live()
    }

    /// Returns 0 while all is well, 256 after the peer closed, an error number or text.
    #[doc(alias = "process-exit-status")]
    pub fn exit_status(&self) -> ExitStatus {
        self.0.lock().machine.exit_status()
    }

    /// Returns whether the process carries a stream, datagrams or records.
    pub fn kind(&self) -> Kind {
        self.0.lock().kind()
    }

    /// Tells whether the process listens for connections or is a datagram server.
    pub fn is_server(&self) -> bool {
        self.0.lock().machine.is_server()
    }

    /// Returns the address of this end, once there is one.
    pub fn local_address(&self) -> Option<Address> {
        self.0.lock().machine.local().cloned()
    }

    /// Returns the address of the other end; of a datagram process, where it sends to.
    pub fn remote_address(&self) -> Option<Address> {
        self.0.lock().machine.remote().cloned()
    }

    /// Returns the port of this end, for a server the one that clients connect to.
    pub fn port(&self) -> Option<u16> {
        self.local_address()?.port()
    }

    /// Returns what a client says as its service to reach this server: its port, or the path of
    /// its socket.
    pub fn service(&self) -> Service {
        match self.local_address() {
            Some(Address::Local(name)) => Service::Name(local_service(&name)),
            address => Service::Port(address.as_ref().and_then(Address::port).unwrap_or(0)),
        }
    }

    /// Returns how many bytes wait to be sent.
    pub fn queued_bytes(&self) -> usize {
        self.0.lock().machine.queued()
    }

    /// Returns how many bytes were received so far.
    pub fn bytes_received(&self) -> u64 {
        self.0.lock().received
    }

    /// Returns how many bytes were sent so far.
    pub fn bytes_sent(&self) -> u64 {
        self.0.lock().sent
    }

    /// Returns the name of the host and the service, as `process-contact` with key nil does.
    ///
    /// While a connection is being made this waits for it, serving the network.
    #[doc(alias = "process-contact")]
    pub fn contact(&self) -> Value {
        self.wait_for_socket();
        self.0.lock().machine.contact(&Value::Nil)
    }

    /// Returns the whole keyword list with what was learned, as `process-contact` with key t.
    ///
    /// While a connection is being made this waits for it, serving the network.
    pub fn contact_list(&self) -> Value {
        self.wait_for_socket();
        self.0.lock().machine.contact(&Value::t())
    }

    /// Returns the value of one keyword of the contact, or nil.
    ///
    /// While a connection is being made this waits for it, serving the network.
    pub fn contact_value(&self, keyword: &str) -> Value {
        self.wait_for_socket();
        self.0.lock().machine.contact(&Value::keyword(keyword))
    }

    /// Waits, outside of callbacks, until a connection that is being made stands or failed, and
    /// its sentinel was told.
    pub(crate) fn wait_for_socket(&self) {
        if !is_in_callback()
            && self.0.lock().machine.state() == MachineState::Connect
            && let Some(network) = self.network()
        {
            block_on_driving(&network, self.0.wait_until_told());
        }
    }

    /// Waits until the connection stands or failed, and returns the status then.
    pub async fn connected_async(&self) -> Status {
        match self.network() {
            Some(network) => drive(&network, self.0.wait_until_told()).await,
            // Nobody is told of anything any more.
            None => self.0.wait_until_connected().await,
        }
        self.status()
    }
}

/// Verbs.
impl Process {
    /// Closes the process and removes it from the network; its sentinel hears `"deleted\n"`.
    ///
    /// The sentinel is called before this returns, unless a callback of the process is running
    /// just now: then after that. What is queued is reported as lost; what the kernel has is
    /// still delivered. Deleting twice does nothing.
    #[doc(alias = "delete-process")]
    pub fn delete(&self) {
        self.act(Input::Delete);
    }

    /// Stops reading, or accepting, until [`Process::resume`]; sending works on.
    #[doc(alias = "stop-process")]
    pub fn stop(&self) {
        self.act(Input::Stop);
    }

    /// Goes on after [`Process::stop`] or `:stop t`.
    #[doc(alias = "continue-process")]
    pub fn resume(&self) {
        self.act(Input::Continue);
    }

    fn act(&self, verb: Input<'_>) {
        {
            let mut state = self.0.lock();
            self.0.handle(&mut state, verb);
        }
        self.deliver_now();
        self.0.notify();
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = {
            let mut state = self.0.lock();
            let outcome = change(&mut state);
            self.0.settle(&mut state);
            outcome
        };
        self.0.wakers.wake_all();
        outcome
    }
}

/// What touches the socket.
impl Process {
    /// Sets a network option and notes it in the contact.
    ///
    /// # Errors
    ///
    /// When the process is closed, or the system refuses the option.
    #[doc(alias = "set-network-process-option")]
    pub fn set_option(&self, option: &NetworkOption) -> Result<(), Error> {
        self.wait_for_socket();
        self.change(|state| {
            let socket = state.socket().ok_or_else(|| not_running(&self.0))?;
            socket.set_option(option).map_err(|cause| Error::Option {
                option: option.clone(),
                cause: cause.into(),
            })?;
            state.machine.set_option(option);
            Ok(())
        })
    }

    /// Reads a network option back from the system.
    ///
    /// # Errors
    ///
    /// When the process is closed, or the system has no such option.
    pub fn option(&self, name: OptionName) -> Result<NetworkOption, Error> {
        self.wait_for_socket();
        let state = self.0.lock();
        let socket = state.socket().ok_or_else(|| not_running(&self.0))?;
        socket.option(name).map_err(|cause| Error::OptionRead {
            option: name,
            cause: cause.into(),
        })
    }

    /// Returns where a datagram process sends to.
    #[doc(alias = "process-datagram-address")]
    pub fn datagram_address(&self) -> Option<Address> {
        self.wait_for_socket();
        self.0.lock().machine.datagram_target().cloned()
    }

    /// Sets where a datagram process sends to; tells whether the address was taken.
    ///
    /// It is not taken by other processes, nor if its family is not that of the socket.
    #[doc(alias = "set-process-datagram-address")]
    pub fn set_datagram_address(&self, address: &Address) -> bool {
        self.wait_for_socket();
        self.change(|state| {
            state
                .machine
                .set_datagram_address(&address.to_value())
                .is_true()
        })
    }
}

impl Process {
    pub(crate) fn from_shared(shared: Arc<Shared>) -> Self {
        Process(shared)
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

/// Returns the service by which clients name a local address.
fn local_service(name: &LocalName) -> String {
    match name {
        LocalName::Unnamed => String::new(),
        LocalName::Path(path) => String::from_utf8_lossy(path).into_owned(),
        LocalName::Abstract(name) => format!("\0{}", String::from_utf8_lossy(name)),
    }
}

fn not_running(shared: &Shared) -> Error {
    Error::NotRunning {
        process: shared.name.clone(),
    }
}
