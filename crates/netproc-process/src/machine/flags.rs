//! Yes-or-no facts about a process, one bit each.

/// One fact.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub(super) enum Flag {
    /// `stop-process` was called.
    Stopped = 1,
    /// Ask about the process before exit.
    Query = 1 << 1,
    /// The process is a server.
    Server = 1 << 2,
    /// A server accepted it.
    Accepted = 1 << 3,
    /// Nobody waits for the connection: its sentinel hears of `failed`.
    TellsFailure = 1 << 4,
    /// Its sentinel hears of `open`.
    TellsOpen = 1 << 5,
    /// The end of input does not close it.
    HalfOpen = 1 << 6,
    /// Nothing is read until the queue is below the low mark.
    Held = 1 << 7,
    /// We send no more.
    OutputEnded = 1 << 8,
    /// The socket was told to shut down for writing.
    ShutDown = 1 << 9,
    /// The queue went over the high mark and not yet below the low one.
    Congested = 1 << 10,
    /// The decoding system is still the nil it was given as.
    DecodeNil = 1 << 11,
    /// The encoding system is still the nil it was given as.
    EncodeNil = 1 << 12,
    /// It was deleted: its exit status is 0.
    Absolved = 1 << 13,
    /// The socket was told to close.
    CloseGiven = 1 << 14,
    /// To do: the log function hears of the accepted connection.
    AcceptLog = 1 << 15,
    /// To do: the sentinel hears that it is open.
    OpenEvent = 1 << 16,
    /// To do: close the socket.
    ClosePending = 1 << 17,
    /// To do: leave the table without waiting for callbacks.
    RetireNow = 1 << 18,
    /// To do: leave the table before the last sentinel call.
    RetireLast = 1 << 19,
    /// The flag that Emacs keeps for coding systems of buffers.
    InheritsCodingSystem = 1 << 20,
    /// It reads nothing and hands nothing out, since it was stopped.
    Halted = 1 << 21,
}

/// A set of facts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags(u32);

impl Flags {
    pub(super) fn has(self, flag: Flag) -> bool {
        self.0 & flag as u32 != 0
    }

    /// Tells whether one of several facts holds.
    #[inline]
    pub(super) fn has_any(self, flags: &[Flag]) -> bool {
        let mask = flags.iter().fold(0, |mask, &flag| mask | flag as u32);
        self.0 & mask != 0
    }

    pub(super) fn set(&mut self, flag: Flag, on: bool) {
        if on {
            self.0 |= flag as u32;
        } else {
            self.0 &= !(flag as u32);
        }
    }

    /// Clears a fact and tells whether it held.
    pub(super) fn take(&mut self, flag: Flag) -> bool {
        let held = self.has(flag);
        self.set(flag, false);
        held
    }
}
