//! What only few processes have at a time, out of the way of the many.

use std::pin::Pin;
use std::sync::Arc;

use async_io::Timer;

use crate::fault::FaultKind;
use crate::pressure::Hold;
use crate::security::Tls;
use crate::shared::{Shared, State};
use crate::upgrade::Upgrade;

/// What only few processes have at a time.
#[derive(Default)]
pub(crate) struct Rare {
    /// The server that accepted this connection, until its log function was told.
    pub(crate) server: Option<Arc<Shared>>,
    /// Accepting rests until then, for want of descriptors.
    pub(crate) rest: Option<Timer>,
    /// A full receiver of local datagrams is asked again then.
    pub(crate) retry: Option<Timer>,
    /// An event that waits for room in its channel.
    pub(crate) sending: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// Processes that have too much to send before this one reads on.
    pub(crate) holds: Vec<Hold>,
    /// What is to be reported.
    pub(crate) faults: Vec<FaultKind>,
    /// The process serves a stream of bytes; nobody else reads.
    pub(crate) is_stream: bool,
    /// The connection is about to be encrypted.
    pub(crate) upgrade: Option<Upgrade>,
    /// What a server encrypts its connections with.
    pub(crate) tls: Option<Tls>,
}

impl Rare {
    fn is_empty(&self) -> bool {
        let Rare {
            server,
            rest,
            retry,
            sending,
            holds,
            faults,
            is_stream,
            upgrade,
            tls,
        } = self;
        let waits = rest.is_some() || retry.is_some() || sending.is_some();
        let keeps = server.is_some() || tls.is_some() || upgrade.is_some();
        !waits && !keeps && !is_stream && holds.is_empty() && faults.is_empty()
    }
}

impl State {
    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Gives up what few processes have, when this one has none of it any more: it stands between
    /// what arrives and the filter.
    pub(crate) fn leave_rare(&mut self) {
        if self.rare.as_ref().is_some_and(|rare| rare.is_empty()) {
            self.rare = None;
        }
    }
}
