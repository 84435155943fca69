//! What can be said about a network before it is made.

use netproc_socket::Backend;
use netproc_tls::Profile;

use super::Network;
use super::inner::Owner;
use crate::fault::Fault;
use crate::limits::Limits;

/// Makes a network with other settings than the default ones.
#[must_use = "a builder makes nothing until it is built"]
pub struct NetworkBuilder {
    pub(super) backend: Backend,
    pub(super) limits: Limits,
    pub(super) tls_profile: Profile,
    pub(super) on_fault: Box<dyn Fn(&Fault) + Send + Sync>,
}

impl NetworkBuilder {
    pub(super) fn new() -> Self {
        NetworkBuilder {
            backend: Backend::system(),
            limits: Limits::default(),
            tls_profile: Profile::Safe,
            on_fault: Box::new(|fault| eprintln!("{fault}")),
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

    /// Makes the network.
    pub fn build(self) -> Network {
        Network(Owner::of(self))
    }
}
