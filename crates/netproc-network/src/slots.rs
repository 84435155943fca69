//! The slots of a process that users set: functions, buffer, coding, properties.

use netproc_coding::CodingSystem;
use netproc_lisp::{Text, Value};
use netproc_process::Machine;

use crate::buffers::{self, Buffer};
use crate::callback::{CallbackResult, Filter, Sentinel};
use crate::error::Error;
use crate::functions::{FilterChoice, Functions};
use crate::process::Process;

/// Slots that can be set.
impl Process {
    /// Calls another filter from the next text on.
    #[doc(alias = "set-process-filter")]
    pub fn set_filter<F, R>(&self, filter: F)
    where
        F: Fn(&Process, &Text) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        let filter = Filter::new(filter);
        let value = filter.clone().into();
        self.replace_filter(&value, FilterChoice::Call(filter));
    }

    /// Sets the filter by a value: nil for the default, `t` to stop reading, a name, a function.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFunction`] if the network knows no such function.
    pub fn set_filter_value(&self, value: &Value) -> Result<(), Error> {
        let choice = self.with_functions(|functions| functions.filter(value))?;
        self.replace_filter(value, choice);
        Ok(())
    }

    /// Returns the filter as a value; the default one as its symbol.
    #[doc(alias = "process-filter")]
    pub fn filter_value(&self) -> Value {
        self.shared().lock().machine.filter()
    }

    /// Calls another sentinel from the next change on.
    #[doc(alias = "set-process-sentinel")]
    pub fn set_sentinel<F, R>(&self, sentinel: F)
    where
        F: Fn(&Process, &str) -> R + Send + Sync + 'static,
        R: CallbackResult,
    {
        let sentinel = Sentinel::new(sentinel);
        let value = sentinel.clone().into();
        self.replace_sentinel(&value, Some(sentinel));
    }

    /// Sets the sentinel by a value: nil for the default, a name, a function.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFunction`] if the network knows no such function.
    pub fn set_sentinel_value(&self, value: &Value) -> Result<(), Error> {
        let choice = self.with_functions(|functions| functions.sentinel(value))?;
        self.replace_sentinel(value, choice);
        Ok(())
    }

    /// Returns the sentinel as a value; the default one as its symbol.
    #[doc(alias = "process-sentinel")]
    pub fn sentinel_value(&self) -> Value {
        self.shared().lock().machine.sentinel()
    }

    /// Returns the buffer the default filter inserts into.
    #[doc(alias = "process-buffer")]
    pub fn buffer(&self) -> Option<Buffer> {
        self.shared()
            .lock()
            .buffer
            .as_ref()
            .map(|(buffer, _)| buffer.clone())
    }

    /// Gives the process another buffer, or none; the process mark moves to its end.
    #[doc(alias = "set-process-buffer")]
    pub fn set_buffer(&self, buffer: Option<Buffer>) {
        self.change(|state| buffers::attach(state, buffer));
    }

    /// Returns the position of the process mark in the buffer, in characters from 1.
    #[doc(alias = "process-mark")]
    pub fn mark(&self) -> Option<usize> {
        let (buffer, mark) = self.shared().lock().buffer.clone()?;
        buffer.lock().marker(mark)
    }

    /// Moves the process mark: the next output of the default filter goes there.
    ///
    /// With `None` the mark points nowhere, and output goes to the end of the buffer.
    pub fn set_mark(&self, position: impl Into<Option<usize>>) {
        let place = self.shared().lock().buffer.clone();
        if let Some((buffer, mark)) = place {
            buffer.lock().set_marker(mark, position.into());
        }
    }

    /// Returns the coding systems for decoding and encoding; `None` is still to be found.
    #[doc(alias = "process-coding-system")]
    pub fn coding_systems(&self) -> (Option<CodingSystem>, Option<CodingSystem>) {
        self.shared().lock().machine.coding_systems()
    }

    /// Sets the coding systems; bytes of an incomplete character are decoded by the new one.
    ///
    /// `None` for decoding finds the system from the data, for encoding it sends raw text.
    #[doc(alias = "set-process-coding-system")]
    pub fn set_coding_systems(
        &self,
        decoding: impl Into<Option<CodingSystem>>,
        encoding: impl Into<Option<CodingSystem>>,
    ) {
        let (decoding, encoding) = (decoding.into(), encoding.into());
        self.change(|state| state.machine.set_coding_systems(decoding, encoding));
    }

    /// Sets whether the filter gets characters (the default) or, with `false`, bytes.
    #[doc(alias = "set-process-filter-multibyte")]
    pub fn set_filter_multibyte(&self, multibyte: bool) {
        self.change(|state| state.machine.set_filter_multibyte(multibyte));
    }

    /// Tells whether the filter gets characters.
    #[doc(alias = "process-filter-multibyte-p")]
    pub fn is_filter_multibyte(&self) -> bool {
        self.shared().lock().machine.filter_multibyte()
    }

    /// Returns the property list.
    #[doc(alias = "process-plist")]
    pub fn plist(&self) -> Value {
        self.shared().lock().machine.plist().clone()
    }

    /// Replaces the property list.
    ///
    /// # Errors
    ///
    /// When the value is not a list.
    #[doc(alias = "set-process-plist")]
    pub fn set_plist(&self, plist: Value) -> Result<(), Error> {
        self.change_plist(|machine| machine.set_plist(plist))
    }

    /// Returns one property, or nil.
    #[doc(alias = "process-get")]
    pub fn get(&self, property: &Value) -> Value {
        self.shared().lock().machine.get(property)
    }

    /// Sets one property.
    ///
    /// # Errors
    ///
    /// When the property list has a key without a value.
    #[doc(alias = "process-put")]
    pub fn put(&self, property: &Value, value: Value) -> Result<(), Error> {
        self.change_plist(|machine| machine.put(property, value))
    }

    /// Tells whether a program should ask before it ends while this process runs.
    #[doc(alias = "process-query-on-exit-flag")]
    pub fn query_on_exit(&self) -> bool {
        self.shared().lock().machine.query_on_exit()
    }

    /// Sets whether a program should ask before it ends while this process runs.
    #[doc(alias = "set-process-query-on-exit-flag")]
    pub fn set_query_on_exit(&self, query: bool) {
        self.change(|state| state.machine.set_query_on_exit(query));
    }

    // What a setter replaces may own handles, a closure as well as a value, and the last handle
    // takes locks when it goes. So it is dropped when none is held.

    fn replace_filter(&self, value: &Value, filter: FilterChoice) {
        let replaced = self.change(|state| {
            state.machine.set_filter(value);
            std::mem::replace(&mut state.callbacks.filter, filter)
        });
        drop(replaced);
    }

    fn replace_sentinel(&self, value: &Value, sentinel: Option<Sentinel>) {
        let replaced = self.change(|state| {
            state.machine.set_sentinel(value);
            std::mem::replace(&mut state.callbacks.sentinel, sentinel)
        });
        drop(replaced);
    }

    fn change_plist(
        &self,
        change: impl FnOnce(&mut Machine) -> Result<(), netproc_process::Error>,
    ) -> Result<(), Error> {
        let (replaced, outcome) = self.change(|state| {
            let replaced = state.machine.plist().clone();
            (replaced, change(&mut state.machine))
        });
        drop(replaced);
        Ok(outcome?)
    }

    fn with_functions<T>(
        &self,
        find: impl FnOnce(&Functions) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.shared().inner() {
            Some(inner) => find(&inner.functions()),
            None => find(&Functions::default()),
        }
    }
}
