//! What the callbacks of a process and the driver of its dialogue share.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_channel::{Receiver, Sender};
use netproc_coding::{CodingSystem, Decoder};
use netproc_dialogue::{Dialogue, Effect, Event};
use netproc_lisp::Text;
use netproc_network::{Error as NetworkError, Filter, Process, Sentinel, StartTls};

/// A handshake that has begun.
pub(super) type Handshake = Pin<Box<dyn Future<Output = Result<(), NetworkError>> + Send>>;

/// A dialogue, and what its process is told by it.
pub(super) struct Talk {
    state: Mutex<State>,
    /// Something happened: the driver is to look.
    happened: Sender<()>,
}

struct State {
    /// The dialogue, unless the driver is asking it: functions of the request may do anything
    /// then, wait for the network even.
    dialogue: Option<Dialogue>,
    /// What happened while the driver was asking.
    missed: Vec<Missed>,
    /// Which connection it is; what an earlier one says does not count.
    connection: u32,
    raw: Option<Raw>,
    handshake: Option<Result<Handshake, NetworkError>>,
}

/// Something that is still to be told to a dialogue.
enum Missed {
    Text(Text),
    Closed,
}

/// A process that hands in bytes, since it may be about to be encrypted.
struct Raw {
    /// What bytes are decoded with to be shown.
    decoder: Decoder,
    /// The coding systems for what comes later.
    systems: (Option<CodingSystem>, Option<CodingSystem>),
    /// How to encrypt.
    how: StartTls,
}

impl Talk {
    pub(super) fn new(dialogue: Dialogue) -> (Arc<Self>, Receiver<()>) {
        let (happened, look) = async_channel::bounded(1);
        let talk = Talk {
            state: Mutex::new(State {
                dialogue: Some(dialogue),
                missed: Vec::new(),
                connection: 0,
                raw: None,
                handshake: None,
            }),
            happened,
        };
        (Arc::new(talk), look)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what is to be done next.
    pub(super) fn poll(&self) -> Option<Effect> {
        let mut dialogue = self.lock().dialogue.take()?;
        let effect = dialogue.poll();
        let mut state = self.lock();
        for missed in mem::take(&mut state.missed) {
            match missed {
                Missed::Text(text) => dialogue.handle(Event::Text(&text)),
                Missed::Closed => dialogue.handle(Event::Closed),
            };
        }
        state.dialogue = Some(dialogue);
        effect
    }

    /// Tells the dialogue what the driver knows.
    pub(super) fn tell(&self, event: Event<'_>) {
        if let Some(dialogue) = &mut self.lock().dialogue {
            dialogue.handle(event);
        }
    }

    /// Forgets the dialogue with all that its request holds: the contact of the process keeps the
    /// callbacks, and with them this.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.connection = 0;
        state.missed = Vec::new();
        let dialogue = state.dialogue.take();
        drop(state);
        drop(dialogue);
    }

    /// Makes the filter and the sentinel of the next connection.
    pub(super) fn callbacks(self: &Arc<Self>) -> (Filter, Sentinel) {
        let connection = {
            let mut state = self.lock();
            state.connection += 1;
            state.raw = None;
            state.connection
        };
        let talk = Arc::clone(self);
        let filter = Filter::new(move |process, text| talk.heard(connection, process, text));
        let talk = Arc::clone(self);
        let sentinel = Sentinel::new(move |process, event: &str| {
            process.insert_event(event);
            talk.changed(connection, process);
        });
        (filter, sentinel)
    }

    /// Has the process hand in bytes from here on.
    pub(super) fn read_bytes(&self, process: &Process, how: StartTls) {
        let systems = process.coding_systems();
        let mut state = self.lock();
        state.raw = Some(Raw {
            decoder: Decoder::new(systems.0.unwrap_or(CodingSystem::UNDECIDED)),
            systems,
            how,
        });
        drop(state);
        process.set_coding_systems(CodingSystem::BINARY, systems.1);
    }

    /// Has the process decode again, if it does not.
    pub(super) fn read_text(&self, process: &Process) {
        let raw = self.lock().raw.take();
        if let Some(mut raw) = raw {
            process.set_coding_systems(raw.systems.0, raw.systems.1);
            let mut rest = Text::new();
            raw.decoder.finish(&mut rest);
            process.insert(&rest);
        }
    }

    /// Returns the handshake that began when the answer to STARTTLS was there.
    pub(super) fn handshake(&self) -> Option<Result<Handshake, NetworkError>> {
        self.lock().handshake.take()
    }

    /// The filter: shows the text and lets the dialogue hear it.
    fn heard(&self, connection: u32, process: &Process, text: &Text) {
        let shown = self.hear(connection, process, text);
        process.insert(shown.as_ref().unwrap_or(text));
        self.wake();
    }

    /// Lets the dialogue hear a text. Returns what to show, if that is something else.
    fn hear(&self, connection: u32, process: &Process, text: &Text) -> Option<Text> {
        let mut state = self.lock();
        let state = &mut *state;
        if state.connection != connection {
            return None;
        }
        let Some(dialogue) = &mut state.dialogue else {
            state.missed.push(Missed::Text(text.clone()));
            return None;
        };
        if dialogue.is_handshaking() && process.is_encrypted() {
            // It came by TLS already, before the driver could say that the handshake is done.
            dialogue.handle(Event::TlsDone);
        }
        let count = dialogue.handle(Event::Text(text));
        let raw = state.raw.as_mut().zip(text.as_unibyte());
        let shown = raw.map(|(raw, bytes)| {
            let mut shown = Text::new();
            let bytes = bytes.get(..count).unwrap_or_default();
            raw.decoder.decode(bytes, &mut shown);
            shown
        });
        if dialogue.is_handshaking()
            && let Some(raw) = state.raw.take()
        {
            // Here and now, so that nothing more is read in clear.
            process.set_coding_systems(raw.systems.0, raw.systems.1);
            let handshake = process.tls_handshake(raw.how);
            state.handshake = Some(handshake.map(|it| Box::pin(it) as Handshake));
        }
        shown
    }

    /// The sentinel: lets the dialogue know that the connection is over.
    fn changed(&self, connection: u32, process: &Process) {
        if process.is_live() {
            return;
        }
        let mut state = self.lock();
        if state.connection == connection {
            match &mut state.dialogue {
                Some(dialogue) => {
                    dialogue.handle(Event::Closed);
                }
                None => state.missed.push(Missed::Closed),
            }
        }
        drop(state);
        self.wake();
    }

    fn wake(&self) {
        // A driver that is told already needs no telling.
        let _told = self.happened.try_send(());
    }
}
