//! What can be said about a network before it is made.

use std::sync::Arc;

use netproc_lisp::Value;
use netproc_socket::Backend;
use netproc_tls::Profile;

use super::Network;
use super::inner::Owner;
use crate::callback::CallbackError;
use crate::fault::Fault;
use crate::functions::Caller;
use crate::limits::Limits;

/// Makes a network with other settings than the default ones.
#[must_use = "a builder makes nothing until it is built"]
pub struct NetworkBuilder {
    pub(super) backend: Backend,
    pub(super) limits: Limits,
    pub(super) tls_profile: Profile,
    pub(super) on_fault: Box<dyn Fn(&Fault) + Send + Sync>,
    pub(super) caller: Option<Caller>,
}

impl NetworkBuilder {
    pub(super) fn new() -> Self {
        NetworkBuilder {
            backend: Backend::system(),
            limits: Limits::default(),
            tls_profile: Profile::Safe,
            on_fault: Box::new(|fault| eprintln!("{fault}")),
            caller: None,
        }
    }

    /// Uses another backend than the operating system's sockets, for example one in memory.
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// Sets the sizes the network works with.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what an omitted `:verify-error` means in `:tls-parameters`; by default that peers are
    /// verified, while Emacs takes any peer then.
    pub fn tls_profile(mut self, profile: Profile) -> Self {
        self.tls_profile = profile;
        self
    }

    /// Calls `report` for each failure that no caller can be told; the default writes a line
    /// to standard error.
    pub fn on_fault(mut self, report: impl Fn(&Fault) + Send + Sync + 'static) -> Self {
        self.on_fault = Box::new(report);
        self
    }

    /// Has `call` call whatever is given as a filter, a sentinel or a log function and is neither a
    /// closure nor a name that the network knows; without it that is an error.
    ///
    /// A Lisp machine lends its `funcall`: it is given the function and the arguments that Emacs
    /// gives it, processes and text as values. What the function is stays what
    /// [`Process::filter_value`](crate::Process::filter_value) and the contact show.
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_network::{Network, Value};
    ///
    /// let (told, heard) = std::sync::mpsc::channel();
    /// let network = Network::builder()
    ///     .call_with(move |function: &Value, arguments: &[Value]| {
    ///         Ok(told.send(format!("{function} {}", Value::list(arguments.to_vec())))?)
    ///     })
    ///     .build();
    /// let server = network.read_open("(:name \"s\" :server t :service t :sentinel told)")?;
    /// server.delete();
    /// assert_eq!(heard.try_recv()?, "told (#<process s> \"deleted\n\")");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "funcall")]
    pub fn call_with(
        mut self,
        call: impl Fn(&Value, &[Value]) -> Result<(), CallbackError> + Send + Sync + 'static,
    ) -> Self {
        self.caller = Some(Arc::new(call));
        self
    }

    /// Makes the network.
    pub fn build(self) -> Network {
        Network(Owner::of(self))
    }
}
