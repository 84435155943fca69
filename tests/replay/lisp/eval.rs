//! Evaluation of forms, and the variables that they see.

use std::sync::{Arc, Mutex, PoisonError};

use netproc::Value;
use netproc::lisp::{Cons, Symbol};

use super::{Answer, Exit, Machine, forms};

/// The lexical variables of a form, the innermost first.
#[derive(Clone, Default)]
pub(crate) struct Env(Option<Arc<Frame>>);

struct Frame {
    name: Symbol,
    value: Mutex<Value>,
    outer: Env,
}

impl Env {
    /// Returns these variables and one more.
    pub(crate) fn bind(&self, name: Symbol, value: Value) -> Env {
        Env(Some(Arc::new(Frame {
            name,
            value: Mutex::new(value),
            outer: self.clone(),
        })))
    }

    fn frame(&self, name: &Symbol) -> Option<&Frame> {
        let mut env = self;
        while let Some(frame) = &env.0 {
            if frame.name == *name {
                return Some(frame);
            }
            env = &frame.outer;
        }
        None
    }

    fn get(&self, name: &Symbol) -> Option<Value> {
        let frame = self.frame(name)?;
        let value = frame.value.lock().unwrap_or_else(PoisonError::into_inner);
        Some(value.clone())
    }

    /// Sets a variable, if it is one of these.
    fn set(&self, name: &Symbol, value: &Value) -> bool {
        match self.frame(name) {
            Some(frame) => {
                let mut place = frame.value.lock().unwrap_or_else(PoisonError::into_inner);
                *place = value.clone();
                true
            }
            None => false,
        }
    }
}

impl Machine {
    /// Evaluates a form.
    pub(crate) fn eval(&self, form: &Value, env: &Env) -> Answer {
        match form {
            Value::Symbol(name) => self.value_of(name, env),
            Value::Cons(cell) => self.nested(|| self.eval_list(cell, env)),
            other => Ok(other.clone()),
        }
    }

    fn value_of(&self, name: &Symbol, env: &Env) -> Answer {
        if name.is_keyword() || name.as_str() == "t" {
            return Ok(Value::from(name.clone()));
        }
        env.get(name)
            .or_else(|| self.variable(name.as_str()))
            .ok_or_else(|| Exit::signal("void-variable", [Value::from(name.clone())]))
    }

    fn eval_list(&self, cell: &Cons, env: &Env) -> Answer {
        let Value::Symbol(head) = &cell.car else {
            let arguments = self.eval_all(&cell.cdr, env)?;
            return self.funcall(&cell.car, &arguments);
        };
        if let Some(form) = forms::find(head.as_str()) {
            return form(self, &cell.cdr, env);
        }
        if let Some(expander) = self.macro_of(head.as_str()) {
            let expansion = self.funcall(&expander, &elements(&cell.cdr)?)?;
            return self.eval(&expansion, env);
        }
        let arguments = self.eval_all(&cell.cdr, env)?;
        self.funcall(&cell.car, &arguments)
    }

    fn eval_all(&self, forms: &Value, env: &Env) -> Result<Vec<Value>, Exit> {
        let forms = elements(forms)?;
        forms.iter().map(|form| self.eval(form, env)).collect()
    }

    /// Evaluates forms in turn, and returns what the last one comes to.
    pub(crate) fn progn(&self, forms: &Value, env: &Env) -> Answer {
        let mut value = Value::Nil;
        for form in elements(forms)? {
            value = self.eval(&form, env)?;
        }
        Ok(value)
    }

    /// Sets a variable where it is seen from here.
    pub(super) fn assign(&self, name: &Symbol, value: &Value, env: &Env) {
        if !env.set(name, value) {
            self.set_variable(name.as_str(), value.clone());
        }
    }
}

/// Returns the elements of a list.
pub(crate) fn elements(list: &Value) -> Result<Vec<Value>, Exit> {
    let elements = list
        .list_iter()
        .map_err(|_| Exit::wrong_type("listp", list))?;
    Ok(elements.cloned().collect())
}

/// Returns a symbol, or says that it is none.
pub(super) fn symbol(value: &Value) -> Result<&Symbol, Exit> {
    value
        .as_symbol()
        .ok_or_else(|| Exit::wrong_type("symbolp", value))
}
