//! What processes are, and what is done to them.

use netproc::functions as emacs;
use netproc::functions::Designator;
use netproc::{ExitStatus, Process, Value};

use super::argument;
use super::buffers::buffer;
use super::numbers::integer;
use super::strings::text;
use crate::lisp::{Answer, Exit, Machine, Primitive, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("process-name", (1, 1), |_, given| {
        Ok(Value::from(emacs::process_name(&process(&given[0])?)))
    }),
    one_of("process-list", (0, 0), |machine, _| {
        let processes = machine.network.processes();
        Ok(Value::list(processes.iter().map(Process::to_value)))
    }),
    one_of("get-process", (1, 1), |machine, given| {
        if emacs::processp(&given[0]) {
            return Ok(given[0].clone());
        }
        let found = machine.network.process(&text(&given[0])?.to_string_lossy());
        Ok(Value::from(found.map(|process| process.to_value())))
    }),
    one_of("get-buffer-process", (1, 1), |machine, given| {
        if given[0].is_nil() {
            return Ok(Value::Nil);
        }
        let known = given[0].as_text().is_none_or(|name| {
            machine
                .network
                .find_buffer(&name.to_string_lossy())
                .is_some()
        });
        if !known {
            return Ok(Value::Nil);
        }
        let found = machine.network.buffer_process(&buffer(machine, &given[0])?);
        Ok(Value::from(found.map(|process| process.to_value())))
    }),
    one_of("process-status", (1, 1), |machine, given| {
        let named = given[0].as_text().map(|name| name.to_string_lossy());
        let process = match named {
            Some(name) => machine.network.process(&name),
            None => Some(designated(machine, &given[0])?),
        };
        Ok(Value::from(
            process.map(|process| process.status().to_value()),
        ))
    }),
    one_of(
        "process-live-p",
        (1, 1),
        |_, given| match Process::from_value(&given[0]) {
            Some(process) if process.is_live() => Ok(Value::list(
                process
                    .status()
                    .live()
                    .iter()
                    .map(|status| status.to_value()),
            )),
            _ => Ok(Value::Nil),
        },
    ),
    one_of("process-exit-status", (1, 1), |_, given| {
        let status: ExitStatus = emacs::process_exit_status(&process(&given[0])?);
        Ok(status.to_value())
    }),
    one_of("process-command", (1, 1), |_, given| {
        Ok(emacs::process_command(&process(&given[0])?).into())
    }),
    one_of("process-type", (0, 1), |machine, given| {
        Ok(emacs::process_type(&designated(
            machine,
            &argument(given, 0),
        )?)?)
    }),
    one_of("process-id", (1, 1), |_, given| {
        Ok(Value::from(emacs::process_id(&process(&given[0])?)))
    }),
    one_of("process-tty-name", (1, 1), |_, given| {
        Ok(Value::from(emacs::process_tty_name(&process(&given[0])?)))
    }),
    one_of("process-contact", (1, 3), |_, given| {
        let no_block = argument(given, 2).is_true();
        let process = process(&given[0])?;
        Ok(emacs::process_contact(
            &process,
            argument(given, 1),
            no_block,
        ))
    }),
    one_of("delete-process", (0, 1), |machine, given| {
        emacs::delete_process(&designated(machine, &argument(given, 0))?)?;
        Ok(Value::Nil)
    }),
    one_of("stop-process", (0, 2), |machine, given| {
        itself(machine, given, emacs::stop_process)
    }),
    one_of("continue-process", (0, 2), |machine, given| {
        itself(machine, given, emacs::continue_process)
    }),
    one_of("interrupt-process", (0, 2), |machine, given| {
        same(machine, given, |process| emacs::interrupt_process(process))
    }),
    one_of("kill-process", (0, 2), |machine, given| {
        same(machine, given, |process| emacs::kill_process(process))
    }),
    one_of("quit-process", (0, 2), |machine, given| {
        same(machine, given, |process| emacs::quit_process(process))
    }),
    one_of("signal-process", (2, 2), |machine, given| {
        same(machine, given, |process| emacs::signal_process(process, 0))
    }),
    one_of("process-running-child-p", (0, 1), |machine, given| {
        let process = designated(machine, &argument(given, 0))?;
        Ok(emacs::process_running_child_p(&process)?.into())
    }),
    one_of("set-process-window-size", (3, 3), |_, given| {
        let (height, width) = (integer(&given[1])?, integer(&given[2])?);
        let size = u16::try_from(height).ok().zip(u16::try_from(width).ok());
        let (height, width) = size.ok_or_else(|| Exit::error("No such size"))?;
        Ok(emacs::set_process_window_size(&process(&given[0])?, height, width).into())
    }),
    one_of("set-network-process-option", (3, 4), |_, given| {
        let no_error = argument(given, 3).is_true();
        let process = process(&given[0])?;
        let option = super::data::symbol_name(&given[1]);
        // Of a process that is closed the option is not looked at.
        let option = if process.is_live() {
            option?
        } else {
            option.unwrap_or_default()
        };
        let set = emacs::set_network_process_option(&process, &option, given[2].clone(), no_error)?;
        Ok(set.into())
    }),
];

/// Returns the process that a value is.
pub(super) fn process(value: &Value) -> Result<Process, Exit> {
    let none = || netproc::Error::NotAProcess {
        value: value.clone(),
    };
    Ok(Process::from_value(value).ok_or_else(none)?)
}

/// Returns the process that is meant by itself, its name, its buffer or the name of that; nil is
/// that of the current buffer.
pub(super) fn designated(machine: &Machine, value: &Value) -> Result<Process, Exit> {
    if value.is_nil() {
        let current = machine.current_buffer();
        return Ok(Designator::Buffer(&current).resolve(&machine.network)?);
    }
    Ok(Designator::Value(value).resolve(&machine.network)?)
}

/// Does something to a process and returns what designated it.
fn same(
    machine: &Machine,
    given: &[Value],
    action: impl FnOnce(&Process) -> Result<(), netproc::Error>,
) -> Answer {
    let process = designated(machine, &argument(given, 0))?;
    action(&process)?;
    Ok(argument(given, 0))
}

/// Does something to a process that is given itself; otherwise it is meant to be a subprocess.
fn itself(machine: &Machine, given: &[Value], action: fn(&Process)) -> Answer {
    same(machine, given, |process| {
        if !emacs::processp(&argument(given, 0)) {
            return emacs::interrupt_process(process);
        }
        action(process);
        Ok(())
    })
}
