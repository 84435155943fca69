//! Waiting for time to pass: the system's time, or a test's.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use crate::memory::MemoryTimer;

/// A future that is ready once its time has come; made by [`Backend::timer`].
///
/// [`Backend::timer`]: crate::Backend::timer
pub struct Timer {
    inner: Inner,
}

enum Inner {
    System(async_io::Timer),
    Memory(MemoryTimer),
}

impl Timer {
    pub(crate) fn system(deadline: Instant) -> Timer {
        Timer {
            inner: Inner::System(async_io::Timer::at(deadline)),
        }
    }

    /// Makes a timer whose time lies beyond all clocks.
    pub(crate) fn never() -> Timer {
        Timer {
            inner: Inner::System(async_io::Timer::never()),
        }
    }

    pub(crate) fn memory(timer: MemoryTimer) -> Timer {
        Timer {
            inner: Inner::Memory(timer),
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.get_mut().inner {
            Inner::System(timer) => Pin::new(timer).poll(cx).map(|_fired_at| ()),
            Inner::Memory(timer) => timer.poll(cx),
        }
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Timer").finish_non_exhaustive()
    }
}
