//! Backquoted forms.

use netproc::Value;

use super::eval::elements;
use super::forms::nth;
use super::{Answer, Env, Machine};

/// Returns the form with what follows commas evaluated.
pub(super) fn eval(machine: &Machine, form: &Value, env: &Env) -> Answer {
    let Value::Cons(cell) = form else {
        return Ok(form.clone());
    };
    if cell.car.is_symbol(",") {
        return machine.eval(&nth(&cell.cdr, 0), env);
    }
    if let Some(spliced) = cell.car.as_cons()
        && spliced.car.is_symbol(",@")
    {
        let values = elements(&machine.eval(&nth(&spliced.cdr, 0), env)?)?;
        return Ok(Value::list_with_tail(
            values,
            eval(machine, &cell.cdr, env)?,
        ));
    }
    let car = eval(machine, &cell.car, env)?;
    Ok(Value::cons(car, eval(machine, &cell.cdr, env)?))
}
