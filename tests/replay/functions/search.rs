//! Regular expressions over strings.

use std::borrow::Cow;

use netproc::{Text, Value};

use super::argument;
use super::strings::text;
use crate::lisp::{Answer, Exit, Machine, Primitive, one_of, regexp};

pub(super) const TABLE: &[Primitive] = &[
    one_of("string-match-p", (2, 3), |_, given| {
        let searched = text(&given[1])?.as_bytes();
        let found = regexp::parse(&pattern(&given[0])?)?.find(&searched);
        Ok(found.map_or(Value::Nil, |found| {
            let before = Text::from_bytes(&searched[..found.start()]).char_count();
            Value::from(i64::try_from(before).unwrap_or(i64::MAX))
        }))
    }),
    one_of("regexp-quote", (1, 1), |_, given| {
        Ok(Value::from(regexp::quote(&pattern(&given[0])?)))
    }),
    one_of("replace-regexp-in-string", (3, 5), replace),
];

fn pattern(value: &Value) -> Result<Cow<'_, str>, Exit> {
    Ok(text(value)?.to_string_lossy())
}

/// Replaces each match by a text, or by what a function makes of it.
fn replace(machine: &Machine, given: &[Value]) -> Answer {
    if given[1].as_text().is_some() && argument(given, 4).is_nil() {
        let is_plain = !pattern(&given[1])?.contains('\\');
        if !is_plain {
            return Err(Exit::error("Only literal replacements are made here"));
        }
    }
    let searched = text(&given[2])?.as_bytes();
    let mut made = Vec::new();
    let mut end = 0;
    for found in regexp::parse(&pattern(&given[0])?)?.find_iter(&searched) {
        made.extend_from_slice(&searched[end..found.start()]);
        end = found.end();
        let replacement = if given[1].as_text().is_some() {
            given[1].clone()
        } else {
            let matched = Value::from(Text::from_bytes(found.as_bytes()));
            machine.funcall(&given[1], &[matched])?
        };
        made.extend_from_slice(&text(&replacement)?.as_bytes());
    }
    made.extend_from_slice(&searched[end..]);
    Ok(Text::from_bytes(&made).into())
}
