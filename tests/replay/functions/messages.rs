//! What Emacs says in its buffer of messages.

use netproc::{Text, Value};

use crate::lisp::{Machine, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("messages-buffer", (0, 0), |machine, _| {
        let buffer = machine.network.buffer("*Messages*");
        Ok(buffer?.to_value())
    }),
    many("message", 1, |machine, given| {
        let message = super::strings::format(machine, given)?;
        add(machine, &message.to_string_lossy());
        Ok(message.into())
    }),
];

/// Adds a line to the messages.
pub(crate) fn add(machine: &Machine, message: &str) {
    if let Ok(buffer) = machine.network.buffer("*Messages*") {
        buffer.with(|content| {
            let end = content.create_marker();
            content.set_marker_to_end(end);
            content.insert_at(end, &Text::from(format!("{message}\n")));
            content.remove_marker(end);
        });
    }
}

/// Returns what is said about a condition.
pub(crate) fn text_of(condition: &Value) -> String {
    let data = condition.cdr().cloned().unwrap_or_default();
    match (condition.car(), data.car()) {
        (Some(symbol), Some(Value::String(message))) if symbol.is_symbol("error") => {
            message.to_string_lossy().into_owned()
        }
        _ => condition.to_string(),
    }
}
