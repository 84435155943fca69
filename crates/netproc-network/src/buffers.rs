//! Named buffers that processes insert into, shared between threads.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use netproc_lisp::{Opaque, Text, Value};
use netproc_process::Marker;

use crate::error::Error;
use crate::shared::State;

/// A buffer: text that grows where the mark of its process stands.
///
/// A buffer is a handle: clones are the same buffer. It outlives its processes. Positions count
/// characters from 1, as in Emacs.
///
/// # Examples
///
/// ```
/// let network = netproc_network::Network::new();
/// let buffer = network.buffer("*log*")?;
/// assert_eq!(buffer.text(), "");
/// assert_eq!(network.find_buffer("*log*"), Some(buffer));
/// # Ok::<(), netproc_network::Error>(())
/// ```
#[derive(Clone)]
#[doc(alias = "process-buffer")]
pub struct Buffer(Arc<Mutex<netproc_process::Buffer>>);

impl Buffer {
    fn new(name: &str) -> Self {
        Buffer(Arc::new(Mutex::new(netproc_process::Buffer::new(name))))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, netproc_process::Buffer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the name.
    #[doc(alias = "buffer-name")]
    pub fn name(&self) -> Arc<str> {
        Arc::clone(self.lock().name())
    }

    /// Returns a copy of the text.
    #[doc(alias = "buffer-string")]
    pub fn text(&self) -> Text {
        self.lock().text().clone()
    }

    /// Removes the text and returns it.
    pub fn take(&self) -> Text {
        self.lock().take()
    }

    /// Looks at the buffer, or changes it, while no process can.
    ///
    /// `look` must not call anything of a network, a process or this buffer's handle: they may
    /// be waiting for the buffer.
    pub fn with<T>(&self, look: impl FnOnce(&mut netproc_process::Buffer) -> T) -> T {
        look(&mut self.lock())
    }

    /// Returns the buffer a Lisp value holds, as [`Buffer::to_value`] made it.
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Opaque(opaque) => opaque.downcast_ref::<Buffer>().cloned(),
            _ => None,
        }
    }

    /// Returns the buffer as a Lisp value, for `:buffer` in a keyword list.
    pub fn to_value(&self) -> Value {
        Value::Opaque(Opaque::new(
            format!("#<buffer {}>", self.name()),
            self.clone(),
        ))
    }
}

impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Buffer {}

impl fmt::Debug for Buffer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#<buffer {}>", self.name())
    }
}

/// The buffers of a network by name.
#[derive(Default)]
pub(crate) struct Buffers(Mutex<BTreeMap<String, Buffer>>);

impl Buffers {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Buffer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, name: &str) -> Option<Buffer> {
        self.lock().get(name).cloned()
    }

    pub(crate) fn get_or_create(&self, name: &str) -> Result<Buffer, Error> {
        if name.is_empty() {
            return Err(Error::EmptyBufferName);
        }
        let mut buffers = self.lock();
        Ok(buffers
            .entry(name.to_owned())
            .or_insert_with(|| Buffer::new(name))
            .clone())
    }

    pub(crate) fn kill(&self, buffer: &Buffer) {
        let name = buffer.name();
        let mut buffers = self.lock();
        if buffers.get(&*name) == Some(buffer) {
            buffers.remove(&*name);
        }
        drop(buffers);
        buffer.lock().kill();
    }
}

/// Gives a process a buffer, with its mark at the end, unless it has just that one.
pub(crate) fn attach(state: &mut State, buffer: Option<Buffer>) {
    let before = state.buffer.as_ref().map(|(buffer, _)| buffer);
    if before == buffer.as_ref() {
        return;
    }
    detach(state);
    state.machine.set_buffer(
        buffer
            .as_ref()
            .map(|buffer| (buffer.name(), buffer.to_value())),
    );
    state.buffer = buffer.map(|buffer| {
        let mark = mark_at_end(&buffer);
        (buffer, mark)
    });
}

/// Takes the process's mark out of its buffer.
pub(crate) fn detach(state: &mut State) {
    if let Some((buffer, mark)) = state.buffer.take() {
        buffer.lock().remove_marker(mark);
    }
}

/// Makes a mark at the end of a buffer.
pub(crate) fn mark_at_end(buffer: &Buffer) -> Marker {
    let mut content = buffer.lock();
    let mark = content.create_marker();
    content.set_marker_to_end(mark);
    mark
}
