//! Calling the callbacks that are due, contained: an error or a panic harms nobody else.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll};

use async_channel::{Sender, TrySendError};
use netproc_address::{Address, Kind};
use netproc_lisp::Text;
use netproc_process::{Effect, Marker};

use crate::buffers::Buffer;
use crate::callback::{
    CallbackError, Filter, FilterClosure, FilterTarget, Log, LogTarget, Sentinel, SentinelTarget,
};
use crate::event::Event;
use crate::fault::{CallbackKind, FaultKind};
use crate::functions::FilterChoice;
use crate::process::Process;
use crate::rare::Rare;
use crate::shared::{Shared, State};

thread_local! {
    /// The processes whose callbacks run on this thread, one inside the other.
    static RUNNING: RefCell<Vec<Process>> = const { RefCell::new(Vec::new()) };
}

/// Tells whether a callback is running on this thread.
pub(crate) fn is_in_callback() -> bool {
    RUNNING.with_borrow(|running| !running.is_empty())
}

/// Returns the process whose callback is running on this thread, the innermost one.
pub(crate) fn running_here() -> Option<Arc<Shared>> {
    RUNNING.with_borrow(|running| running.last().map(|process| Arc::clone(process.shared())))
}

/// Returns all processes whose callbacks are running on this thread.
pub(crate) fn all_running_here() -> Vec<Arc<Shared>> {
    RUNNING.with_borrow(|running| {
        let shared = running.iter().map(|process| Arc::clone(process.shared()));
        shared.collect()
    })
}

/// Where a process inserts: into a buffer, at its mark there.
type Place = (Buffer, Marker);

/// What to call, taken out of the state so that no lock is held during the call; not even while
/// text is inserted, since whoever looks at the buffer may ask its process something.
enum Call {
    Filter(Filter, Text),
    Sentinel(Sentinel, String),
    Log {
        log: Log,
        server: Process,
        connection: Option<Process>,
        message: String,
    },
    Insert(Place, Text),
    InsertEvent(Place, String),
    Report(Vec<FaultKind>),
    Nothing,
}

