//! Finding processes, and the table of all of them.

use netproc_lisp::Value;
use netproc_network::{Buffer, Process};
use netproc_process::listing::{self, Row};

use super::default_network;

/// A buffer or the name of one.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "buffers are told by themselves or by name"
)]
pub enum BufferDesignator<'a> {
    /// A buffer.
    Buffer(&'a Buffer),
    /// The name of a buffer.
    Name(&'a str),
}

impl<'a> From<&'a Buffer> for BufferDesignator<'a> {
    fn from(buffer: &'a Buffer) -> Self {
        BufferDesignator::Buffer(buffer)
    }
}

impl<'a> From<&'a str> for BufferDesignator<'a> {
    fn from(name: &'a str) -> Self {
        BufferDesignator::Name(name)
    }
}

/// Tells whether a value is a process.
///
/// # Examples
///
/// ```
/// use netproc::functions::{make_network_process, processp};
/// use netproc::lisp::read;
///
/// let list = read(r#"(:name "s" :server t :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// assert!(processp(&server.to_value()));
/// assert!(!processp(&"s".into()));
/// # Ok::<(), netproc::Error>(())
/// ```
pub fn processp(value: &Value) -> bool {
    Process::from_value(value).is_some()
}

/// Returns the process of that name.
#[doc(alias = "get-process")]
pub fn get_process(name: &str) -> Option<Process> {
    default_network().process(name)
}

/// Returns the newest process of a buffer; `None` if it has none, or if there is no such buffer.
#[doc(alias = "get-buffer-process")]
pub fn get_buffer_process<'a>(buffer: impl Into<BufferDesignator<'a>>) -> Option<Process> {
    let network = default_network();
    match buffer.into() {
        BufferDesignator::Buffer(buffer) => network.buffer_process(buffer),
        BufferDesignator::Name(name) => network.buffer_process(&network.find_buffer(name)?),
    }
}

/// Returns all processes, the newest first, accepted connections among them.
#[doc(alias = "process-list")]
pub fn process_list() -> Vec<Process> {
    default_network().processes()
}

/// Returns the table that [`list_processes`] prints, sorted by name.
///
/// With `query_only` it has only those processes about which a program should ask before it ends.
#[doc(alias = "list-processes")]
pub fn process_rows(query_only: bool) -> Vec<Row> {
    let listed = |process: &Process| !query_only || process.query_on_exit();
    let mut rows: Vec<Row> = process_list()
        .iter()
        .filter(|process| listed(process))
        .map(Process::row)
        .collect();
    rows.sort();
    rows
}

/// Returns the table of all processes as text: name, status, buffer, and what each is connected
/// to or listens on.
///
/// With `query_only` it has only those processes about which a program should ask before it ends.
///
/// # Examples
///
/// ```
/// use netproc::functions::{list_processes, make_network_process};
/// use netproc::lisp::read;
///
/// let list = read(r#"(:name "s" :server t :host local :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// print!("{}", list_processes(false));
/// # assert!(list_processes(false).contains("(network server on local:"));
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "list-processes")]
pub fn list_processes(query_only: bool) -> String {
    listing::print(process_rows(query_only))
}
