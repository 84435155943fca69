//! Sending, and waiting for what arrives.

use std::time::{Duration, Instant};

use netproc_lisp::Text;
use netproc_network::{Buffer, Payload, Process};

use super::{Designator, default_network, resolve};
use crate::error::Error;

/// How long [`wait_until`] waits at most before it looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Sends text or bytes to the other end of a process.
///
/// # Errors
///
/// If there is no such process, it is not open, or the system refuses the bytes for good.
#[doc(alias = "process-send-string")]
pub fn process_send_string<'a, 'b>(
    process: impl Into<Designator<'a>>,
    string: impl Into<Payload<'b>>,
) -> Result<(), Error> {
    Ok(resolve(process)?.send(string)?)
}

/// Sends the text of a buffer between two positions, given in either order.
///
/// Positions count characters from 1; the end of a buffer is one more than it has characters.
///
/// # Errors
///
/// [`Error::OutOfRange`] for positions that are not within the buffer, otherwise as
/// [`process_send_string`].
///
/// # Examples
///
/// ```
/// use netproc::functions::*;
/// use netproc::lisp::read;
///
/// let list = read(r#"(:name "sink" :server t :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// let buffer = default_network().buffer("*letter*")?;
/// server.set_buffer(Some(buffer.clone()));
/// server.insert(&"Dear Bob".into());
///
/// let client = default_network().open(
///     netproc::Spec::client("letter").service(server.service()),
/// )?;
/// process_send_region(&client, &buffer, 6, 9)?;
/// let error = process_send_region(&client, &buffer, 6, 10).expect_err("the buffer ends at 9");
/// assert_eq!(error.condition().to_string(), "(args-out-of-range #<buffer *letter*> 6 10)");
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "process-send-region")]
pub fn process_send_region<'a>(
    process: impl Into<Designator<'a>>,
    buffer: &Buffer,
    start: usize,
    end: usize,
) -> Result<(), Error> {
    let process = resolve(process)?;
    let (start, end) = (start.min(end), start.max(end));
    let text = buffer.with(|content| {
        (start >= 1 && end <= content.len() + 1).then(|| region(content.text(), start - 1, end - 1))
    });
    let text = text.ok_or_else(|| Error::OutOfRange {
        buffer: buffer.clone(),
        start,
        end,
    })?;
    Ok(process.send(&text)?)
}

/// Returns the characters of a text from `start` on to `end`, counted from 0.
fn region(text: &Text, start: usize, end: usize) -> Text {
    match text.as_unibyte() {
        Some(bytes) => Text::unibyte(&bytes[start..end]),
        None => text.chars().skip(start).take(end - start).collect(),
    }
}

/// Tells the other end that nothing more will come; reading goes on.
///
/// # Errors
///
/// If there is no such process, or it is not open.
#[doc(alias = "process-send-eof")]
pub fn process_send_eof<'a>(process: impl Into<Designator<'a>>) -> Result<(), Error> {
    Ok(resolve(process)?.send_eof()?)
}

/// Waits for output and runs the callbacks that are due; tells whether any was read.
///
/// With a process it waits until output of that process was handled or the process is closed,
/// without one for output of any. A `timeout` of `None` waits as long as it takes with a process,
/// and not at all without one. With `just_this_one` all other processes stand still meanwhile.
///
/// # Errors
///
/// If a callback of the process waits for that process itself; with `just_this_one` it may.
#[doc(alias = "accept-process-output")]
pub fn accept_process_output<'a>(
    process: impl Into<Option<&'a Process>>,
    timeout: impl Into<Option<Duration>>,
    just_this_one: bool,
) -> Result<bool, Error> {
    let timeout = timeout.into();
    let Some(process) = process.into() else {
        let timeout = timeout.unwrap_or(Duration::ZERO);
        return Ok(default_network().accept_output(None, timeout)?);
    };
    let network = process.network();
    let network = network.as_ref().unwrap_or(default_network());
    if just_this_one {
        return Ok(network.accept_output_nested(process, timeout));
    }
    Ok(network.accept_output(process, timeout)?)
}

/// Waits until something holds, or the time is up, and runs the callbacks that are due meanwhile.
///
/// It tells whether it holds. The condition is asked whenever output was read, and otherwise
/// every 10 milliseconds; so it may be about anything.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use netproc::functions::{default_network, make_network_process, process_list, wait_until};
/// use netproc::{Spec, lisp::read};
///
/// let list = read(r#"(:name "waited-for" :server t :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// let client = default_network().open(Spec::client("waiting").service(server.service()))?;
/// let accepted = || process_list().iter().any(|p| p.name().starts_with("waited-for <"));
/// assert!(wait_until(Duration::from_secs(10), accepted));
/// # Ok::<(), netproc::Error>(())
/// ```
pub fn wait_until(timeout: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if condition() {
            return true;
        }
        let left = timeout.saturating_sub(start.elapsed());
        if left.is_zero() {
            return false;
        }
        wait_for_any(left.min(LOOK_AGAIN));
    }
}

/// Waits for so long and runs the callbacks that are due meanwhile.
#[doc(alias = "sit-for")]
#[doc(alias = "sleep-for")]
pub fn sleep_for(duration: Duration) {
    let start = Instant::now();
    loop {
        let left = duration.saturating_sub(start.elapsed());
        wait_for_any(left);
        if left.is_zero() {
            return;
        }
    }
}

/// Serves the default network until there is output, or the time is up.
fn wait_for_any(timeout: Duration) {
    // Only waiting for a process can be refused.
    let _output = default_network().accept_output(None, timeout);
}

/// Inserts text into the buffer of the process at its mark, as the default filter does.
///
/// Filters call it for the text that they want shown. Without a buffer it does nothing.
#[doc(alias = "internal-default-process-filter")]
pub fn internal_default_process_filter(process: &Process, text: &Text) {
    process.insert(text);
}

/// Tells the buffer of the process what happened, as the default sentinel does.
#[doc(alias = "internal-default-process-sentinel")]
pub fn internal_default_process_sentinel(process: &Process, event: &str) {
    process.insert_event(event);
}
