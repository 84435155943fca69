//! Waiting for output: `accept-process-output` and its async form.
//!
//! While a thread waits here it serves the network, so callbacks run on it.

use std::task::Poll;
use std::time::Duration;

use async_io::Timer;
use futures_lite::future;

use crate::drive::{block_on_driving, drive, look_driving};
use crate::error::Error;
use crate::network::Network;
use crate::process::Process;
use crate::shared::{Shared, State};
use crate::wakers::Guest;

/// How often a thread that only polls looks at what became ready.
const POLLING_ROUNDS: usize = 3;

impl Network {
    /// Waits until text arrived on a process and its filter has had it.
    ///
    /// Callbacks of every process run on this thread meanwhile. Without a process, text on any
    /// process ends the wait. A `timeout` of `None` waits without end, zero only looks at what
    /// is there already. Returns whether bytes were read; the end of the process ends the wait
    /// with `false`, and so does a server, which never reads.
    ///
    /// Two callbacks that wait for each other's process, on two threads, wait until a timeout:
    /// neither text counts as heard before its filter has returned.
    ///
    /// # Errors
    ///
    /// [`Error::Reentered`] if a callback of this process waits for the process itself, since
    /// no callback is entered again while it runs; [`Network::accept_output_nested`] does so.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use netproc_network::Network;
    ///
    /// let network = Network::new();
    /// assert!(!network.accept_output(None, Duration::ZERO)?);
    /// # Ok::<(), netproc_network::Error>(())
    /// ```
    #[doc(alias = "accept-process-output")]
    pub fn accept_output<'a>(
        &self,
        process: impl Into<Option<&'a Process>>,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<bool, Error> {
        let (process, timeout) = (process.into(), timeout.into());
        refuse_reentry(process)?;
        let output = self.output(process, timeout);
        Ok(if timeout == Some(Duration::ZERO) {
            look_driving(self, output)
        } else {
            block_on_driving(self, output)
        })
    }

    /// Waits as [`Network::accept_output`] does, without holding a thread.
    ///
    /// # Errors
    ///
    /// As [`Network::accept_output`].
    pub async fn accept_output_async<'a>(
        &self,
        process: impl Into<Option<&'a Process>>,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<bool, Error> {
        let (process, timeout) = (process.into(), timeout.into());
        refuse_reentry(process)?;
        Ok(drive(self, self.output(process, timeout)).await)
    }

    /// Waits for text on one process while all others stand still, as
    /// `accept-process-output` does with its argument JUST-THIS-ONE.
    ///
    /// Called from a callback of the same process, it delivers newer text inside of that
    /// callback: Emacs's nesting, for those who ask for it. Returns whether bytes were read.
    pub fn accept_output_nested(
        &self,
        process: &Process,
        timeout: impl Into<Option<Duration>>,
    ) -> bool {
        let shared = process.shared();
        let _nesting = shared.nest();
        let serve = future::poll_fn(|context| {
            shared.wakers.add_guest(Guest::Server, context.waker());
            // The turn never ends the wait; the listener beside it does.
            let turned = process.poll_turn(context.waker(), &mut None);
            if turned.is_heard {
                shared.wakers.roster().note_output();
            }
            Poll::<()>::Pending
        });
        let wait = future::or(wait_for_output(shared), async {
            serve.await;
            false
        });
        let outcome = netproc_socket::block_on_watching(with_timeout(wait, timeout.into()));
        outcome.unwrap_or(false)
    }

    async fn output(&self, process: Option<&Process>, timeout: Option<Duration>) -> bool {
        let wait = async {
            match process {
                Some(process) => wait_for_output(process.shared()).await,
                None => self.wait_for_any_output().await,
            }
        };
        with_timeout(wait, timeout).await.unwrap_or(false)
    }

    async fn wait_for_any_output(&self) -> bool {
        self.inner().roster().next_output().await;
        true
    }
}

fn refuse_reentry(process: Option<&Process>) -> Result<(), Error> {
    match process {
        Some(process) if process.shared().is_in_callback_here() => Err(Error::Reentered {
            process: process.name().into(),
        }),
        _ => Ok(()),
    }
}

async fn wait_for_output(shared: &Shared) -> bool {
    let before = shared.lock().received;
    shared
        .wait_until(|state| {
            if !state.is_settled() {
                None
            } else if state.received != before {
                Some(true)
            } else if is_reading_over(state) {
                Some(false)
            } else {
                None
            }
        })
        .await
}

/// Tells whether no text can arrive any more, or ever.
fn is_reading_over(state: &State) -> bool {
    use netproc_process::State::{Closed, Failed, Listen};
    matches!(state.machine.state(), Closed | Failed | Listen)
        && !state.machine.has_undelivered_input()
}

/// Runs a future until it ends or the time is up, which gives `None`.
async fn with_timeout<T>(wait: impl Future<Output = T>, timeout: Option<Duration>) -> Option<T> {
    let time_up = async {
        match timeout {
            None => future::pending().await,
            Some(timeout) => {
                Timer::after(timeout).await;
                // What became ready together with the timer is still served.
                for _ in 0..POLLING_ROUNDS {
                    future::yield_now().await;
                }
                None
            }
        }
    };
    future::or(async { Some(wait.await) }, time_up).await
}
