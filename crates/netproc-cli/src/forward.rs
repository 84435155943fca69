//! The filter `forward`: each accepted connection is joined with an outgoing one.

use std::io;
use std::sync::Arc;

use async_channel::{Receiver, Sender};
use async_executor::Executor;
use futures_lite::future;
use netproc::address::Kind;
use netproc::keywords::Spec;
use netproc::network::Error;
use netproc::prelude::{Event as ProcessEvent, Filter, Network, Process, Sentinel};
use netproc::tls;

use crate::events::{Event, Reporter};
use crate::relay::relay;
use crate::tls::with_flags;

/// How many messages may wait for the other side of a joint.
const MESSAGES: usize = 16;

/// Joins accepted connections with outgoing ones.
pub(crate) struct Forwarder {
    network: Network,
    /// What each outgoing connection is made of.
    spec: Spec,
    reporter: Reporter,
    executor: Arc<Executor<'static>>,
}

impl Forwarder {
    /// Makes a forwarder; `spec` is that of the outgoing connections.
    pub(crate) fn new(network: &Network, spec: Spec, reporter: Reporter) -> Self {
        Forwarder {
            network: network.clone(),
            spec,
            reporter,
            executor: Arc::default(),
        }
    }

    /// Returns what runs the joints; its threads must drive the network too.
    pub(crate) fn executor(&self) -> Arc<Executor<'static>> {
        Arc::clone(&self.executor)
    }

    /// Joins a connection that was accepted just now, before anything was read from it.
    pub(crate) fn join(self: &Arc<Self>, connection: &Process) {
        let forwarder = Arc::clone(self);
        let near = connection.clone();
        if near.kind() == Kind::Stream && self.spec.kind == Kind::Stream {
            // From here on nothing but the joint reads from it.
            let Ok(near) = near.into_stream() else { return };
            let joint = async move {
                let joined = async {
                    let far = forwarder.connect(forwarder.spec.clone()).await?;
                    let far = far.into_stream()?;
                    // Both ends are closed when they are dropped, however it ended.
                    Ok(relay(near, far).await)
                };
                match joined.await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => forwarder.report_cut(&error),
                    Err(error) => forwarder.report_failure(&error),
                }
            };
            self.executor.spawn(joint).detach();
        } else {
            let (messages, inbox) = async_channel::bounded(MESSAGES);
            let filter = Filter::channel(messages.clone());
            if near.set_filter_value(&filter.into()).is_err() {
                return;
            }
            let closing = forwarder.sentinel(messages);
            near.set_sentinel(closing);
            let joint = async move {
                let outcome = forwarder.join_messages(&near, inbox).await;
                near.delete();
                if let Err(error) = outcome {
                    forwarder.report_failure(&error);
                }
            };
            self.executor.spawn(joint).detach();
        }
    }

    async fn connect(&self, spec: Spec) -> Result<Process, Error> {
        self.network.open_async(spec).await
    }

    /// Connects and carries messages both ways until one side is closed.
    async fn join_messages(
        self: &Arc<Self>,
        near: &Process,
        from_near: Receiver<ProcessEvent>,
    ) -> Result<(), Error> {
        let (messages, from_far) = async_channel::bounded(MESSAGES);
        let mut spec = self.spec.clone();
        spec.stopped = false;
        spec.filter = Filter::channel(messages.clone()).into();
        spec.sentinel = Sentinel::new(self.sentinel(messages)).into();
        let far = self.connect(spec).await?;
        future::or(carry(&from_near, &far), carry(&from_far, near)).await;
        // What one side said last still reaches the other.
        let _closed = far.flush_async().await;
        let _closed = near.flush_async().await;
        far.delete();
        Ok(())
    }

    /// Makes a sentinel that ends the messages when its process is closed.
    fn sentinel(
        self: &Arc<Self>,
        messages: Sender<ProcessEvent>,
    ) -> impl Fn(&Process, &str) + Send + Sync + 'static {
        let reporter = self.reporter;
        move |process, message| {
            let _closed = reporter.report_message(process, message);
            if !process.is_live() {
                messages.close();
            }
        }
    }

    fn report_failure(&self, error: &Error) {
        self.report("failed", &error.to_string());
    }

    /// Tells that a session of TLS was cut: the other side only sees an end.
    fn report_cut(&self, error: &io::Error) {
        if let Some(error) = tls::Error::from_io(error) {
            self.report("warning", &error.to_string());
        }
    }

    fn report(&self, kind: &str, message: &str) {
        let _closed = self.reporter.report(Event {
            kind,
            process: Some(&self.spec.name),
            message: &with_flags(message),
            ..Event::default()
        });
    }
}

/// Sends messages on as they come, until one side is closed.
async fn carry(messages: &Receiver<ProcessEvent>, to: &Process) {
    while let Ok(event) = messages.recv().await {
        if let ProcessEvent::Data { text, .. } = event
            && to.send_async(&text).await.is_err()
        {
            return;
        }
    }
}
