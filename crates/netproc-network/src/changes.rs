//! Telling those who wait that something changed, at no cost while nobody does.

use std::sync::atomic::{AtomicU32, Ordering};

use event_listener::{Event, EventListener};

/// A place where changes are told.
///
/// Who changes something first changes it, then calls [`notify`](Changes::notify). Who waits first
/// listens, then looks. What is looked at is behind a lock that both take, so that one of the two sees
/// the other.
#[derive(Default)]
pub(crate) struct Changes {
    listeners: AtomicU32,
    event: Event,
}

impl Changes {
    /// Wakes whoever listens.
    pub(crate) fn notify(&self) {
        // An event looks for its listeners under a lock, and makes room for them.
        if self.listeners.load(Ordering::SeqCst) > 0 {
            self.event.notify(usize::MAX);
        }
    }

    /// Waits until `condition` gives a value, asking again at each change.
    pub(crate) async fn until<T>(&self, mut condition: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(value) = condition() {
                return value;
            }
            let listener = self.listen();
            if let Some(value) = condition() {
                return value;
            }
            listener.heard().await;
        }
    }

    fn listen(&self) -> Listener<'_> {
        self.listeners.fetch_add(1, Ordering::SeqCst);
        Listener {
            changes: self,
            listener: Some(self.event.listen()),
        }
    }
}

/// Somebody who listens, and is counted for as long.
struct Listener<'a> {
    changes: &'a Changes,
    listener: Option<EventListener>,
}

impl Listener<'_> {
    async fn heard(mut self) {
        if let Some(listener) = self.listener.take() {
            listener.await;
        }
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        self.changes.listeners.fetch_sub(1, Ordering::SeqCst);
    }
}
