//! Functions that a keyword list can name: `:filter echo` finds here what `echo` is.

use std::collections::BTreeMap;
use std::sync::Arc;

use netproc_lisp::Value;

use crate::callback::{Filter, Log, Sentinel};
use crate::error::Error;

/// The functions one network knows by name, a table for each kind of callback.
#[derive(Default)]
pub(crate) struct Functions {
    pub(crate) filters: BTreeMap<Arc<str>, Filter>,
    pub(crate) sentinels: BTreeMap<Arc<str>, Sentinel>,
    pub(crate) logs: BTreeMap<Arc<str>, Log>,
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
    pub(crate) fn filter(&self, value: &Value) -> Result<FilterChoice, Error> {
        if value.is_nil() || names(value, "internal-default-process-filter") {
            Ok(FilterChoice::Default)
        } else if names(value, "t") {
            Ok(FilterChoice::Off)
        } else {
            find(":filter", value, &self.filters).map(FilterChoice::Call)
        }
    }

    /// Finds a sentinel; `None` is the default one.
    pub(crate) fn sentinel(&self, value: &Value) -> Result<Option<Sentinel>, Error> {
        if value.is_nil() || names(value, "internal-default-process-sentinel") {
            Ok(None)
        } else {
            find(":sentinel", value, &self.sentinels).map(Some)
        }
    }

    pub(crate) fn log(&self, value: &Value) -> Result<Option<Log>, Error> {
        if value.is_nil() {
            Ok(None)
        } else {
            find(":log", value, &self.logs).map(Some)
        }
    }
}

fn names(value: &Value, name: &str) -> bool {
    value
        .as_symbol()
        .is_some_and(|symbol| symbol.as_str() == name)
}

/// Finds the function a value stands for: itself if it holds one, else by its name.
fn find<F: Clone + Send + Sync + 'static>(
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
        .ok_or_else(|| Error::UnknownFunction {
            keyword,
            value: value.clone(),
            known: known.keys().map(ToString::to_string).collect(),
        })
}
