//! The functions that the cases call, by topic.

mod addresses;
pub(crate) mod buffers;
mod data;
mod files;
mod hash;
mod lists;
mod making;
pub(crate) mod markers;
pub(crate) mod messages;
mod numbers;
pub(crate) mod peer;
mod processes;
mod search;
mod sequences;
mod slots;
pub(crate) mod strings;
mod transfer;

use netproc::Value;

use crate::lisp::{Machine, Primitive};

/// Returns every function.
pub(crate) fn all() -> impl Iterator<Item = &'static Primitive> {
    let tables = [
        addresses::TABLE,
        buffers::TABLE,
        data::TABLE,
        files::TABLE,
        hash::TABLE,
        lists::TABLE,
        making::TABLE,
        markers::TABLE,
        messages::TABLE,
        numbers::TABLE,
        peer::TABLE,
        processes::TABLE,
        search::TABLE,
        sequences::TABLE,
        slots::TABLE,
        strings::TABLE,
        transfer::TABLE,
    ];
    tables.into_iter().flatten()
}

/// Gives the variables of Emacs that cases bind or read their values.
pub(crate) fn define_variables(machine: &Machine) {
    let utf_8 = Value::symbol("utf-8-unix");
    let variables = [
        (
            "default-process-coding-system",
            Value::cons(utf_8.clone(), utf_8),
        ),
        ("coding-system-for-read", Value::Nil),
        ("coding-system-for-write", Value::Nil),
        ("network-coding-system-alist", Value::Nil),
        ("case-fold-search", Value::t()),
        ("default-directory", Value::string("/")),
        ("inhibit-read-only", Value::Nil),
        ("kill-buffer-query-functions", Value::Nil),
        ("load-file-name", Value::Nil),
        ("print-escape-multibyte", Value::t()),
        ("print-escape-nonascii", Value::t()),
    ];
    for (name, value) in variables {
        machine.define_variable(name, value);
    }
}

/// Returns an argument, nil if it was left out.
fn argument(arguments: &[Value], place: usize) -> Value {
    arguments.get(place).cloned().unwrap_or_default()
}
