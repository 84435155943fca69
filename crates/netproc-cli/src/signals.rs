//! The signals that end a server, or have it read its certificates again, waited for by the main
//! thread.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::Pid;

/// The signals that a server heeds.
pub(crate) struct Signals {
    set: SigSet,
    reloads: bool,
}

impl Signals {
    /// Keeps the signals back on this thread and on those that it starts later.
    ///
    /// With `reloads`, SIGHUP has certificates read again, and ends the server otherwise. Signals
    /// that were ignored at the start, as under `nohup`, do not end it.
    pub(crate) fn block(reloads: bool) -> nix::Result<Self> {
        let ignored = ignored_signals();
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGTERM);
        for signal in [Signal::SIGINT, Signal::SIGHUP] {
            let is_ignored = ignored & (1 << (signal as u32 - 1)) != 0;
            if !is_ignored || (reloads && signal == Signal::SIGHUP) {
                signals.add(signal);
            }
        }
        signals.thread_block()?;
        Ok(Signals {
            set: signals,
            reloads,
        })
    }

    /// Waits until the server is to end, and calls `reload` meanwhile as often as it is to read
    /// its certificates again. Another signal after that ends the program at once.
    pub(crate) fn wait(&self, reload: impl Fn()) -> nix::Result<()> {
        while self.set.wait()? == Signal::SIGHUP && self.reloads {
            reload();
        }
        self.set.thread_unblock()
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
