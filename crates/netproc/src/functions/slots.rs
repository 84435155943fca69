//! What a process carries: buffer, functions, properties, coding systems and flags.

use netproc_coding::CodingSystem;
use netproc_lisp::Value;
use netproc_network::{Buffer, Process};

use crate::error::Error;

/// Returns the buffer.
#[doc(alias = "process-buffer")]
pub fn process_buffer(process: &Process) -> Option<Buffer> {
    process.buffer()
}

/// Gives the process another buffer, or none; the process mark moves to its end.
#[doc(alias = "set-process-buffer")]
pub fn set_process_buffer(process: &Process, buffer: Option<&Buffer>) {
    process.set_buffer(buffer.cloned());
}

/// Returns the position of the process mark, in characters from 1; `None` where it points nowhere.
#[doc(alias = "process-mark")]
pub fn process_mark(process: &Process) -> Option<usize> {
    process.mark()
}

/// Returns the filter; the default one as the symbol `internal-default-process-filter`.
#[doc(alias = "process-filter")]
pub fn process_filter(process: &Process) -> Value {
    process.filter_value()
}

/// Sets the filter and returns the effective one.
///
/// Nil is the default filter, `t` stops the reading; otherwise the name of a function the
/// network was told about, or a [`Filter`](crate::Filter).
///
/// # Errors
///
/// If the network knows no function of the name.
///
/// # Examples
///
/// ```
/// use netproc::functions::{make_network_process, process_filter, set_process_filter};
/// use netproc::{Filter, Value, lisp::read};
///
/// let list = read(r#"(:name "s" :server t :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// set_process_filter(&server, Filter::new(|process, text| process.send(text)))?;
/// assert_eq!(process_filter(&server).to_string(), "#<filter>");
/// let default = set_process_filter(&server, Value::Nil)?;
/// assert_eq!(default, Value::symbol("internal-default-process-filter"));
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "set-process-filter")]
pub fn set_process_filter(process: &Process, filter: impl Into<Value>) -> Result<Value, Error> {
    process.set_filter_value(&filter.into())?;
    Ok(process.filter_value())
}

/// Returns the sentinel; the default one as the symbol `internal-default-process-sentinel`.
#[doc(alias = "process-sentinel")]
pub fn process_sentinel(process: &Process) -> Value {
    process.sentinel_value()
}

/// Sets the sentinel and returns the effective one.
///
/// Nil is the default sentinel; otherwise the name of a function the network was told about, or a
/// [`Sentinel`](crate::Sentinel).
///
/// # Errors
///
/// If the network knows no function of the name.
#[doc(alias = "set-process-sentinel")]
pub fn set_process_sentinel(process: &Process, sentinel: impl Into<Value>) -> Result<Value, Error> {
    process.set_sentinel_value(&sentinel.into())?;
    Ok(process.sentinel_value())
}

/// Returns the property list.
#[doc(alias = "process-plist")]
pub fn process_plist(process: &Process) -> Value {
    process.plist()
}

/// Replaces the property list and returns it.
///
/// # Errors
///
/// If the value is no list.
#[doc(alias = "set-process-plist")]
pub fn set_process_plist(process: &Process, plist: impl Into<Value>) -> Result<Value, Error> {
    let plist = plist.into();
    process.set_plist(plist.clone())?;
    Ok(plist)
}

/// Returns a property, compared by `eq`; nil if there is none.
#[doc(alias = "process-get")]
pub fn process_get(process: &Process, property: impl Into<Value>) -> Value {
    process.get(&property.into())
}

/// Sets a property and returns the property list.
///
/// # Errors
///
/// If the property list has a key without a value.
///
/// # Examples
///
/// ```
/// use netproc::functions::{make_network_process, process_get, process_put};
/// use netproc::{Value, lisp::read};
///
/// let list = read(r#"(:name "s" :server t :service t :plist (a 1))"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// assert_eq!(process_put(&server, Value::symbol("b"), 2)?, read("(a 1 b 2)")?);
/// assert_eq!(process_get(&server, Value::symbol("b")), Value::from(2));
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "process-put")]
pub fn process_put(
    process: &Process,
    property: impl Into<Value>,
    value: impl Into<Value>,
) -> Result<Value, Error> {
    process.put(&property.into(), value.into())?;
    Ok(process.plist())
}

/// Returns the coding systems for decoding and for encoding; `None` is still to be found.
#[doc(alias = "process-coding-system")]
pub fn process_coding_system(process: &Process) -> (Option<CodingSystem>, Option<CodingSystem>) {
    process.coding_systems()
}

/// Sets the coding systems by their names.
///
/// `None` for decoding finds the system from the data, for encoding it sends raw text.
///
/// # Errors
///
/// [`Error::CodingSystem`] if a name is of none; nothing changes then.
#[doc(alias = "set-process-coding-system")]
pub fn set_process_coding_system(
    process: &Process,
    decoding: Option<&str>,
    encoding: Option<&str>,
) -> Result<(), Error> {
    let decoding = decoding.map(CodingSystem::parse).transpose()?;
    let encoding = encoding.map(CodingSystem::parse).transpose()?;
    process.set_coding_systems(decoding, encoding);
    Ok(())
}

/// Tells whether the filter gets characters, and not bytes.
#[doc(alias = "process-filter-multibyte-p")]
pub fn process_filter_multibyte_p(process: &Process) -> bool {
    process.is_filter_multibyte()
}

/// Sets whether the filter gets characters or, with `false`, bytes.
#[doc(alias = "set-process-filter-multibyte")]
pub fn set_process_filter_multibyte(process: &Process, multibyte: bool) {
    process.set_filter_multibyte(multibyte);
}

/// Tells whether a program should ask before it ends while the process runs; it should by default.
#[doc(alias = "process-query-on-exit-flag")]
pub fn process_query_on_exit_flag(process: &Process) -> bool {
    process.query_on_exit()
}

/// Sets whether a program should ask before it ends while the process runs.
#[doc(alias = "set-process-query-on-exit-flag")]
pub fn set_process_query_on_exit_flag(process: &Process, query: bool) {
    process.set_query_on_exit(query);
}

/// Returns the flag that Emacs keeps for coding systems of buffers; no by default.
///
/// It changes nothing about network processes, in Emacs neither.
#[doc(alias = "process-inherit-coding-system-flag")]
pub fn process_inherit_coding_system_flag(process: &Process) -> bool {
    process.inherits_coding_system()
}

/// Sets the flag that Emacs keeps for coding systems of buffers.
#[doc(alias = "set-process-inherit-coding-system-flag")]
pub fn set_process_inherit_coding_system_flag(process: &Process, inherit: bool) {
    process.set_inherits_coding_system(inherit);
}
