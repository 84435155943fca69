//! How evaluation is left other than with a value.

use std::fmt;

use netproc::Value;

/// What evaluation comes to.
pub(crate) type Answer = Result<Value, Exit>;

/// A way out of evaluation.
#[derive(Debug, Clone)]
pub(crate) enum Exit {
    /// `signal`: the condition, its symbol first.
    Signal(Value),
    /// `throw`.
    Throw { tag: Value, value: Value },
    /// `kill-emacs`.
    Leave,
}

impl Exit {
    /// Signals `error` with a message.
    pub(crate) fn error(message: &str) -> Self {
        Exit::signal("error", [Value::string(message)])
    }

    /// Signals `wrong-type-argument`.
    pub(crate) fn wrong_type(predicate: &str, value: &Value) -> Self {
        Exit::signal(
            "wrong-type-argument",
            [Value::symbol(predicate), value.clone()],
        )
    }

    /// Signals a condition with its data.
    pub(crate) fn signal<const N: usize>(symbol: &str, data: [Value; N]) -> Self {
        Exit::Signal(Value::cons(Value::symbol(symbol), Value::list(data)))
    }

    /// Tells whether a handler for `named` takes this condition.
    pub(crate) fn is_caught_by(condition: &Value, named: &Value) -> bool {
        let Some(Value::Symbol(symbol)) = condition.car() else {
            return false;
        };
        let is_kind = match named {
            Value::Symbol(name) if name.as_str() == "t" => true,
            Value::Symbol(name) if name.as_str() == "error" => symbol.as_str() != "quit",
            Value::Symbol(name) if name.as_str() == "file-error" => {
                matches!(symbol.as_str(), "file-error" | "file-missing")
            }
            Value::Symbol(name) => name == symbol,
            _ => false,
        };
        let several = named
            .list_iter()
            .is_ok_and(|mut names| names.any(|name| Exit::is_caught_by(condition, name)));
        is_kind || several
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exit::Signal(condition) => write!(formatter, "{condition}"),
            Exit::Throw { tag, value } => write!(formatter, "(throw {tag} {value})"),
            Exit::Leave => formatter.write_str("(kill-emacs)"),
        }
    }
}

impl std::error::Error for Exit {}

impl From<netproc::Error> for Exit {
    fn from(error: netproc::Error) -> Self {
        Exit::Signal(error.condition())
    }
}

impl From<netproc::network::Error> for Exit {
    fn from(error: netproc::network::Error) -> Self {
        Exit::Signal(error.condition())
    }
}
