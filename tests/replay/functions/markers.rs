//! Markers: the marks of processes, and markers of their own.

use std::fmt;

use netproc::lisp::Opaque;
use netproc::process::Marker;
use netproc::{Buffer, Process, Value};

use super::argument;
use super::buffers::{buffer, position};
use super::numbers::integer;
use super::processes::process;
use crate::lisp::{Exit, Primitive, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("process-mark", (1, 1), |_, given| {
        Ok(Mark::OfProcess(process(&given[0])?).into_value())
    }),
    one_of("set-marker", (2, 3), |machine, given| {
        let mark = mark(&given[0])?;
        let to = match &given[1] {
            Value::Nil => None,
            place => Some(usize::try_from(integer(place)?).unwrap_or(0)),
        };
        let within = match argument(given, 2) {
            Value::Nil => machine.current_buffer(),
            named => buffer(machine, &named)?,
        };
        if to.is_some() && mark.buffer().as_ref() != Some(&within) {
            return Err(Exit::error("A mark stays in its buffer"));
        }
        mark.set(to);
        Ok(given[0].clone())
    }),
    one_of("copy-marker", (0, 2), |machine, given| {
        let current = machine.current_buffer();
        let place = match given.first() {
            None => current.with(|content| content.point()),
            Some(place) => position(place)?,
        };
        let marker = current.with(|content| {
            let marker = content.create_marker();
            content.set_marker(marker, Some(place));
            marker
        });
        Ok(Mark::Own(current, marker).into_value())
    }),
    one_of("marker-insertion-type", (1, 1), |_, given| {
        mark(&given[0])?;
        Ok(Value::Nil)
    }),
];

/// A marker as Lisp has it.
pub(crate) enum Mark {
    OfProcess(Process),
    Own(Buffer, Marker),
}

impl Mark {
    fn into_value(self) -> Value {
        Opaque::new("#<marker>", self).into()
    }

    fn buffer(&self) -> Option<Buffer> {
        match self {
            Mark::OfProcess(process) => process.buffer(),
            Mark::Own(buffer, _) => Some(buffer.clone()),
        }
    }

    /// Returns the position.
    pub(super) fn position(&self) -> Option<usize> {
        match self {
            Mark::OfProcess(process) => process.mark(),
            Mark::Own(buffer, marker) => buffer.with(|content| content.marker(*marker)),
        }
    }

    fn set(&self, to: Option<usize>) {
        match self {
            Mark::OfProcess(process) => process.set_mark(to),
            Mark::Own(buffer, marker) => buffer.with(|content| content.set_marker(*marker, to)),
        }
    }
}

/// Prints as Emacs prints a marker.
impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.position(), self.buffer()) {
            (Some(place), Some(buffer)) => {
                write!(formatter, "#<marker at {place} in {}>", buffer.name())
            }
            _ => formatter.write_str("#<marker in no buffer>"),
        }
    }
}

/// Returns the marker that a value is.
pub(super) fn mark(value: &Value) -> Result<&Mark, Exit> {
    value
        .as_opaque()
        .and_then(|opaque| opaque.downcast_ref())
        .ok_or_else(|| Exit::wrong_type("markerp", value))
}
