//! Sending, and waiting for what comes.

use std::time::{Duration, Instant};

use netproc::functions as emacs;
use netproc::network::Error;
use netproc::{Payload, Status, Value};

use super::argument;
use super::buffers::position;
use super::numbers::number;
use super::processes::{designated, process};
use super::strings::text;
use crate::lisp::{Answer, Exit, Machine, Primitive, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("process-send-string", (2, 2), |machine, given| {
        let string = text(&given[1])?;
        let process = designated(machine, &given[0])?;
        emacs::process_send_string(&process, Payload::Text(string))?;
        Ok(Value::Nil)
    }),
    one_of("process-send-region", (3, 3), |machine, given| {
        let process = designated(machine, &given[0])?;
        let (start, end) = (position(&given[1])?, position(&given[2])?);
        let buffer = machine.current_buffer();
        emacs::process_send_region(&process, &buffer, start, end)?;
        Ok(Value::Nil)
    }),
    one_of("process-send-eof", (0, 1), |machine, given| {
        let process = designated(machine, &argument(given, 0))?;
        emacs::process_send_eof(&process)?;
        Ok(match argument(given, 0) {
            Value::Nil => process.to_value(),
            designator => designator,
        })
    }),
    one_of("accept-process-output", (0, 4), accept),
    one_of("sleep-for", (1, 2), |machine, given| {
        wait(machine, &given[0])
    }),
    one_of("sit-for", (1, 2), |machine, given| wait(machine, &given[0])),
    one_of("internal-default-process-filter", (2, 2), |_, given| {
        let process = process(&given[0])?;
        emacs::internal_default_process_filter(&process, text(&given[1])?);
        Ok(Value::Nil)
    }),
    one_of("internal-default-process-sentinel", (2, 2), |_, given| {
        let event = text(&given[1])?.to_string_lossy();
        emacs::internal_default_process_sentinel(&process(&given[0])?, &event);
        Ok(Value::Nil)
    }),
];

/// How long a wait goes on before it is seen whether a callback has left it.
const SLICE: Duration = Duration::from_millis(100);

/// How often a wait looks for what else is ready.
const MOST_LOOKS: usize = 100;

/// Reads a time; nil is none, and what is over already is no time at all.
fn seconds(value: &Value) -> Result<Option<Duration>, Exit> {
    if value.is_nil() {
        return Ok(None);
    }
    let seconds = number(value).map_err(|_| Exit::wrong_type("numberp", value))?;
    Ok(Some(
        Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX),
    ))
}

fn accept(machine: &Machine, given: &[Value]) -> Answer {
    let mut timeout = seconds(&argument(given, 1))?;
    let milliseconds = argument(given, 2);
    if milliseconds.is_true() {
        for whole in [&milliseconds, &argument(given, 1)] {
            if whole.is_true() && whole.as_integer().is_none() {
                return Err(Exit::wrong_type("fixnump", whole));
            }
        }
        let more = u64::try_from(milliseconds.as_integer().unwrap_or(0)).unwrap_or(0);
        timeout = Some(timeout.unwrap_or_default() + Duration::from_millis(more));
    }
    let process = match argument(given, 0) {
        // Without a process and a time there is no wait.
        Value::Nil => return in_slices(machine, Some(timeout.unwrap_or_default()), any),
        value => process(&value)?,
    };
    if argument(given, 3).is_true() {
        return Ok(machine
            .network
            .accept_output_nested(&process, timeout)
            .into());
    }
    in_slices(machine, timeout, |machine, timeout| {
        let heard = match machine.network.accept_output(&process, timeout) {
            // A Lisp machine enters callbacks again, as Emacs does.
            Err(Error::Reentered { .. }) => machine.network.accept_output_nested(&process, timeout),
            outcome => outcome?,
        };
        let is_over = matches!(
            process.status(),
            Status::Closed | Status::Failed | Status::Listen
        );
        Ok(if heard || is_over {
            Heard::Over(heard)
        } else {
            Heard::Nothing
        })
    })
}

/// What a slice of a wait came to.
enum Heard {
    /// Nothing yet.
    Nothing,
    /// There was output, or there can be none any more.
    Over(bool),
}

/// Waits for output of any process; what is ready with it is served too, as in Emacs.
fn any(machine: &Machine, timeout: Duration) -> Result<Heard, Exit> {
    if !machine.network.accept_output(None, timeout)? {
        return Ok(Heard::Nothing);
    }
    for _ in 0..MOST_LOOKS {
        if !machine.network.accept_output(None, Duration::ZERO)? {
            break;
        }
    }
    Ok(Heard::Over(true))
}

/// Waits a little again and again, so that a callback that leaves the wait ends it.
fn in_slices(
    machine: &Machine,
    timeout: Option<Duration>,
    wait: impl Fn(&Machine, Duration) -> Result<Heard, Exit>,
) -> Answer {
    let end = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    loop {
        let left = end.map_or(SLICE, |end| end.saturating_duration_since(Instant::now()));
        match wait(machine, left.min(SLICE))? {
            Heard::Over(heard) => return Ok(heard.into()),
            Heard::Nothing if left.is_zero() || machine.is_left() => return Ok(Value::Nil),
            Heard::Nothing => {}
        }
    }
}

fn wait(machine: &Machine, time: &Value) -> Answer {
    let end = Instant::now() + seconds(time)?.unwrap_or_default();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        machine.network.accept_output(None, left)?;
        if left.is_zero() {
            return Ok(Value::t());
        }
    }
}
