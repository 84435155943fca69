//! Special forms, and the macros that are written often enough to be forms here.

use std::collections::HashMap;
use std::sync::LazyLock;

use netproc::Value;

use super::eval::{elements, symbol};
use super::function::Closure;
use super::{Answer, Env, Exit, Machine, backquote, places};

/// Evaluates what follows the head of a form.
pub(super) type Form = fn(&Machine, &Value, &Env) -> Answer;

/// Returns the form of that name.
pub(super) fn find(name: &str) -> Option<Form> {
    static TABLE: LazyLock<HashMap<&str, Form>> = LazyLock::new(|| {
        FORMS
            .iter()
            .copied()
            .chain(places::FORMS.iter().copied())
            .collect()
    });
    TABLE.get(name).copied()
}

const FORMS: &[(&str, Form)] = &[
    ("quote", |_, rest, _| Ok(nth(rest, 0))),
    ("function", function),
    ("lambda", |_, rest, env| {
        Ok(Closure::new(rest, env)?.into_value())
    }),
    ("`", |machine, rest, env| {
        backquote::eval(machine, &nth(rest, 0), env)
    }),
    ("progn", Machine::progn),
    ("prog1", prog1),
    ("if", |machine, rest, env| {
        if machine.eval(&nth(rest, 0), env)?.is_true() {
            machine.eval(&nth(rest, 1), env)
        } else {
            machine.progn(&tail(rest, 2), env)
        }
    }),
    ("when", |machine, rest, env| when(machine, rest, env, true)),
    ("unless", |machine, rest, env| {
        when(machine, rest, env, false)
    }),
    ("cond", cond),
    ("and", |machine, rest, env| {
        chain(machine, rest, env, Value::is_nil, Value::t())
    }),
    ("or", |machine, rest, env| {
        chain(machine, rest, env, Value::is_true, Value::Nil)
    }),
    ("while", |machine, rest, env| {
        while machine.eval(&nth(rest, 0), env)?.is_true() {
            machine.progn(&tail(rest, 1), env)?;
        }
        Ok(Value::Nil)
    }),
    ("dolist", dolist),
    ("dotimes", dotimes),
    ("let", |machine, rest, env| bind(machine, rest, env, false)),
    ("let*", |machine, rest, env| bind(machine, rest, env, true)),
    ("setq", setq),
    ("defvar", |machine, rest, env| {
        let value = machine.eval(&nth(rest, 1), env)?;
        machine.define_variable(symbol(&nth(rest, 0))?.as_str(), value);
        Ok(nth(rest, 0))
    }),
    ("defun", |machine, rest, env| {
        let closure = Closure::new(&without_declarations(&tail(rest, 1))?, env)?;
        machine.define_function(symbol(&nth(rest, 0))?.as_str(), closure.into_value());
        Ok(nth(rest, 0))
    }),
    ("defmacro", |machine, rest, env| {
        let closure = Closure::new(&without_declarations(&tail(rest, 1))?, env)?;
        machine.define_macro(symbol(&nth(rest, 0))?.as_str(), closure.into_value());
        Ok(nth(rest, 0))
    }),
    ("catch", catch),
    ("condition-case", condition_case),
    ("ignore-errors", |machine, rest, env| {
        match machine.progn(rest, env) {
            Err(Exit::Signal(condition))
                if Exit::is_caught_by(&condition, &Value::symbol("error")) =>
            {
                Ok(Value::Nil)
            }
            answer => answer,
        }
    }),
    ("unwind-protect", |machine, rest, env| {
        let answer = machine.eval(&nth(rest, 0), env);
        machine.progn(&tail(rest, 1), env)?;
        answer
    }),
    ("save-current-buffer", |machine, rest, env| {
        let buffer = machine.current_buffer();
        let answer = machine.progn(rest, env);
        machine.set_current_buffer(buffer);
        answer
    }),
    ("save-excursion", |machine, rest, env| {
        let buffer = machine.current_buffer();
        let point = buffer.with(|content| content.point());
        let answer = machine.progn(rest, env);
        buffer.with(|content| content.set_point(point));
        machine.set_current_buffer(buffer);
        answer
    }),
    ("with-current-buffer", |machine, rest, env| {
        let buffer = machine.current_buffer();
        let to = machine.eval(&nth(rest, 0), env)?;
        let answer = machine
            .funcall(&Value::symbol("set-buffer"), &[to])
            .and_then(|_| machine.progn(&tail(rest, 1), env));
        machine.set_current_buffer(buffer);
        answer
    }),
    ("with-temp-buffer", |machine, rest, env| {
        let buffer = machine.current_buffer();
        let name = Value::string(" *temp*");
        let temporary = machine.funcall(&Value::symbol("generate-new-buffer"), &[name])?;
        machine.funcall(
            &Value::symbol("set-buffer"),
            std::slice::from_ref(&temporary),
        )?;
        let answer = machine.progn(rest, env);
        machine.set_current_buffer(buffer);
        machine.funcall(&Value::symbol("kill-buffer"), &[temporary])?;
        answer
    }),
];

/// Returns an element of what follows the head, nil where there is none.
pub(super) fn nth(rest: &Value, place: usize) -> Value {
    tail(rest, place).car().cloned().unwrap_or_default()
}

/// Returns what follows so many elements.
pub(super) fn tail(rest: &Value, count: usize) -> Value {
    let mut rest = rest;
    for _ in 0..count {
        rest = rest.cdr().unwrap_or(&Value::Nil);
    }
    rest.clone()
}

