//! `make-network-process`, with what Emacs decides before the engine has its say.

use netproc::keywords::{BufferSetting, CodingPair, RawSpec};
use netproc::lisp::plist;
use netproc::{Buffer, Spec, Value};

use super::argument;
use super::processes::process;
use super::strings::text;
use crate::lisp::{Exit, Machine, Primitive, coding_system, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    many("make-network-process", 0, |machine, given| {
        if given.is_empty() {
            return Ok(Value::Nil);
        }
        let list = Value::list(given.iter().cloned());
        let raw = RawSpec::from_value(&list).map_err(netproc::Error::from)?;
        let mut spec = raw.resolve().map_err(netproc::Error::from)?;
        if plist::get(&list, &Value::keyword(":coding")).is_nil() {
            choose_coding(machine, &mut spec)?;
        }
        Ok(machine.network.open(spec)?.to_value())
    }),
    one_of("clone-process", (1, 2), |_, given| {
        let name = argument(given, 1);
        let name = if name.is_nil() {
            None
        } else {
            Some(text(&name)?.to_string_lossy().into_owned())
        };
        let clone = netproc::functions::clone_process(&process(&given[0])?, name.as_deref())?;
        Ok(Value::from(clone.map(|clone| clone.to_value())))
    }),
];

/// Gives a process without `:coding` the coding systems that variables of Emacs name.
fn choose_coding(machine: &Machine, spec: &mut Spec) -> Result<(), Exit> {
    let default = machine
        .variable("default-process-coding-system")
        .unwrap_or_default();
    let chosen = |variable: &str, default: Option<&Value>| {
        let named = machine.variable(variable).unwrap_or_default();
        coding_system(if named.is_nil() {
            default.unwrap_or(&Value::Nil)
        } else {
            &named
        })
    };
    let decode = if holds_bytes(machine, &spec.buffer) {
        spec.filter_multibyte.get_or_insert(false);
        None
    } else {
        chosen("coding-system-for-read", default.car())?
    };
    let encode = chosen("coding-system-for-write", default.cdr())?;
    spec.coding = Some(CodingPair::new(decode, encode));
    Ok(())
}

/// Tells whether the buffer that a process is to have holds bytes.
fn holds_bytes(machine: &Machine, setting: &BufferSetting) -> bool {
    let buffer = match setting {
        BufferSetting::None => None,
        BufferSetting::Named(name) => machine.network.find_buffer(name),
        BufferSetting::Handle(value) => Buffer::from_value(value),
    };
    buffer.is_some_and(|buffer| buffer.with(|content| !content.is_multibyte()))
}
