//! Threads that drive a network in the background.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::thread::JoinHandle;

use async_channel::Sender;

use crate::network::Network;

/// Threads that run the callbacks of a network until this value is dropped or stopped.
///
/// Callbacks of one process never overlap and keep the order of the wire; different processes
/// are served side by side.
#[derive(Debug)]
#[must_use = "the threads stop when this is dropped"]
pub struct Background {
    stop: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    pub(crate) fn start(network: &Network, threads: usize) -> std::io::Result<Self> {
        let (stop, stopped) = async_channel::bounded::<()>(1);
        let mut background = Background {
            stop: Some(stop),
            threads: Vec::new(),
        };
        for number in 0..threads.max(1) {
            let engine = network.engine();
            let stopped = stopped.clone();
            let thread = std::thread::Builder::new()
                .name(format!("netproc-{number}"))
                .spawn(move || {
                    let mut closed = pin!(stopped.recv());
                    let mut is_waiting = false;
                    let until = poll_fn(|context| {
                        // Asked at every turn of the thread: to look is cheaper than to wait again.
                        if is_waiting && !stopped.is_closed() {
                            return Poll::Pending;
                        }
                        is_waiting = true;
                        // Nobody sends: the end of the channel is the sign to stop.
                        closed.as_mut().poll(context).map(|_closed| ())
                    });
                    netproc_socket::block_on_watching(engine.run(until));
                })?;
            background.threads.push(thread);
        }
        Ok(background)
    }

    /// Stops the threads, waiting for callbacks that are running.
    pub fn stop(mut self) {
        self.finish();
    }

    /// Lets the threads run on for the rest of the program.
    pub fn detach(mut self) {
        self.threads.clear();
        // The channel must stay open, or the threads would stop.
        if let Some(stop) = self.stop.take() {
            std::mem::forget(stop);
        }
    }

    fn finish(&mut self) {
        self.stop = None;
        let this_thread = std::thread::current().id();
        for thread in self.threads.drain(..) {
            // A callback may drop the last handle: its own thread ends by itself.
            if thread.thread().id() != this_thread {
                // Callbacks are contained, so a thread that panicked has nothing to tell.
                let _outcome = thread.join();
            }
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.finish();
    }
}
