//! Calling the callbacks that are due, contained: an error or a panic harms nobody else.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll};

use async_channel::{Sender, TrySendError};
use netproc_lisp::Text;
use netproc_process::Effect;

use crate::callback::{
    CallbackError, Filter, FilterTarget, Log, LogTarget, Sentinel, SentinelTarget,
};
use crate::event::Event;
use crate::fault::{CallbackKind, FaultKind};
use crate::functions::FilterChoice;
use crate::process::Process;
use crate::shared::{Rare, Shared, State};

thread_local! {
    /// How many callbacks are running on this thread, one inside the other.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Tells whether a callback is running on this thread.
pub(crate) fn is_in_callback() -> bool {
    DEPTH.get() > 0
}

/// What to call, taken out of the state so that no lock is held during the call.
enum Call {
    Filter(Filter, Text),
    Sentinel(Sentinel, String),
    Log {
        log: Log,
        server: Process,
        connection: Option<Process>,
        message: String,
    },
    Report(Vec<FaultKind>),
    Nothing,
}

impl Shared {
    /// Makes the calls that are due, one after the other; the caller holds the turn.
    ///
    /// Ready with the lock when none is due any more, pending while an event waits for room in
    /// its channel.
    pub(crate) fn poll_deliver<'a>(
        self: &'a Arc<Self>,
        context: &mut Context<'_>,
    ) -> Poll<MutexGuard<'a, State>> {
        loop {
            let mut state = self.lock();
            if let Some(sending) = state.rare.as_mut().and_then(|rare| rare.sending.as_mut()) {
                if sending.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                state.rare().sending = None;
            }
            self.settle(&mut state);
            let call = if let Some(faults) = state.take_faults() {
                Call::Report(faults)
            } else if let Some(effect) = state.machine.poll_callback_effect() {
                self.prepare(&mut state, effect)
            } else {
                return Poll::Ready(state);
            };
            drop(state);
            self.call(call);
        }
    }

    /// Looks up what a due call needs, and makes at once those that call no user code.
    fn prepare(self: &Arc<Self>, state: &mut State, effect: Effect) -> Call {
        match effect {
            Effect::Filter(text) => match &state.callbacks.filter {
                FilterChoice::Call(filter) => Call::Filter(filter.clone(), text),
                FilterChoice::Default | FilterChoice::Off => {
                    insert(state, &text);
                    Call::Nothing
                }
            },
            Effect::Insert(text) => {
                insert(state, &text);
                Call::Nothing
            }
            Effect::Sentinel(message) => {
                if let Some(sentinel) = &state.callbacks.sentinel {
                    return Call::Sentinel(sentinel.clone(), message.into_owned());
                }
                self.insert_event(state, &message);
                Call::Nothing
            }
            Effect::Log { message, .. } => {
                let accepted_by = state.rare.as_mut().and_then(|rare| rare.server.take());
                let this = Process::from_shared(Arc::clone(self));
                let (server, connection) = match accepted_by {
                    Some(server) => (Process::from_shared(server), Some(this)),
                    None => (this, None),
                };
                match state.callbacks.log.clone() {
                    Some(log) => Call::Log {
                        log,
                        server,
                        connection,
                        message,
                    },
                    None => Call::Nothing,
                }
            }
            Effect::Retire => {
                self.retire();
                Call::Nothing
            }
            // The others concern the socket and are done by `settle`.
            _ => Call::Nothing,
        }
    }

    fn call(self: &Arc<Self>, call: Call) {
        let process = || Process::from_shared(Arc::clone(self));
        let (kind, outcome) = match call {
            Call::Nothing => return,
            Call::Report(faults) => return self.report(faults),
            Call::Filter(Filter(target), text) => match target {
                FilterTarget::Channel(events) => {
                    return self.send_event(
                        events,
                        Event::Data {
                            process: process(),
                            text,
                        },
                    );
                }
                FilterTarget::Function(filter) => {
                    (CallbackKind::Filter, contain(|| filter(&process(), &text)))
                }
            },
            Call::Sentinel(Sentinel(target), message) => match target {
                SentinelTarget::Channel(events) => {
                    return self.send_event(
                        events,
                        Event::Changed {
                            process: process(),
                            message,
                        },
                    );
                }
                SentinelTarget::Function(sentinel) => (
                    CallbackKind::Sentinel,
                    contain(|| sentinel(&process(), &message)),
                ),
            },
            Call::Log {
                log: Log(target),
                server,
                connection,
                message,
            } => match target {
                LogTarget::Channel(events) => {
                    return self.send_event(
                        events,
                        Event::Log {
                            server,
                            connection,
                            message,
                        },
                    );
                }
                LogTarget::Function(log) => (
                    CallbackKind::Log,
                    contain(|| log(&server, connection.as_ref(), &message)),
                ),
            },
        };
        if let Err(failure) = outcome {
            self.report(vec![failure.of(kind)]);
        }
    }

    /// Sends an event, or keeps it until the channel has room.
    fn send_event(&self, events: Sender<Event>, event: Event) {
        // A channel that nobody reads any more is like a filter that ignores its text.
        if let Err(TrySendError::Full(event)) = events.try_send(event) {
            self.lock().rare().sending = Some(Box::pin(async move {
                let _nobody_reads = events.send(event).await;
            }));
        }
    }

    /// Tells the network's fault function what went wrong.
    fn report(self: &Arc<Self>, faults: Vec<FaultKind>) {
        if let Some(inner) = self.inner() {
            for kind in faults {
                inner.report(Process::from_shared(Arc::clone(self)), kind);
            }
        }
    }

    /// What the default sentinel does: tells the buffer of everything but a good start.
    pub(crate) fn insert_event(&self, state: &State, message: &str) {
        use netproc_process::State::{Closed, Drain, Failed};
        let is_over = matches!(state.machine.state(), Failed | Drain | Closed);
        if let (Some((buffer, mark)), true) = (&state.buffer, is_over) {
            buffer.lock().insert_event_at(*mark, &self.name, message);
        }
    }
}

impl State {
    fn take_faults(&mut self) -> Option<Vec<FaultKind>> {
        let Rare { faults, .. } = &mut **self.rare.as_mut()?;
        (!faults.is_empty()).then(|| std::mem::take(faults))
    }
}

pub(crate) fn insert(state: &State, text: &Text) {
    if let Some((buffer, mark)) = &state.buffer {
        buffer.lock().insert_at(*mark, text);
    }
}

/// How a callback failed, before it is known which.
enum Failed {
    Error(CallbackError),
    Panic(String),
}

impl Failed {
    fn of(self, callback: CallbackKind) -> FaultKind {
        match self {
            Failed::Error(error) => FaultKind::CallbackFailed { callback, error },
            Failed::Panic(message) => FaultKind::CallbackPanicked { callback, message },
        }
    }
}

/// Runs a callback so that neither its error nor its panic goes any further.
fn contain(callback: impl FnOnce() -> Result<(), CallbackError>) -> Result<(), Failed> {
    DEPTH.set(DEPTH.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(callback));
    DEPTH.set(DEPTH.get() - 1);
    match outcome {
        Ok(result) => result.map_err(Failed::Error),
        Err(payload) => {
            let message = payload
                .downcast_ref::<&str>()
                .map(ToString::to_string)
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "a value that is no text".to_owned());
            Err(Failed::Panic(message))
        }
    }
}
