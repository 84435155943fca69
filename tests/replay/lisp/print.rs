//! Printing as `prin1` does with the settings of the transcripts: everything but ASCII escaped.

use std::fmt::Write;

use netproc::lisp::{Char, Opaque};
use netproc::{Buffer, Process, Text, Value};

use super::Machine;
use super::function::Closure;
use crate::functions::markers::Mark;

/// What is escaped in strings, apart from quotes, backslashes and line ends.
#[derive(Clone, Copy)]
pub(crate) struct Escapes {
    multibyte: bool,
}

impl Escapes {
    /// Reads the variable of Lisp.
    pub(crate) fn of(machine: &Machine) -> Self {
        let multibyte = machine.variable("print-escape-multibyte");
        Escapes {
            multibyte: multibyte.is_some_and(|value| value.is_true()),
        }
    }
}

/// Prints a value as `prin1` does.
pub(crate) fn prin1(value: &Value, escapes: Escapes) -> Text {
    let mut out = Text::from("");
    print(value, escapes, &mut out);
    out
}

/// Prints a value as `princ` does; processes and buffers by their names.
pub(crate) fn princ(value: &Value, escapes: Escapes) -> Text {
    if let Value::String(text) = value {
        return Text::clone(text);
    }
    if let Value::Symbol(symbol) = value {
        return Text::from(symbol.as_str());
    }
    if let Some(process) = Process::from_value(value) {
        return Text::from(process.name());
    }
    if let Some(buffer) = Buffer::from_value(value) {
        return Text::from(&*buffer.name());
    }
    prin1(value, escapes)
}

fn print(value: &Value, escapes: Escapes, out: &mut Text) {
    match value {
        Value::Cons(_) => print_list(value, escapes, out),
        Value::Vector(elements) => {
            out.push_str("[");
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.push_str(" ");
                }
                print(element, escapes, out);
            }
            out.push_str("]");
        }
        Value::String(text) => print_string(text, escapes, out),
        Value::Opaque(opaque) => out.push_str(&object(opaque)),
        atom => out.push_str(&atom.to_string()),
    }
}

fn print_list(list: &Value, escapes: Escapes, out: &mut Text) {
    if let Some(prefix) = prefix(list) {
        out.push_str(prefix);
        return print(
            list.cdr().and_then(Value::car).unwrap_or(&Value::Nil),
            escapes,
            out,
        );
    }
    out.push_str("(");
    let mut rest = list;
    while let Value::Cons(cell) = rest {
        print(&cell.car, escapes, out);
        rest = &cell.cdr;
        if rest.is_true() {
            out.push_str(" ");
        }
    }
    if rest.is_true() {
        out.push_str(". ");
        print(rest, escapes, out);
    }
    out.push_str(")");
}

/// Returns how a list such as `(quote x)` begins when it is written short.
fn prefix(list: &Value) -> Option<&'static str> {
    let rest = list.cdr()?.as_cons()?;
    match list.car()?.as_symbol()?.as_str() {
        _ if rest.cdr.is_true() => None,
        "quote" => Some("'"),
        "function" => Some("#'"),
        "`" => Some("`"),
        _ => None,
    }
}

/// Returns how a value prints that Lisp cannot look into.
fn object(opaque: &Opaque) -> String {
    if let Some(buffer) = opaque.downcast_ref::<Buffer>() {
        return if buffer.with(|content| content.is_killed()) {
            "#<killed buffer>".to_owned()
        } else {
            format!("#<buffer {}>", buffer.name())
        };
    }
    if let Some(mark) = opaque.downcast_ref::<Mark>() {
        return mark.to_string();
    }
    if opaque.downcast_ref::<Closure>().is_some() {
        return "FUNCTION".to_owned();
    }
    opaque.name().to_owned()
}

fn print_string(text: &Text, escapes: Escapes, out: &mut Text) {
    out.push_str("\"");
    let characters: Vec<Char> = text.chars().collect();
    let mut after_hexadecimal = false;
    for (place, character) in characters.iter().enumerate() {
        let was_after_hexadecimal = std::mem::take(&mut after_hexadecimal);
        let digit_follows = characters
            .get(place + 1)
            .is_some_and(|next| matches!(next, Char::Unicode('0'..='7')));
        match character {
            Char::Unicode('\n') => out.push_str("\\n"),
            Char::Unicode('\u{c}') => out.push_str("\\f"),
            Char::Unicode('"') => out.push_str("\\\""),
            Char::Unicode('\\') => out.push_str("\\\\"),
            Char::Unicode(control @ ('\0'..='\u{1f}' | '\u{7f}')) => {
                octal(u32::from(*control), digit_follows, out);
            }
            Char::Unicode(letter @ ' '..='~') => {
                if was_after_hexadecimal && letter.is_ascii_hexdigit() {
                    out.push_str("\\ ");
                }
                out.push_char(*character);
            }
            Char::Raw(byte) => octal(u32::from(*byte), digit_follows, out),
            other if escapes.multibyte => {
                // Writing to a text cannot fail.
                let _written = write!(out, "\\x{:04x}", other.code());
                after_hexadecimal = true;
            }
            other => out.push_char(*other),
        }
    }
    out.push_str("\"");
}

/// Writes a byte in as few octal digits as what follows allows.
fn octal(code: u32, digit_follows: bool, out: &mut Text) {
    let digits = match code {
        _ if digit_follows => 3,
        0o100.. => 3,
        0o10.. => 2,
        _ => 1,
    };
    let _written = write!(out, "\\{code:0digits$o}");
}
