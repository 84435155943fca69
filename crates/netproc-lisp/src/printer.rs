//! Printing values as Emacs's `prin1` does.

use std::fmt::{self, Write};

use crate::{Char, Cons, Symbol, Text, Value};

mod float;

pub(crate) use self::float::write_float;

/// Work still to be printed; a stack of these stands in for recursion.
enum Task<'a> {
    /// A value, inside so many levels of backquote.
    Value(&'a Value, usize),
    /// What follows an element of a list: more elements, a dotted tail, or the end.
    Tail(&'a Value, usize),
    /// What follows an element of a vector.
    Elements(&'a [Value], usize),
}

impl fmt::Display for Value {
    /// Writes the value as Emacs 28's `prin1` does, whichever formatting options are given.
    ///
    /// Control characters and line ends in strings are written as they are. A character outside
    /// Unicode is written as an escape, as Emacs does when `print-escape-multibyte` is set, since
    /// no `str` can hold it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(self, formatter)
    }
}

impl fmt::Debug for Value {
    /// Writes the value as `Display` does.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(self, formatter)
    }
}

impl fmt::Display for Symbol {
    /// Writes the symbol as `prin1` does, with the backslashes that reading it back needs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_symbol(self.as_str(), formatter)
    }
}

fn write_value(value: &Value, out: &mut impl Write) -> fmt::Result {
    let mut tasks = vec![Task::Value(value, 0)];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Value(Value::Cons(cell), level) => write_cons(cell, level, out, &mut tasks)?,
            Task::Value(Value::Vector(elements), level) => {
                out.write_char('[')?;
                match elements.split_first() {
                    None => out.write_char(']')?,
                    Some((first, rest)) => {
                        tasks.push(Task::Elements(rest, level));
                        tasks.push(Task::Value(first, level));
                    }
                }
            }
            Task::Value(atom, _) => write_atom(atom, out)?,
            Task::Tail(Value::Nil, _) => out.write_char(')')?,
            Task::Tail(Value::Cons(cell), level) => {
                out.write_char(' ')?;
                tasks.push(Task::Tail(&cell.cdr, level));
                tasks.push(Task::Value(&cell.car, level));
            }
            Task::Tail(tail, level) => {
                out.write_str(" . ")?;
                tasks.push(Task::Tail(&Value::Nil, level));
                tasks.push(Task::Value(tail, level));
            }
            Task::Elements([], _) => out.write_char(']')?,
            Task::Elements([first, rest @ ..], level) => {
                out.write_char(' ')?;
                tasks.push(Task::Elements(rest, level));
                tasks.push(Task::Value(first, level));
            }
        }
    }
    Ok(())
}

/// Writes the start of a list, or all of a form such as `'x`, and leaves the rest as tasks.
fn write_cons<'a>(
    cell: &'a Cons,
    level: usize,
    out: &mut impl Write,
    tasks: &mut Vec<Task<'a>>,
) -> fmt::Result {
    if let (Value::Symbol(head), Value::Cons(rest)) = (&cell.car, &cell.cdr)
        && rest.cdr.is_nil()
    {
        let prefix = match head.as_str() {
            "quote" => Some(("'", level)),
            "function" => Some(("#'", level)),
            "`" => Some(("`", level + 1)),
            // Outside a backquote a comma means nothing, and prin1 writes it as a plain list.
            "," if level > 0 => Some((",", level - 1)),
            ",@" if level > 0 => Some((",@", level - 1)),
            _ => None,
        };
        if let Some((prefix, level)) = prefix {
            tasks.push(Task::Value(&rest.car, level));
            return out.write_str(prefix);
        }
    }
    tasks.push(Task::Tail(&cell.cdr, level));
    tasks.push(Task::Value(&cell.car, level));
    out.write_char('(')
}

fn write_atom(atom: &Value, out: &mut impl Write) -> fmt::Result {
    match atom {
        Value::Symbol(symbol) => write_symbol(symbol.as_str(), out),
        Value::Integer(integer) => write!(out, "{integer}"),
        Value::BigInteger(integer) => out.write_str(integer.as_str()),
        Value::Float(float) => write_float(*float, out),
        Value::String(text) => write_string(text, out),
        Value::Opaque(opaque) => out.write_str(opaque.name()),
        Value::Nil | Value::Cons(_) | Value::Vector(_) => out.write_str("nil"),
    }
}

fn write_symbol(name: &str, out: &mut impl Write) -> fmt::Result {
    if name.is_empty() {
        return out.write_str("##");
    }
    let mut looks_like_a_number = crate::reader::parse_number(name).is_some();
    for (place, character) in name.chars().enumerate() {
        // A byte order mark would be skipped at the beginning of a text.
        let special = (place == 0 && character == '\u{FEFF}')
            || matches!(
                character,
                '"' | '\\' | '\'' | ';' | '#' | '(' | ')' | ',' | '`' | '[' | ']' | '?' | '.' | '\0'
                    ..=' ' | '\u{A0}'
            );
        if special || looks_like_a_number {
            out.write_char('\\')?;
            looks_like_a_number = false;
        }
        out.write_char(character)?;
    }
    Ok(())
}

pub(crate) fn write_string(text: &Text, out: &mut impl Write) -> fmt::Result {
    out.write_char('"')?;
    let mut after_hexadecimal = false;
    for character in text.chars() {
        let was_after_hexadecimal = std::mem::take(&mut after_hexadecimal);
        match character {
            Char::Unicode('"') => out.write_str("\\\"")?,
            Char::Unicode('\\') => out.write_str("\\\\")?,
            Char::Unicode(unicode) => {
                if was_after_hexadecimal && unicode.is_ascii_hexdigit() {
                    // An escaped space is nothing but the end of the number.
                    out.write_str("\\ ")?;
                }
                out.write_char(unicode)?;
            }
            Char::Raw(byte) => write!(out, "\\{byte:03o}")?,
            Char::Extended(code) => {
                write!(out, "\\x{code:x}")?;
                after_hexadecimal = true;
            }
        }
    }
    out.write_char('"')
}
