//! What kind of value something is, symbols, and control.

use netproc::{Buffer, Process, Text, Value};

use super::argument;
use crate::lisp::{Answer, Exit, Machine, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("eq", (2, 2), |_, given| {
        Ok(given[0].is_eq(&given[1]).into())
    }),
    one_of("eql", (2, 2), |_, given| {
        Ok(given[0].is_eq(&given[1]).into())
    }),
    one_of(
        "equal",
        (2, 2),
        |_, given| Ok((given[0] == given[1]).into()),
    ),
    one_of("not", (1, 1), |_, given| Ok(given[0].is_nil().into())),
    one_of("null", (1, 1), |_, given| Ok(given[0].is_nil().into())),
    one_of("consp", (1, 1), |_, given| {
        Ok(given[0].as_cons().is_some().into())
    }),
    one_of("listp", (1, 1), |_, given| {
        Ok(given[0].car().is_some().into())
    }),
    one_of(
        "symbolp",
        (1, 1),
        |_, given| Ok(is_symbol(&given[0]).into()),
    ),
    one_of("keywordp", (1, 1), |_, given| {
        Ok(given[0].is_keyword().into())
    }),
    one_of("stringp", (1, 1), |_, given| {
        Ok(given[0].as_text().is_some().into())
    }),
    one_of("integerp", (1, 1), |_, given| {
        Ok(is_integer(&given[0]).into())
    }),
    one_of("numberp", (1, 1), |_, given| {
        Ok((is_integer(&given[0]) || given[0].as_float().is_some()).into())
    }),
    one_of("vectorp", (1, 1), |_, given| {
        Ok(given[0].as_vector().is_some().into())
    }),
    one_of("processp", (1, 1), |_, given| {
        Ok(netproc::functions::processp(&given[0]).into())
    }),
    one_of("bufferp", (1, 1), |_, given| {
        Ok(Buffer::from_value(&given[0]).is_some().into())
    }),
    // Closures print as functions do in transcripts.
    one_of("byte-code-function-p", (1, 1), |_, _| Ok(Value::Nil)),
    one_of("type-of", (1, 1), |_, given| {
        Ok(Value::symbol(type_of(&given[0])))
    }),
    one_of("symbol-value", (1, 1), |machine, given| {
        let name = symbol_name(&given[0])?;
        let void = || Exit::signal("void-variable", [given[0].clone()]);
        machine.variable(&name).ok_or_else(void)
    }),
    one_of("set", (2, 2), |machine, given| {
        machine.set_variable(&symbol_name(&given[0])?, given[1].clone());
        Ok(given[1].clone())
    }),
    one_of("symbol-name", (1, 1), |_, given| {
        Ok(Text::unibyte(symbol_name(&given[0])?).into())
    }),
    one_of("intern", (1, 2), |_, given| match given[0].as_str() {
        Some(name) => Ok(Value::symbol(name)),
        None => Err(Exit::wrong_type("stringp", &given[0])),
    }),
    one_of("identity", (1, 1), |_, given| Ok(given[0].clone())),
    many("ignore", 0, |_, _| Ok(Value::Nil)),
    many("error", 1, |machine, given| {
        let message = machine.funcall(&Value::symbol("format"), given)?;
        Err(Exit::signal("error", [message]))
    }),
    one_of("signal", (2, 2), |_, given| {
        Err(Exit::Signal(Value::cons(
            given[0].clone(),
            given[1].clone(),
        )))
    }),
    one_of("throw", (2, 2), |_, given| {
        Err(Exit::Throw {
            tag: given[0].clone(),
            value: given[1].clone(),
        })
    }),
    many("funcall", 1, |machine, given| {
        machine.funcall(&given[0], &given[1..])
    }),
    many("apply", 2, apply),
    one_of("eval", (1, 2), |machine, given| {
        machine.eval(&given[0], &crate::lisp::Env::default())
    }),
    one_of("require", (1, 3), |_, given| Ok(given[0].clone())),
    one_of("featurep", (1, 2), |_, given| {
        let feature = argument(given, 1);
        let known = given[0].is_symbol("make-network-process")
            && (feature.is_nil() || netproc::functions::has_feature(&feature));
        Ok(known.into())
    }),
    one_of("kill-emacs", (0, 2), |_, _| Err(Exit::Leave)),
    // Nothing is collected here, so nothing can be lost to that.
    one_of("garbage-collect", (0, 0), |_, _| Ok(Value::Nil)),
];

fn is_symbol(value: &Value) -> bool {
    value.is_nil() || value.as_symbol().is_some()
}

fn is_integer(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::BigInteger(_))
}

/// Returns the name of a symbol.
pub(super) fn symbol_name(value: &Value) -> Result<String, Exit> {
    match value {
        Value::Nil => Ok("nil".to_owned()),
        Value::Symbol(symbol) => Ok(symbol.as_str().to_owned()),
        other => Err(Exit::wrong_type("symbolp", other)),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Nil | Value::Symbol(_) => "symbol",
        Value::Integer(_) | Value::BigInteger(_) => "integer",
        Value::Float(_) => "float",
        Value::String(_) => "string",
        Value::Cons(_) => "cons",
        Value::Vector(_) => "vector",
        value if Process::from_value(value).is_some() => "process",
        value if Buffer::from_value(value).is_some() => "buffer",
        Value::Opaque(_) => "function",
    }
}

fn apply(machine: &Machine, given: &[Value]) -> Answer {
    let (last, first) = given.split_last().unwrap_or((&Value::Nil, &[]));
    let mut arguments = first[1..].to_vec();
    arguments.extend(super::lists::elements(last)?);
    machine.funcall(&given[0], &arguments)
}