impl Process {
    /// Makes the calls that are due, one after the other; the caller holds the turn.
    ///
    /// Ready with the lock when none is due any more, pending while an event waits for room in
    /// its channel.
    #[inline]
    pub(crate) fn poll_deliver<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        context: &mut Context<'_>,
    ) -> Poll<MutexGuard<'a, State>> {
        if state.is_quiet() {
            return Poll::Ready(state);
        }
        self.poll_deliver_due(state, context)
    }

    fn poll_deliver_due<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        context: &mut Context<'_>,
    ) -> Poll<MutexGuard<'a, State>> {
        let shared = self.shared();
        loop {
            if let Some(sending) = state.rare.as_mut().and_then(|rare| rare.sending.as_mut()) {
                if sending.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                state.rare().sending = None;
            }
            shared.settle(&mut state);
            let call = if let Some(faults) = state.take_faults() {
                Call::Report(faults)
            } else if let Some(effect) = state.machine.poll_callback_effect() {
                self.prepare(&mut state, effect)
            } else {
                state.leave_rare();
                return Poll::Ready(state);
            };
            state.turn.begin_call();
            drop(state);
            self.call(call);
            state = shared.lock();
            state.turn.end_call();
            if state.is_quiet() {
                return Poll::Ready(state);
            }
        }
    }

    /// Looks up what a due call needs. To leave the table is no call, and done at once.
    fn prepare(&self, state: &mut State, effect: Effect) -> Call {
        match effect {
            Effect::Filter(text) => match &state.callbacks.filter {
                FilterChoice::Call(filter) => Call::Filter(filter.clone(), text),
                FilterChoice::Default | FilterChoice::Off => state.insertion(text),
            },
            Effect::Insert(text) => state.insertion(text),
            Effect::Sentinel(message) => match &state.callbacks.sentinel {
                Some(sentinel) => Call::Sentinel(sentinel.clone(), message.into_owned()),
                None => match state.event_place() {
                    Some(place) => Call::InsertEvent(place, message.into_owned()),
                    None => Call::Nothing,
                },
            },
            Effect::Log { message, .. } => {
                let accepted_by = state.rare.as_mut().and_then(|rare| rare.server.take());
                let this = self.clone();
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
                self.shared().retire();
                Call::Nothing
            }
            // The others concern the socket and are done by `settle`.
            _ => Call::Nothing,
        }
    }

    /// Returns whom the datagram came from that is handed over.
    fn sender(&self) -> Option<Address> {
        let state = self.shared().lock();
        let remote = (state.kind() == Kind::Datagram).then(|| state.machine.remote().cloned());
        remote.flatten()
    }

    fn call(&self, call: Call) {
        let (kind, outcome) = match call {
            Call::Nothing => return,
            Call::Report(faults) => return self.report(faults),
            Call::Insert((buffer, mark), text) => return buffer.lock().insert_at(mark, &text),
            Call::InsertEvent((buffer, mark), message) => {
                return buffer.lock().insert_event_at(mark, self.name(), &message);
            }
            Call::Filter(Filter(target), text) => match target {
                FilterTarget::Channel(events) => {
                    return self.send_event(
                        events,
                        Event::Data {
                            process: self.clone(),
                            text,
                            from: self.sender(),
                        },
                    );
                }
                FilterTarget::Function(filter) => {
                    return self.call_filter(&*filter, &text, &mut None);
                }
            },
            Call::Sentinel(Sentinel(target), message) => match target {
                SentinelTarget::Channel(events) => {
                    return self.send_event(
                        events,
                        Event::Changed {
                            process: self.clone(),
                            message,
                        },
                    );
                }
                SentinelTarget::Function(sentinel) => (
                    CallbackKind::Sentinel,
                    self.contain(&mut None, || sentinel(self, &message)),
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
                LogTarget::Function(log) => {
                    let outcome =
                        self.contain(&mut None, || log(&server, connection.as_ref(), &message));
                    // The function is the server's, so the fault is too.
                    if let Err(failure) = outcome {
                        server.report(vec![failure.of(CallbackKind::Log)]);
                    }
                    return;
                }
            },
        };
        if let Err(failure) = outcome {
            self.report(vec![failure.of(kind)]);
        }
    }

    /// Calls a filter; the caller may lend a handle of the process, and has it back.
    pub(crate) fn call_filter(
        &self,
        filter: &FilterClosure,
        text: &Text,
        spare: &mut Option<Process>,
    ) {
        if let Err(failure) = self.contain(spare, || filter(self, text)) {
            self.report(vec![failure.of(CallbackKind::Filter)]);
        }
    }

    /// Runs a callback so that neither its error nor its panic goes any further.
    fn contain(
        &self,
        spare: &mut Option<Process>,
        callback: impl FnOnce() -> Result<(), CallbackError>,
    ) -> Result<(), Failed> {
        let handle = spare.take().unwrap_or_else(|| self.clone());
        RUNNING.with_borrow_mut(|running| running.push(handle));
        let outcome = catch_unwind(AssertUnwindSafe(callback));
        *spare = RUNNING.with_borrow_mut(Vec::pop);
        match outcome {
            Ok(result) => result.map_err(Failed::Error),
            Err(payload) => Err(Failed::Panic(text_of(&*payload))),
        }
    }

    /// Sends an event, or keeps it until the channel has room.
    fn send_event(&self, events: Sender<Event>, event: Event) {
        // A channel that nobody reads any more is like a filter that ignores its text.
        if let Err(TrySendError::Full(event)) = events.try_send(event) {
            self.shared().lock().rare().sending = Some(Box::pin(async move {
                let _nobody_reads = events.send(event).await;
            }));
        }
    }

    /// Tells the network's fault function what went wrong.
    fn report(&self, faults: Vec<FaultKind>) {
        if let Some(inner) = self.shared().inner() {
            for kind in faults {
                // A fault function that panics is ignored: there is nobody left to tell.
                let _panicked = self.contain(&mut None, || {
                    inner.report(self.clone(), kind);
                    Ok(())
                });
            }
        }
    }
}

impl Shared {
    /// Inserts text as the default filter does.
    pub(crate) fn insert(&self, text: &Text) {
        let place = self.lock().buffer.clone();
        if let Some((buffer, mark)) = place {
            buffer.lock().insert_at(mark, text);
        }
    }

    /// Tells the buffer of an event as the default sentinel does.
    pub(crate) fn insert_event(&self, message: &str) {
        let place = self.lock().event_place();
        if let Some((buffer, mark)) = place {
            buffer.lock().insert_event_at(mark, &self.name, message);
        }
    }
}

impl State {
    /// Tells whether nothing is due: no callback, and nothing to do with the socket.
    #[inline]
    fn is_quiet(&self) -> bool {
        self.rare.is_none() && self.machine.is_quiet()
    }

    fn take_faults(&mut self) -> Option<Vec<FaultKind>> {
        let Rare { faults, .. } = &mut **self.rare.as_mut()?;
        (!faults.is_empty()).then(|| std::mem::take(faults))
    }

    fn insertion(&self, text: Text) -> Call {
        match &self.buffer {
            Some(place) => Call::Insert(place.clone(), text),
            None => Call::Nothing,
        }
    }

    /// Returns where the default sentinel writes; nowhere after a good start.
    fn event_place(&self) -> Option<Place> {
        use netproc_process::State::{Closed, Drain, Failed};
        let is_over = matches!(self.machine.state(), Failed | Drain | Closed);
        self.buffer.clone().filter(|_| is_over)
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

fn text_of(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a value that is no text".to_owned())
}
