//! What the handles and the processes of one network share, and its end.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
};

use netproc_process::Registry;
use netproc_socket::Backend;
use netproc_tls::Profile;

use super::{Network, NetworkBuilder};
use crate::buffers::Buffers;
use crate::engine::Engine;
use crate::fault::{Fault, FaultKind};
use crate::functions::Functions;
use crate::limits::Limits;
use crate::process::Process;
use crate::roster::Roster;
use crate::security::Clients;
use crate::shared::Shared;

/// What the handles of one network share; gone with the last of them.
///
/// The engine room reaches [`Inner`] through weak references, also while it holds a process's
/// lock, and may so be the last to let go of it. Closing everything takes those locks, so it
/// happens here, where only users hold references.
pub(super) struct Owner(pub(super) Arc<Inner>);

/// What the handles and the processes of one network share.
pub(crate) struct Inner {
    owner: Weak<Owner>,
    engine: Arc<Engine>,
    backend: Backend,
    limits: Limits,
    tls_profile: Profile,
    tls_clients: Arc<Clients>,
    registry: Mutex<Registry<Arc<Shared>>>,
    functions: RwLock<Functions>,
    buffers: Buffers,
    on_fault: Box<dyn Fn(&Fault) + Send + Sync>,
}

impl Owner {
    pub(super) fn of(settings: NetworkBuilder) -> Arc<Self> {
        Arc::new_cyclic(|owner| {
            Owner(Arc::new(Inner {
                owner: Weak::clone(owner),
                engine: Arc::default(),
                backend: settings.backend,
                limits: settings.limits,
                tls_profile: settings.tls_profile,
                tls_clients: Arc::default(),
                registry: Mutex::new(Registry::new()),
                functions: RwLock::new(Functions::new(settings.caller)),
                buffers: Buffers::default(),
                on_fault: settings.on_fault,
            }))
        })
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

    pub(crate) fn functions(&self) -> RwLockReadGuard<'_, Functions> {
        self.functions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn functions_mut(&self) -> RwLockWriteGuard<'_, Functions> {
        self.functions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    pub(crate) fn roster(&self) -> &Arc<Roster> {
        self.engine.roster()
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn tls_profile(&self) -> Profile {
        self.tls_profile
    }

    pub(crate) fn tls_clients(&self) -> &Arc<Clients> {
        &self.tls_clients
    }

    pub(crate) fn buffers(&self) -> &Buffers {
        &self.buffers
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.engine.spawn(task);
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
        self.0.roster().close();
    }
}
