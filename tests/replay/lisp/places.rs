//! Forms that change a place: a variable, or an entry of a hash table.

use netproc::Value;

use super::eval::symbol;
use super::forms::{Form, nth};
use super::{Answer, Env, Exit, Machine};

/// The forms, as in the table of all.
pub(super) const FORMS: &[(&str, Form)] = &[
    ("push", |machine, rest, env| {
        let value = machine.eval(&nth(rest, 0), env)?;
        let list = read(machine, &nth(rest, 1), env)?;
        write(machine, &nth(rest, 1), Value::cons(value, list), env)
    }),
    ("pop", |machine, rest, env| {
        let list = read(machine, &nth(rest, 0), env)?;
        let halves = list.car().zip(list.cdr());
        let (first, left) = halves.ok_or_else(|| Exit::wrong_type("listp", &list))?;
        write(machine, &nth(rest, 0), left.clone(), env)?;
        Ok(first.clone())
    }),
    ("cl-pushnew", |machine, rest, env| {
        let value = machine.eval(&nth(rest, 0), env)?;
        let list = read(machine, &nth(rest, 1), env)?;
        let known = list
            .list_iter()
            .is_ok_and(|mut list| list.any(|known| known.is_eq(&value)));
        if known {
            return Ok(list);
        }
        write(machine, &nth(rest, 1), Value::cons(value, list), env)
    }),
    ("cl-incf", |machine, rest, env| {
        let value = read(machine, &nth(rest, 0), env)?;
        let sum = machine.funcall(&Value::symbol("1+"), &[value])?;
        write(machine, &nth(rest, 0), sum, env)
    }),
];

fn read(machine: &Machine, place: &Value, env: &Env) -> Answer {
    machine.eval(place, env)
}

fn write(machine: &Machine, place: &Value, value: Value, env: &Env) -> Answer {
    if place.car().is_some_and(|head| head.is_symbol("gethash")) && place.as_cons().is_some() {
        let key = machine.eval(&nth(place, 1), env)?;
        let table = machine.eval(&nth(place, 2), env)?;
        return machine.funcall(&Value::symbol("puthash"), &[key, value, table]);
    }
    machine.assign(symbol(place)?, &value, env);
    Ok(value)
}
