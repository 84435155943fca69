//! The process as Lisp sees it: a value among others, and a line in the list of processes.

use std::sync::Arc;

use netproc_lisp::{Opaque, Text, Value};
use netproc_process::listing::Row;

use crate::process::Process;
use crate::shared::Shared;

impl Process {
    /// Returns the process a Lisp value holds, as [`Process::to_value`] made it.
    #[doc(alias = "processp")]
    pub fn from_value(value: &Value) -> Option<Self> {
        let shared = value.as_opaque()?.downcast_arc::<Shared>()?;
        Some(Process::from_shared(shared))
    }

    /// Returns the process as a Lisp value, which prints as `#<process NAME>`.
    ///
    /// The values of one process are equal to each other.
    pub fn to_value(&self) -> Value {
        let shared = Arc::clone(self.shared());
        Value::Opaque(Opaque::from_arc(self.to_string(), shared))
    }

    /// Describes the process for a list of processes.
    #[doc(alias = "list-processes")]
    pub fn row(&self) -> Row {
        Row::new(&self.shared().lock().machine)
    }

    /// Tells whether the process was stopped and not resumed, which its status hides once it is
    /// closed.
    #[doc(alias = "process-command")]
    pub fn is_stopped(&self) -> bool {
        self.shared().lock().machine.is_stopped()
    }

    /// Tells whether there is a socket: not before the connection stands, and not after closing.
    pub fn has_socket(&self) -> bool {
        self.shared().lock().link.is_some()
    }

    /// Returns the flag that Emacs keeps for coding systems of buffers; no by default.
    ///
    /// It changes nothing about network processes. Accepted connections have that of the server.
    #[doc(alias = "process-inherit-coding-system-flag")]
    pub fn inherits_coding_system(&self) -> bool {
        self.shared().lock().machine.inherits_coding_system()
    }

    /// Sets the flag that Emacs keeps for coding systems of buffers.
    #[doc(alias = "set-process-inherit-coding-system-flag")]
    pub fn set_inherits_coding_system(&self, inherits: bool) {
        let mut state = self.shared().lock();
        state.machine.set_inherits_coding_system(inherits);
    }

    /// Inserts text into the buffer at the process mark, as the default filter does.
    ///
    /// Filters call it for the text that they want shown. Without a buffer it does nothing.
    #[doc(alias = "internal-default-process-filter")]
    pub fn insert(&self, text: &Text) {
        self.shared().insert(text);
    }

    /// Tells the buffer of an event, as the default sentinel does: nothing while the process is
    /// well.
    #[doc(alias = "internal-default-process-sentinel")]
    pub fn insert_event(&self, event: &str) {
        self.shared().insert_event(event);
    }
}
