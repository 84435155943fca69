//! What a thread does that serves a network: the turns of processes, and all other tasks.

use std::sync::Arc;

use async_executor::Executor;
use futures_lite::future;

use crate::roster::Roster;

/// The work of one network, for whichever threads come to do it.
#[derive(Default)]
pub(crate) struct Engine {
    executor: Executor<'static>,
    roster: Arc<Roster>,
}

impl Engine {
    /// Awaits a future and does the network's work meanwhile.
    pub(crate) async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let serving = async { match self.roster.serve().await {} };
        self.executor.run(future::or(future, serving)).await
    }

    /// Adds a task, for the next thread that is free.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.executor.spawn(task).detach();
    }

    pub(crate) fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }
}
