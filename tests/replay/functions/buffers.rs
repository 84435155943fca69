//! Buffers, those of the network.

use netproc::{Buffer, Value};

use super::argument;
use super::markers::mark;
use super::numbers::integer;
use super::strings::text;
use crate::lisp::{Exit, Machine, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("get-buffer", (1, 1), |machine, given| {
        Ok(Value::from(
            find(machine, &given[0])?.map(|buffer| buffer.to_value()),
        ))
    }),
    one_of(
        "get-buffer-create",
        (1, 2),
        |machine, given| match Buffer::from_value(&given[0]) {
            Some(buffer) => Ok(buffer.to_value()),
            None => Ok(machine
                .network
                .buffer(&text(&given[0])?.to_string_lossy())?
                .to_value()),
        },
    ),
    one_of("generate-new-buffer", (1, 2), |machine, given| {
        let wanted = text(&given[0])?.to_string_lossy().into_owned();
        let mut name = wanted.clone();
        let mut number = 2;
        while machine.network.find_buffer(&name).is_some() {
            name = format!("{wanted}<{number}>");
            number += 1;
        }
        Ok(machine.network.buffer(&name)?.to_value())
    }),
    one_of("kill-buffer", (0, 1), |machine, given| {
        let killed = buffer(machine, &argument(given, 0))?;
        machine.network.kill_buffer(&killed);
        Ok(Value::t())
    }),
    one_of("buffer-live-p", (1, 1), |_, given| {
        let buffer = Buffer::from_value(&given[0]);
        Ok(buffer
            .is_some_and(|buffer| buffer.with(|content| !content.is_killed()))
            .into())
    }),
    one_of("buffer-name", (0, 1), |machine, given| {
        let named = buffer(machine, &argument(given, 0))?;
        let is_killed = named.with(|content| content.is_killed());
        Ok(if is_killed {
            Value::Nil
        } else {
            Value::string(&named.name())
        })
    }),
    one_of("current-buffer", (0, 0), |machine, _| {
        Ok(machine.current_buffer().to_value())
    }),
    one_of("set-buffer", (1, 1), |machine, given| {
        let to = buffer(machine, &given[0])?;
        if to.with(|content| content.is_killed()) {
            return Err(Exit::error("Selecting deleted buffer"));
        }
        machine.set_current_buffer(to);
        Ok(given[0].clone())
    }),
    many("insert", 0, |machine, given| {
        for piece in given {
            let piece = text(piece)?;
            machine.current_buffer().with(|content| {
                let point = content.create_marker();
                content.set_marker(point, Some(content.point()));
                content.insert_at(point, piece);
                content.remove_marker(point);
            });
        }
        Ok(Value::Nil)
    }),
    one_of("buffer-string", (0, 0), |machine, _| {
        Ok(machine.current_buffer().text().into())
    }),
    one_of(
        "buffer-substring-no-properties",
        (2, 2),
        |machine, given| {
            let whole = Value::from(machine.current_buffer().text());
            let places = [position(&given[0])?, position(&given[1])?];
            let places = places.map(|place| Value::from(i64::try_from(place).unwrap_or(1) - 1));
            let [from, to] = places;
            machine.funcall(&Value::symbol("substring"), &[whole, from, to])
        },
    ),
    one_of("erase-buffer", (0, 0), |machine, _| {
        machine
            .current_buffer()
            .with(netproc::process::Buffer::erase);
        Ok(Value::Nil)
    }),
    one_of("point", (0, 0), |machine, _| {
        Ok(look(machine, netproc::process::Buffer::point))
    }),
    one_of("point-min", (0, 0), |_, _| Ok(Value::from(1))),
    one_of("point-max", (0, 0), |machine, _| {
        Ok(look(machine, |content| content.len() + 1))
    }),
    one_of("goto-char", (1, 1), |machine, given| {
        let place = position(&given[0])?;
        machine
            .current_buffer()
            .with(|content| content.set_point(place));
        Ok(given[0].clone())
    }),
    one_of("search-forward", (1, 4), |machine, given| {
        let wanted = text(&given[0])?.to_string_lossy();
        let found = machine.current_buffer().with(|content| {
            let text = content.text().to_string_lossy();
            let from = text.char_indices().nth(content.point() - 1)?.0;
            let end = from + text[from..].find(&*wanted)? + wanted.len();
            let place = text[..end].chars().count() + 1;
            Some(place)
        });
        let Some(place) = found else {
            return if argument(given, 2).is_true() {
                Ok(Value::Nil)
            } else {
                Err(Exit::signal("search-failed", [given[0].clone()]))
            };
        };
        machine
            .current_buffer()
            .with(|content| content.set_point(place));
        Ok(look(machine, netproc::process::Buffer::point))
    }),
    one_of("set-buffer-multibyte", (1, 1), |machine, given| {
        let multibyte = given[0].is_true();
        machine
            .current_buffer()
            .with(|content| content.set_multibyte(multibyte));
        Ok(given[0].clone())
    }),
];

/// Returns the buffer that is meant, the current one by nil.
pub(super) fn buffer(machine: &Machine, value: &Value) -> Result<Buffer, Exit> {
    if value.is_nil() {
        return Ok(machine.current_buffer());
    }
    let none = || match value.as_text() {
        Some(name) => Exit::error(&format!("No buffer named {}", name.to_string_lossy())),
        None => Exit::wrong_type("stringp", value),
    };
    find(machine, value).ok().flatten().ok_or_else(none)
}

fn find(machine: &Machine, value: &Value) -> Result<Option<Buffer>, Exit> {
    match Buffer::from_value(value) {
        Some(buffer) => Ok(Some(buffer)),
        None => Ok(machine.network.find_buffer(&text(value)?.to_string_lossy())),
    }
}

/// Returns the place that a number or a marker means.
pub(super) fn position(value: &Value) -> Result<usize, Exit> {
    if let Ok(mark) = mark(value) {
        return Ok(mark.position().unwrap_or(1));
    }
    Ok(usize::try_from(integer(value)?).unwrap_or(1))
}

/// Returns a place in the current buffer.
fn look(machine: &Machine, look: fn(&netproc::process::Buffer) -> usize) -> Value {
    let place = machine.current_buffer().with(|content| look(content));
    Value::from(i64::try_from(place).unwrap_or(i64::MAX))
}
