//! Functions that a keyword list can name: `:filter echo` finds here what `echo` is.

use std::collections::BTreeMap;
use std::sync::Arc;

use netproc_lisp::Value;

use crate::callback::{CallbackError, Filter, Log, Sentinel};
use crate::error::Error;
use crate::process::Process;

/// How the host calls a function of its own: with the function and its arguments.
pub(crate) type Caller = Arc<dyn Fn(&Value, &[Value]) -> Result<(), CallbackError> + Send + Sync>;

/// The functions one network knows by name, a table for each kind of callback.
#[derive(Default)]
pub(crate) struct Functions {
    pub(crate) filters: BTreeMap<Arc<str>, Filter>,
    pub(crate) sentinels: BTreeMap<Arc<str>, Sentinel>,
    pub(crate) logs: BTreeMap<Arc<str>, Log>,
    /// What calls the functions that stand in none of the tables.
    caller: Option<Caller>,
}

/// What a `:filter` value asks for.
#[derive(Clone)]
pub(crate) enum FilterChoice {
    /// Insert the text into the process's buffer.
    Default,
    /// Do not read at all.
    Off,
    /// Call a function.
    Call(Filter),
}

impl Functions {
    pub(crate) fn new(caller: Option<Caller>) -> Self {
        Functions {
            caller,
            ..Functions::default()
        }
    }

    pub(crate) fn filter(&self, value: &Value) -> Result<FilterChoice, Error> {
        if value.is_nil() || names(value, "internal-default-process-filter") {
            Ok(FilterChoice::Default)
        } else if names(value, "t") {
            Ok(FilterChoice::Off)
        } else {
            self.find(":filter", value, &self.filters)
                .map(FilterChoice::Call)
        }
    }

    /// Finds a sentinel; `None` is the default one.
    pub(crate) fn sentinel(&self, value: &Value) -> Result<Option<Sentinel>, Error> {
        if value.is_nil() || names(value, "internal-default-process-sentinel") {
            Ok(None)
        } else {
            self.find(":sentinel", value, &self.sentinels).map(Some)
        }
    }

    pub(crate) fn log(&self, value: &Value) -> Result<Option<Log>, Error> {
        if value.is_nil() {
            Ok(None)
        } else {
            self.find(":log", value, &self.logs).map(Some)
        }
    }

    /// Finds the function a value stands for: itself if it holds one, else by its name, else what
    /// the host makes of it.
    fn find<F: Called>(
        &self,
        keyword: &'static str,
        value: &Value,
        known: &BTreeMap<Arc<str>, F>,
    ) -> Result<F, Error> {
        if let Value::Opaque(opaque) = value
            && let Some(function) = opaque.downcast_ref::<F>()
        {
            return Ok(function.clone());
        }
        value
            .as_symbol()
            .and_then(|symbol| known.get(symbol.as_str()))
            .cloned()
            .or_else(|| {
                let caller = Arc::clone(self.caller.as_ref()?);
                Some(F::of_host(value.clone(), caller))
            })
            .ok_or_else(|| Error::UnknownFunction {
                keyword,
                value: value.clone(),
                known: known.keys().map(ToString::to_string).collect(),
            })
    }
}

/// A kind of callback that a function of the host can be.
trait Called: Clone + Send + Sync + 'static {
    /// Makes a callback that has the host call `function`, with the arguments that Emacs gives it.
    fn of_host(function: Value, caller: Caller) -> Self;
}

impl Called for Filter {
    fn of_host(function: Value, caller: Caller) -> Self {
        Filter::new(move |process, text| {
            caller(&function, &[process.to_value(), text.clone().into()])
        })
    }
}

impl Called for Sentinel {
    fn of_host(function: Value, caller: Caller) -> Self {
        Sentinel::new(move |process, event| caller(&function, &[process.to_value(), event.into()]))
    }
}

impl Called for Log {
    fn of_host(function: Value, caller: Caller) -> Self {
        Log::new(move |server, connection, message| {
            let connection = Value::from(connection.map(Process::to_value));
            caller(&function, &[server.to_value(), connection, message.into()])
        })
    }
}

fn names(value: &Value, name: &str) -> bool {
    value
        .as_symbol()
        .is_some_and(|symbol| symbol.as_str() == name)
}
