//! The signals that end a server, waited for by the main thread.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::Pid;

/// The signals that end a server.
pub(crate) struct EndSignals(SigSet);

impl EndSignals {
    /// Keeps the signals back on this thread and on those that it starts later.
    ///
    /// Signals that were ignored at the start, as under `nohup`, stay ignored.
    pub(crate) fn block() -> nix::Result<Self> {
        let ignored = ignored_signals();
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGTERM);
        for signal in [Signal::SIGINT, Signal::SIGHUP] {
            if ignored & (1 << (signal as u32 - 1)) == 0 {
                signals.add(signal);
            }
        }
        signals.thread_block()?;
        Ok(EndSignals(signals))
    }

    /// Waits for one of the signals; another one after that ends the program at once.
    pub(crate) fn wait(&self) -> nix::Result<()> {
        self.0.wait()?;
        self.0.thread_unblock()
    }
}

/// Ends the server from any of its threads, as if the signal had come from outside.
pub(crate) fn end_server() {
    static ENDING: AtomicBool = AtomicBool::new(false);
    // Only once, since a second signal ends the program at once.
    if !ENDING.swap(true, Ordering::Relaxed) {
        // A process may always signal itself.
        let _sent = kill(Pid::this(), Signal::SIGTERM);
    }
}

/// Returns the mask of signals that are ignored, as `proc(5)` shows it; none where it does not.
fn ignored_signals() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}
