//! What is still to be sent on processes that Lisp is done with.
//!
//! Emacs has handed everything to the system when it returns from sending. Here some of it may
//! wait, and goes out though the process is deleted, or Emacs is about to end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_io::Timer;
use netproc::{Process, Value};

use crate::engine::Engine;

/// Processes that are deleted when all is sent.
#[derive(Default)]
pub(crate) struct Leaving {
    processes: Mutex<HashMap<i64, Process>>,
    numbers: AtomicI64,
}

impl Leaving {
    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Process>> {
        self.processes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Deletes a process when what it has to send is sent.
    pub(crate) fn let_go(&'static self, process: Process) {
        if process.queued_bytes() == 0 || !process.is_live() {
            process.delete();
            return;
        }
        // Nobody listens any more.
        let _read = process.set_filter_value(&Value::t());
        process.resume();
        let number = self.leaving.numbers.fetch_add(1, Ordering::Relaxed);
        self.leaving.lock().insert(number, process.clone());
        let gone = async move {
            let _sent = process.flush_async().await;
            process.delete();
            self.leaving.lock().remove(&number);
        };
        self.executor.spawn(gone).detach();
    }

    /// Waits for a while until everything is sent, and tells whether it is.
    pub(crate) fn drain(&self, limit: Duration) -> bool {
        let waiting: Vec<Process> = {
            let leaving = self.leaving.lock();
            let here = self.processes();
            let all = here.into_iter().chain(leaving.values().cloned());
            all.filter(|process| process.queued_bytes() > 0 && process.is_live())
                .collect()
        };
        let sent = async {
            for process in waiting {
                let _sent = process.flush_async().await;
            }
            true
        };
        let over = async {
            Timer::after(limit).await;
            false
        };
        async_io::block_on(futures_lite::future::or(sent, over))
    }
}
