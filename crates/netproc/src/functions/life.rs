//! What a process is and does, and how it is stopped, continued and deleted.

use netproc_lisp::{Value, plist};
use netproc_network::{ExitStatus, Process, Status};

use super::{Designator, default_network, resolve};
use crate::error::Error;

/// Deletes a process: closes it and takes it out of the list; its sentinel hears `"deleted\n"`.
///
/// A process that is deleted already stays so.
///
/// # Errors
///
/// [`Error::NoSuchProcess`], [`Error::NoProcessInBuffer`], [`Error::DeadBuffer`] or
/// [`Error::NotAProcess`] if there is no such process.
#[doc(alias = "delete-process")]
pub fn delete_process<'a>(process: impl Into<Designator<'a>>) -> Result<(), Error> {
    resolve(process)?.delete();
    Ok(())
}

/// Stops a process from reading, or from accepting; sending works on.
///
/// Emacs finds processes by name here only to refuse them, so this takes no names.
#[doc(alias = "stop-process")]
pub fn stop_process(process: &Process) {
    process.stop();
}

/// Lets a stopped process go on.
#[doc(alias = "continue-process")]
pub fn continue_process(process: &Process) {
    process.resume();
}

/// Refuses: a network process cannot be interrupted.
///
/// # Errors
///
/// [`Error::NotASubprocess`], or why there is no such process.
#[doc(alias = "interrupt-process")]
pub fn interrupt_process<'a>(process: impl Into<Designator<'a>>) -> Result<(), Error> {
    refuse_as_subprocess(process.into())
}

/// Refuses: a network process cannot be killed, only [deleted](delete_process).
///
/// # Errors
///
/// [`Error::NotASubprocess`], or why there is no such process.
#[doc(alias = "kill-process")]
pub fn kill_process<'a>(process: impl Into<Designator<'a>>) -> Result<(), Error> {
    refuse_as_subprocess(process.into())
}

/// Refuses: a network process cannot be told to quit.
///
/// # Errors
///
/// [`Error::NotASubprocess`], or why there is no such process.
#[doc(alias = "quit-process")]
pub fn quit_process<'a>(process: impl Into<Designator<'a>>) -> Result<(), Error> {
    refuse_as_subprocess(process.into())
}

/// Refuses: a network process has no children.
///
/// # Errors
///
/// [`Error::NotASubprocess`], or why there is no such process.
#[doc(alias = "process-running-child-p")]
pub fn process_running_child_p<'a>(process: impl Into<Designator<'a>>) -> Result<bool, Error> {
    refuse_as_subprocess(process.into()).map(|()| false)
}

/// Refuses: no signal can be sent to a network process.
///
/// # Errors
///
/// [`Error::CannotSignal`], or why there is no such process.
#[doc(alias = "signal-process")]
pub fn signal_process<'a>(process: impl Into<Designator<'a>>, _signal: i32) -> Result<(), Error> {
    let process = resolve(process)?.name().to_owned();
    Err(Error::CannotSignal { process })
}

fn refuse_as_subprocess(process: Designator<'_>) -> Result<(), Error> {
    let process = resolve(process)?.name().to_owned();
    Err(Error::NotASubprocess { process })
}

/// Returns the status of a process; `None` if a name is none of a process.
///
/// # Errors
///
/// [`Error::NoProcessInBuffer`], [`Error::DeadBuffer`] or [`Error::NotAProcess`]. Here the name
/// of a buffer does not stand for its process.
#[doc(alias = "process-status")]
pub fn process_status<'a>(process: impl Into<Designator<'a>>) -> Result<Option<Status>, Error> {
    let named = |name: &str| {
        default_network()
            .process(name)
            .map(|process| process.status())
    };
    match process.into() {
        Designator::Name(name) => Ok(named(name)),
        Designator::Value(Value::String(name)) => Ok(named(&name.to_string_lossy())),
        other => Ok(Some(resolve(other)?.status())),
    }
}

/// Tells whether a process is open, listening, connecting or stopped.
///
/// Emacs returns the list of these statuses from the present one on:
/// [`Status::live`](netproc_network::Status::live).
#[doc(alias = "process-live-p")]
pub fn process_live_p(process: &Process) -> bool {
    process.is_live()
}

/// Returns 0 while all is well and after deletion, 256 when the peer closed, else an error
/// number or text.
///
/// Emacs crashes when it is asked about a process that is still connecting; here that is 0.
#[doc(alias = "process-exit-status")]
pub fn process_exit_status(process: &Process) -> ExitStatus {
    process.exit_status()
}

/// Tells whether the process is stopped, which is what Emacs keeps in place of a command line.
#[doc(alias = "process-command")]
pub fn process_command(process: &Process) -> bool {
    process.is_stopped()
}

/// Returns the symbol `network`.
///
/// # Errors
///
/// If there is no such process, as [`delete_process`].
#[doc(alias = "process-type")]
pub fn process_type<'a>(process: impl Into<Designator<'a>>) -> Result<Value, Error> {
    resolve(process).map(|_| Value::symbol("network"))
}

/// Returns the name, which no other process of the network has.
#[doc(alias = "process-name")]
pub fn process_name(process: &Process) -> &str {
    process.name()
}

/// Returns `None`: a network process has no process number.
#[doc(alias = "process-id")]
pub fn process_id(_process: &Process) -> Option<u32> {
    None
}

/// Returns `None`: a network process has no terminal.
#[doc(alias = "process-tty-name")]
pub fn process_tty_name(_process: &Process) -> Option<String> {
    None
}

/// Returns false: a network process has no window whose size could be set.
#[doc(alias = "set-process-window-size")]
pub fn set_process_window_size(_process: &Process, _height: u16, _width: u16) -> bool {
    false
}

/// Returns what is known of the two ends: nil gives host and service, `t` the whole keyword list,
/// anything else the value of that key.
///
/// While the connection is being made this waits for it, or with `no_block` returns nil; so it
/// does for closed processes too.
///
/// # Examples
///
/// ```
/// use netproc::functions::{make_network_process, process_contact};
/// use netproc::{Value, lisp::read};
///
/// let list = read(r#"(:name "s" :server t :host local :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// let port = server.port().expect("a port");
/// let contact = process_contact(&server, Value::Nil, false);
/// assert_eq!(contact.to_string(), format!("(local {port})"));
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "process-contact")]
pub fn process_contact(process: &Process, key: impl Into<Value>, no_block: bool) -> Value {
    if no_block && !process.has_socket() {
        return Value::Nil;
    }
    match key.into() {
        Value::Nil => process.contact(),
        key if key.is_symbol("t") => process.contact_list(),
        key => plist::get(&process.contact_list(), &key),
    }
}
