//! What a client received, on its way to standard output.
//!
//! A thread of its own writes, so that a standard output that nobody reads holds up only what
//! is received, not what is sent. The process is stopped while too much waits here.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use netproc::prelude::Process;

/// How many bytes may wait before the process reads no more.
const HIGH_WATER: usize = 1024 * 1024;

/// How many bytes may still wait when it reads again.
const LOW_WATER: usize = 256 * 1024;

/// Bytes that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pieces: VecDeque<Vec<u8>>,
    bytes: usize,
    /// The process that was stopped because too much waits.
    stopped: Option<Process>,
    closed: bool,
}

impl Outbox {
    /// Takes what a process received, and stops the process while too much waits.
    pub(crate) fn push(&self, process: &Process, piece: &[u8]) {
        if piece.is_empty() {
            return;
        }
        let is_full = {
            let mut state = self.lock();
            if state.closed {
                return;
            }
            state.bytes += piece.len();
            state.pieces.push_back(piece.to_vec());
            state.bytes > HIGH_WATER && state.stopped.is_none()
        };
        if is_full {
            process.stop();
            // Noted only now, so that the writer never resumes before the process is stopped.
            self.lock().stopped = Some(process.clone());
        }
        self.changed.notify_one();
    }

    /// Lets the writer end when it has written what is there.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Writes what comes until the end.
    ///
    /// # Errors
    ///
    /// The system's error, such as a pipe that nobody reads; nothing is taken any more then.
    pub(crate) fn write_to(&self, output: &mut File) -> io::Result<()> {
        while let Some(piece) = self.next() {
            if let Err(error) = output.write_all(&piece) {
                let mut state = self.lock();
                state.closed = true;
                state.pieces.clear();
                return Err(error);
            }
            self.written(piece.len());
        }
        Ok(())
    }

    /// Waits for the next piece; none comes when the outbox is closed and empty.
    fn next(&self) -> Option<Vec<u8>> {
        loop {
            let mut state = self.lock();
            if let Some(piece) = state.pieces.pop_front() {
                return Some(piece);
            }
            if let Some(process) = state.stopped.take() {
                drop(state);
                process.resume();
            } else if state.closed {
                return None;
            } else {
                drop(
                    self.changed
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner),
                );
            }
        }
    }

    /// Notes that bytes left, and lets the process read again when few are left.
    fn written(&self, count: usize) {
        let mut state = self.lock();
        state.bytes -= count;
        let stopped = if state.bytes < LOW_WATER {
            state.stopped.take()
        } else {
            None
        };
        drop(state);
        if let Some(process) = stopped {
            process.resume();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
