//! What a function may be told to say which process it means.

use netproc_lisp::Value;
use netproc_network::{Buffer, Network, Process};

use crate::error::Error;

/// A process, or what stands for one: its name, a buffer, the name of a buffer.
///
/// Names are looked up in the [default network](crate::default_network). A name that a process
/// has wins over a buffer of that name; a buffer stands for its newest process.
///
/// # Examples
///
/// ```
/// use netproc::functions::{delete_process, make_network_process, process_status};
///
/// let list = netproc::lisp::read(r#"(:name "by-name" :server t :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// assert_eq!(process_status("by-name")?, process_status(&server)?);
/// delete_process("by-name")?;
/// # Ok::<(), netproc::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "get-process and its kin know these four"
)]
pub enum Designator<'a> {
    /// A process.
    Process(&'a Process),
    /// The name of a process or of a buffer.
    Name(&'a str),
    /// A buffer.
    Buffer(&'a Buffer),
    /// Lisp data that holds one of the others.
    Value(&'a Value),
}

impl Designator<'_> {
    /// Finds the process.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchProcess`], [`Error::NoProcessInBuffer`], [`Error::DeadBuffer`], and
    /// [`Error::NotAProcess`] for a value that is nothing of the kind.
    pub fn resolve(self, network: &Network) -> Result<Process, Error> {
        match self {
            Designator::Process(process) => Ok(process.clone()),
            Designator::Buffer(buffer) => of_buffer(network, buffer),
            Designator::Name(name) => named(network, name),
            Designator::Value(value) => match (value, Buffer::from_value(value)) {
                (_, Some(buffer)) => of_buffer(network, &buffer),
                (Value::String(name), _) => named(network, &name.to_string_lossy()),
                _ => Process::from_value(value).ok_or_else(|| Error::NotAProcess {
                    value: value.clone(),
                }),
            },
        }
    }
}

fn named(network: &Network, name: &str) -> Result<Process, Error> {
    if let Some(process) = network.process(name) {
        return Ok(process);
    }
    match network.find_buffer(name) {
        Some(buffer) => of_buffer(network, &buffer),
        None => Err(Error::NoSuchProcess { name: name.into() }),
    }
}

fn of_buffer(network: &Network, buffer: &Buffer) -> Result<Process, Error> {
    let name = || buffer.name().to_string();
    if buffer.with(|buffer| buffer.is_killed()) {
        return Err(Error::DeadBuffer { buffer: name() });
    }
    let process = network.buffer_process(buffer);
    process.ok_or_else(|| Error::NoProcessInBuffer { buffer: name() })
}

impl<'a> From<&'a Process> for Designator<'a> {
    fn from(process: &'a Process) -> Self {
        Designator::Process(process)
    }
}

impl<'a> From<&'a str> for Designator<'a> {
    fn from(name: &'a str) -> Self {
        Designator::Name(name)
    }
}

impl<'a> From<&'a String> for Designator<'a> {
    fn from(name: &'a String) -> Self {
        Designator::Name(name)
    }
}

impl<'a> From<&'a Buffer> for Designator<'a> {
    fn from(buffer: &'a Buffer) -> Self {
        Designator::Buffer(buffer)
    }
}

impl<'a> From<&'a Value> for Designator<'a> {
    fn from(value: &'a Value) -> Self {
        Designator::Value(value)
    }
}
