//! Functions: those of the machine's tables, and closures.

use netproc::Value;
use netproc::lisp::{Opaque, Symbol};

use super::{Answer, Env, Exit, Machine};

/// A function in a table of the machine.
pub(crate) struct Primitive {
    pub(crate) name: &'static str,
    /// The fewest arguments, and the most.
    pub(crate) arity: (usize, usize),
    pub(crate) body: fn(&Machine, &[Value]) -> Answer,
}

/// No limit of arguments.
pub(crate) const ANY: usize = usize::MAX;

/// Makes an entry for a function of that many arguments.
pub(crate) const fn one_of(
    name: &'static str,
    arity: (usize, usize),
    body: fn(&Machine, &[Value]) -> Answer,
) -> Primitive {
    Primitive { name, arity, body }
}

/// Makes an entry for a function of so many arguments or more.
pub(crate) const fn many(
    name: &'static str,
    fewest: usize,
    body: fn(&Machine, &[Value]) -> Answer,
) -> Primitive {
    Primitive {
        name,
        arity: (fewest, ANY),
        body,
    }
}

/// A `lambda` with what its variables mean.
pub(crate) struct Closure {
    parameters: Parameters,
    body: Value,
    env: Env,
}

struct Parameters {
    required: Vec<Symbol>,
    optional: Vec<Symbol>,
    rest: Option<Symbol>,
}

impl Closure {
    /// Makes a closure of `(PARAMETERS . BODY)`.
    pub(crate) fn new(lambda: &Value, env: &Env) -> Result<Self, Exit> {
        let malformed = || Exit::signal("invalid-function", [lambda.clone()]);
        let cell = lambda.as_cons().ok_or_else(malformed)?;
        let mut parameters = Parameters {
            required: Vec::new(),
            optional: Vec::new(),
            rest: None,
        };
        let mut kind = "";
        for name in cell.car.list_iter().map_err(|_| malformed())? {
            let name = name.as_symbol().ok_or_else(malformed)?;
            match (name.as_str(), kind) {
                ("&optional" | "&rest", _) => {
                    kind = if name.as_str() == "&rest" {
                        "&rest"
                    } else {
                        "&optional"
                    };
                }
                (_, "&rest") => parameters.rest = Some(name.clone()),
                (_, "&optional") => parameters.optional.push(name.clone()),
                _ => parameters.required.push(name.clone()),
            }
        }
        Ok(Closure {
            parameters,
            body: cell.cdr.clone(),
            env: env.clone(),
        })
    }

    /// Returns the closure as a function that Lisp can hold.
    pub(crate) fn into_value(self) -> Value {
        Opaque::new("#<closure>", self).into()
    }

    pub(crate) fn call(&self, machine: &Machine, arguments: &[Value]) -> Answer {
        let Parameters {
            required,
            optional,
            rest,
        } = &self.parameters;
        let most = required.len() + optional.len();
        if arguments.len() < required.len() || (rest.is_none() && arguments.len() > most) {
            let count = i64::try_from(arguments.len()).unwrap_or_default();
            return Err(Exit::signal(
                "wrong-number-of-arguments",
                [Value::symbol("FUNCTION"), Value::from(count)],
            ));
        }
        let mut env = self.env.clone();
        let names = required.iter().chain(optional);
        let mut given = arguments.iter();
        for name in names {
            let value = given.next().cloned().unwrap_or_default();
            env = env.bind(name.clone(), value);
        }
        if let Some(name) = rest {
            env = env.bind(name.clone(), Value::list(given.cloned()));
        }
        machine.progn(&self.body, &env)
    }
}
