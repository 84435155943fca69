//! Strings: made, joined, cut, formatted.

use std::sync::Arc;

use netproc::coding::Encoder;
use netproc::lisp::Char;
use netproc::{Text, Value};

use super::argument;
use super::numbers::{integer, length};
use crate::lisp::print::{self, Escapes};
use crate::lisp::{Answer, Exit, Machine, Primitive, coding_system, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    many("concat", 0, concat),
    one_of("mapconcat", (3, 3), |machine, given| {
        let mut joined = Text::unibyte([]);
        for (place, element) in super::sequences::elements(&given[1])?.iter().enumerate() {
            if place > 0 {
                joined.push_text(text(&given[2])?);
            }
            let piece = machine.funcall(&given[0], std::slice::from_ref(element))?;
            joined.push_text(text(&piece)?);
        }
        Ok(joined.into())
    }),
    many("format", 1, |machine, given| {
        format(machine, given).map(Value::from)
    }),
    one_of("prin1-to-string", (1, 2), |machine, given| {
        Ok(print::prin1(&given[0], Escapes::of(machine)).into())
    }),
    one_of("princ", (1, 2), |machine, given| {
        machine.write(text(&given[0])?);
        Ok(given[0].clone())
    }),
    one_of("make-string", (2, 3), |_, given| {
        let count = length(&given[0])?;
        Ok(of_characters(&vec![given[1].clone(); count])?.into())
    }),
    many("string", 0, |_, given| Ok(of_characters(given)?.into())),
    many("unibyte-string", 0, |_, given| {
        let byte = |value: &Value| {
            u8::try_from(integer(value)?)
                .map_err(|_| Exit::signal("args-out-of-range", [value.clone()]))
        };
        let bytes: Result<Vec<u8>, Exit> = given.iter().map(byte).collect();
        Ok(Text::unibyte(bytes?).into())
    }),
    one_of("string-to-unibyte", (1, 1), |_, given| {
        Ok(Text::unibyte(text(&given[0])?.as_bytes().into_owned()).into())
    }),
    one_of("string-to-multibyte", (1, 1), |_, given| {
        let mut multibyte = text(&given[0])?.clone();
        multibyte.make_multibyte();
        Ok(multibyte.into())
    }),
    one_of("multibyte-string-p", (1, 1), |_, given| {
        Ok(given[0].as_text().is_some_and(Text::is_multibyte).into())
    }),
    one_of("encode-coding-string", (2, 4), |_, given| {
        let system = coding_system(&given[1])?.unwrap_or_default();
        let mut bytes = Vec::new();
        Encoder::new(system).encode_message(text(&given[0])?, &mut bytes);
        Ok(Text::unibyte(bytes).into())
    }),
    one_of("substring", (1, 3), substring),
    one_of("upcase", (1, 1), |_, given| {
        let upper = text(&given[0])?.to_string_lossy().to_uppercase();
        Ok(Value::from(as_literal(&Text::from(upper))))
    }),
    one_of("string<", (2, 2), |_, given| {
        Ok((written(&given[0])? < written(&given[1])?).into())
    }),
    one_of("string-prefix-p", (2, 3), |_, given| {
        Ok(text(&given[1])?
            .as_bytes()
            .starts_with(&text(&given[0])?.as_bytes())
            .into())
    }),
    one_of("string-suffix-p", (2, 3), |_, given| {
        Ok(text(&given[1])?
            .as_bytes()
            .ends_with(&text(&given[0])?.as_bytes())
            .into())
    }),
];

/// Returns a string.
pub(super) fn text(value: &Value) -> Result<&Text, Exit> {
    value
        .as_text()
        .ok_or_else(|| Exit::wrong_type("stringp", value))
}

/// Returns what a string or a symbol compares by.
fn written(value: &Value) -> Result<Vec<u8>, Exit> {
    match value {
        Value::String(text) => Ok(text.internal_bytes().to_vec()),
        symbol => Ok(super::data::symbol_name(symbol)?.into_bytes()),
    }
}