fn function(_machine: &Machine, rest: &Value, env: &Env) -> Answer {
    match nth(rest, 0) {
        Value::Cons(cell) if cell.car.is_symbol("lambda") => {
            Ok(Closure::new(&cell.cdr, env)?.into_value())
        }
        other => Ok(other),
    }
}

fn prog1(machine: &Machine, rest: &Value, env: &Env) -> Answer {
    let value = machine.eval(&nth(rest, 0), env)?;
    machine.progn(&tail(rest, 1), env)?;
    Ok(value)
}

fn when(machine: &Machine, rest: &Value, env: &Env, wanted: bool) -> Answer {
    if machine.eval(&nth(rest, 0), env)?.is_true() == wanted {
        machine.progn(&tail(rest, 1), env)
    } else {
        Ok(Value::Nil)
    }
}

fn cond(machine: &Machine, rest: &Value, env: &Env) -> Answer {
    for clause in elements(rest)? {
        let test = machine.eval(&nth(&clause, 0), env)?;
        if test.is_true() {
            let body = tail(&clause, 1);
            return if body.is_nil() {
                Ok(test)
            } else {
                machine.progn(&body, env)
            };
        }
    }
    Ok(Value::Nil)
}

/// Evaluates forms until one comes to what `ends` says.
fn chain(
    machine: &Machine,
    rest: &Value,
    env: &Env,
    ends: fn(&Value) -> bool,
    of_none: Value,
) -> Answer {
    let mut value = of_none;
    for form in elements(rest)? {
        value = machine.eval(&form, env)?;
        if ends(&value) {
            break;
        }
    }
    Ok(value)
}

fn dolist(machine: &Machine, rest: &Value, env: &Env) -> Answer {
    let head = nth(rest, 0);
    let name = symbol(&nth(&head, 0))?.clone();
    for element in elements(&machine.eval(&nth(&head, 1), env)?)? {
        machine.progn(&tail(rest, 1), &env.bind(name.clone(), element))?;
    }
    machine.eval(&nth(&head, 2), env)
}

fn dotimes(machine: &Machine, rest: &Value, env: &Env) -> Answer {
    let head = nth(rest, 0);
    let name = symbol(&nth(&head, 0))?.clone();
    let count = machine.eval(&nth(&head, 1), env)?;
    let count = count
        .as_integer()
        .ok_or_else(|| Exit::wrong_type("integerp", &count))?;
    for number in 0..count {
        machine.progn(&tail(rest, 1), &env.bind(name.clone(), Value::from(number)))?;
    }
    machine.eval(&nth(&head, 2), env)
}

fn bind(machine: &Machine, rest: &Value, env: &Env, in_turn: bool) -> Answer {
    let mut inner = env.clone();
    let mut saved = Vec::new();
    let mut outcome = Ok(Value::Nil);
    for binding in elements(&nth(rest, 0))? {
        let (name, form) = match &binding {
            Value::Cons(cell) => (cell.car.clone(), nth(&cell.cdr, 0)),
            name => (name.clone(), Value::Nil),
        };
        let seen = if in_turn { &inner } else { env };
        match machine.eval(&form, seen) {
            Ok(value) => saved.push((name, value)),
            Err(exit) => {
                outcome = Err(exit);
                break;
            }
        }
        if in_turn
            && let Some((name, value)) = saved.last()
            && !machine.is_special(symbol(name)?.as_str())
        {
            inner = inner.bind(symbol(name)?.clone(), value.clone());
        }
    }
    outcome?;
    let mut restored = Vec::new();
    for (name, value) in saved {
        let name = symbol(&name)?.clone();
        if machine.is_special(name.as_str()) {
            let before = machine.set_variable(name.as_str(), value);
            restored.push((name, before));
        } else if !in_turn {
            inner = inner.bind(name, value);
        }
    }
    let answer = machine.progn(&tail(rest, 1), &inner);
    for (name, before) in restored.into_iter().rev() {
        machine.restore(name.as_str(), before);
    }
    answer
}

fn setq(machine: &Machine, rest: &Value, env: &Env) -> Answer {
    let mut value = Value::Nil;
    for pair in elements(rest)?.chunks(2) {
        value = machine.eval(pair.get(1).unwrap_or(&Value::Nil), env)?;
        machine.assign(symbol(&pair[0])?, &value, env);
    }
    Ok(value)
}

/// Returns `(PARAMETERS . BODY)` without `(declare …)`.
fn without_declarations(lambda: &Value) -> Answer {
    let kept = elements(lambda)?
        .into_iter()
        .filter(|form| !form.car().is_some_and(|head| head.is_symbol("declare")));
    Ok(Value::list(kept))
}

fn catch(machine: &Machine, rest: &Value, env: &Env) -> Answer {
    let caught = machine.eval(&nth(rest, 0), env)?;
    match machine.progn(&tail(rest, 1), env) {
        Err(Exit::Throw { tag, value }) if tag.is_eq(&caught) => Ok(value),
        answer => answer,
    }
}

fn condition_case(machine: &Machine, rest: &Value, env: &Env) -> Answer {
    let answer = machine.eval(&nth(rest, 1), env);
    let Err(Exit::Signal(condition)) = &answer else {
        return answer;
    };
    for handler in elements(&tail(rest, 2))? {
        if Exit::is_caught_by(condition, &nth(&handler, 0)) {
            let inner = match nth(rest, 0) {
                Value::Symbol(name) => env.bind(name, condition.clone()),
                _ => env.clone(),
            };
            return machine.progn(&tail(&handler, 1), &inner);
        }
    }
    answer
}
