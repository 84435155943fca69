//! Lists, vectors and strings alike, and functions called with each element.

use std::cmp::Ordering;

use netproc::Value;
use netproc::lisp::Char;

use super::argument;
use super::numbers::{integer, length};
use crate::lisp::{Answer, Exit, Machine, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("length", (1, 1), |_, given| {
        let count = match &given[0] {
            Value::String(text) => text.char_count(),
            other => elements(other)?.len(),
        };
        Ok(Value::from(i64::try_from(count).unwrap_or(i64::MAX)))
    }),
    one_of("aref", (2, 2), |_, given| {
        let place = usize::try_from(integer(&given[1])?).ok();
        let element = place.and_then(|place| elements(&given[0]).ok()?.into_iter().nth(place));
        let outside = || Exit::signal("args-out-of-range", [given[0].clone(), given[1].clone()]);
        element.ok_or_else(outside)
    }),
    many("vector", 0, |_, given| {
        Ok(Value::vector(given.iter().cloned()))
    }),
    one_of("make-vector", (2, 2), |_, given| {
        let count = length(&given[0])?;
        Ok(Value::vector(std::iter::repeat_n(given[1].clone(), count)))
    }),
    many("vconcat", 0, |_, given| {
        let mut all = Vec::new();
        for sequence in given {
            all.extend(elements(sequence)?);
        }
        Ok(Value::vector(all))
    }),
    one_of("mapcar", (2, 2), |machine, given| {
        let mapped: Result<Vec<Value>, Exit> = elements(&given[1])?
            .iter()
            .map(|element| call(machine, &given[0], element))
            .collect();
        Ok(Value::list(mapped?))
    }),
    one_of("mapc", (2, 2), |machine, given| {
        for element in elements(&given[1])? {
            call(machine, &given[0], &element)?;
        }
        Ok(given[1].clone())
    }),
    one_of("sort", (2, 2), |machine, given| {
        sort(machine, &given[0], &given[1], &Value::Nil)
    }),
    many("cl-stable-sort", 2, |machine, given| {
        sort(machine, &given[0], &given[1], &key(given))
    }),
    many("cl-find", 2, |machine, given| {
        let found = position(machine, given)?;
        Ok(found.map(|(_, element)| element).unwrap_or_default())
    }),
    many("cl-position", 2, |machine, given| {
        let found = position(machine, given)?;
        Ok(found.map_or(Value::Nil, |(place, _)| {
            Value::from(i64::try_from(place).unwrap_or(i64::MAX))
        }))
    }),
    one_of("cl-count-if", (2, 2), |machine, given| {
        let count = kept(machine, given, true)?.len();
        Ok(Value::from(i64::try_from(count).unwrap_or(i64::MAX)))
    }),
    one_of("cl-every", (2, 2), |machine, given| {
        Ok(kept(machine, given, false)?.is_empty().into())
    }),
    one_of("cl-remove-if", (2, 2), |machine, given| {
        Ok(Value::list(kept(machine, given, false)?))
    }),
    one_of("cl-remove", (2, 2), |_, given| {
        let kept = elements(&given[1])?;
        Ok(Value::list(
            kept.into_iter().filter(|element| !element.is_eq(&given[0])),
        ))
    }),
];

fn call(machine: &Machine, function: &Value, element: &Value) -> Answer {
    machine.funcall(function, std::slice::from_ref(element))
}

/// Returns the elements of any sequence.
pub(super) fn elements(sequence: &Value) -> Result<Vec<Value>, Exit> {
    match sequence {
        Value::Vector(elements) => Ok(elements.to_vec()),
        Value::String(text) => {
            let unibyte = !text.is_multibyte();
            let code = |character: Char| match character {
                Char::Raw(byte) if unibyte => Value::from(byte),
                other => Value::from(other),
            };
            Ok(text.chars().map(code).collect())
        }
        list => {
            let elements = list.list_iter();
            let elements = elements.map_err(|_| Exit::wrong_type("sequencep", list))?;
            Ok(elements.cloned().collect())
        }
    }
}

/// Returns the elements for which the function says so.
fn kept(machine: &Machine, given: &[Value], wanted: bool) -> Result<Vec<Value>, Exit> {
    let mut kept = Vec::new();
    for element in elements(&given[1])? {
        if call(machine, &given[0], &element)?.is_true() == wanted {
            kept.push(element);
        }
    }
    Ok(kept)
}

/// Returns the function after `:key`.
fn key(given: &[Value]) -> Value {
    let place = given.iter().position(|value| value.is_symbol(":key"));
    place.map_or(Value::Nil, |place| argument(given, place + 1))
}

fn keyed(machine: &Machine, key: &Value, element: &Value) -> Answer {
    if key.is_nil() {
        Ok(element.clone())
    } else {
        call(machine, key, element)
    }
}

fn position(machine: &Machine, given: &[Value]) -> Result<Option<(usize, Value)>, Exit> {
    let key = key(given);
    for (place, element) in elements(&given[1])?.into_iter().enumerate() {
        if keyed(machine, &key, &element)? == given[0] {
            return Ok(Some((place, element)));
        }
    }
    Ok(None)
}

fn sort(machine: &Machine, list: &Value, less: &Value, key: &Value) -> Answer {
    let mut pairs = Vec::new();
    for element in elements(list)? {
        pairs.push((keyed(machine, key, &element)?, element));
    }
    let mut failure = None;
    pairs.sort_by(|(one, _), (two, _)| {
        let mut is_less =
            |one: &Value, two: &Value| match machine.funcall(less, &[one.clone(), two.clone()]) {
                Ok(value) => value.is_true(),
                Err(exit) => {
                    failure = Some(exit);
                    false
                }
            };
        if is_less(one, two) {
            Ordering::Less
        } else if is_less(two, one) {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    });
    match failure {
        Some(exit) => Err(exit),
        None => Ok(Value::list(pairs.into_iter().map(|(_, element)| element))),
    }
}