/// Returns the text as Emacs keeps a literal: as bytes if it is all ASCII.
fn as_literal(text: &Text) -> Text {
    match text.as_str() {
        Some(plain) if plain.is_ascii() => Text::unibyte(plain),
        _ => text.clone(),
    }
}

/// Returns a form that was read with its strings as Emacs keeps them.
pub(crate) fn as_emacs_reads(form: &Value) -> Value {
    match form {
        Value::String(text) => Value::String(Arc::new(as_literal(text))),
        Value::Cons(cell) => Value::cons(as_emacs_reads(&cell.car), as_emacs_reads(&cell.cdr)),
        Value::Vector(elements) => Value::vector(elements.iter().map(as_emacs_reads)),
        other => other.clone(),
    }
}

fn of_characters(codes: &[Value]) -> Result<Text, Exit> {
    let mut made = Text::from("");
    for code in codes {
        let number = u32::try_from(integer(code)?).ok();
        let character = number.and_then(Char::from_code);
        made.push_char(character.ok_or_else(|| Exit::wrong_type("characterp", code))?);
    }
    Ok(as_literal(&made))
}

fn concat(_machine: &Machine, given: &[Value]) -> Answer {
    let mut joined = Text::unibyte([]);
    for piece in given {
        match piece {
            Value::String(text) => joined.push_text(text),
            other => joined.push_text(&of_characters(&super::sequences::elements(other)?)?),
        }
    }
    Ok(joined.into())
}

fn substring(_machine: &Machine, given: &[Value]) -> Answer {
    let whole = text(&given[0])?;
    let length = i64::try_from(whole.char_count()).unwrap_or(i64::MAX);
    let place = |value: Value, default: i64| {
        let place = if value.is_nil() {
            default
        } else {
            integer(&value)?
        };
        let place = if place < 0 { place + length } else { place };
        usize::try_from(place)
            .ok()
            .filter(|_| place <= length)
            .ok_or_else(|| Exit::signal("args-out-of-range", [given[0].clone(), value]))
    };
    let (from, to) = (
        place(argument(given, 1), 0)?,
        place(argument(given, 2), length)?,
    );
    let count = to.saturating_sub(from);
    Ok(match whole.as_unibyte() {
        Some(bytes) => Text::unibyte(&bytes[from..from + count]),
        None => whole.chars().skip(from).take(count).collect(),
    }
    .into())
}

/// Does what `format` does with `%s`, `%S`, `%d`, `%x` and `%c`.
pub(super) fn format(machine: &Machine, given: &[Value]) -> Result<Text, Exit> {
    let mut made = Text::unibyte([]);
    let mut values = given[1..].iter();
    let mut characters = text(&given[0])?.chars();
    while let Some(character) = characters.next() {
        if character != Char::Unicode('%') {
            made.push_text(&as_literal(&[character].into_iter().collect()));
            continue;
        }
        let mut width = String::new();
        let directive = loop {
            match characters.next() {
                Some(Char::Unicode(digit)) if digit.is_ascii_digit() => width.push(digit),
                other => break other,
            }
        };
        if directive == Some(Char::Unicode('%')) {
            made.push_text(&Text::unibyte("%"));
            continue;
        }
        let missing = || Exit::error("Not enough arguments for format string");
        let value = values.next().ok_or_else(missing)?;
        let width: u8 = match &*width {
            "" => 0,
            width => width
                .parse()
                .map_err(|_| Exit::error("Invalid format operation"))?,
        };
        let width = usize::from(width);
        let piece = match directive {
            Some(Char::Unicode('s')) => print::princ(value, Escapes::of(machine)),
            Some(Char::Unicode('S')) => print::prin1(value, Escapes::of(machine)),
            Some(Char::Unicode('d')) => Text::from(format!("{:0width$}", integer(value)?)),
            Some(Char::Unicode('x')) => Text::from(format!("{:0width$x}", integer(value)?)),
            Some(Char::Unicode('c')) => of_characters(std::slice::from_ref(value))?,
            _ => return Err(Exit::error("Invalid format operation")),
        };
        made.push_text(&as_literal(&piece));
    }
    Ok(made)
}
