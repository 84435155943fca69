//! The filter `chat`: what one connection says, all others hear.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use netproc::prelude::{Process, Text};
use netproc::process::ProcessId;

/// How many bytes may wait for a connection that does not read before it is closed.
const PATIENCE: usize = 8 * 1024 * 1024;

/// The connections of a server that hear each other.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    members: Mutex<HashMap<ProcessId, Process>>,
}

impl Chat {
    /// Notes that a connection is there, or is no more.
    pub(crate) fn note(&self, connection: &Process) {
        if connection.is_live() {
            self.lock().insert(connection.id(), connection.clone());
        } else {
            self.lock().remove(&connection.id());
        }
    }

    /// Sends what one connection said to all others.
    pub(crate) fn tell(&self, speaker: &Process, text: &Text) {
        let others: Vec<Process> = self
            .lock()
            .values()
            .filter(|member| *member != speaker)
            .cloned()
            .collect();
        for member in others {
            if member.queued_bytes() > PATIENCE {
                member.delete();
            } else {
                // One that is closed just now hears nothing more, and its sentinel says so.
                let _closed = member.send(text);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ProcessId, Process>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
