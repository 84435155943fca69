//! What can be wrong with a call to a machine.

use std::fmt;
use std::sync::Arc;

use netproc_lisp::Value;

use crate::{Event, Party, State, message};

/// Why a [`Machine`](crate::Machine) did not do what it was told.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The user sends to a process that is not open: a server, a closed or a failed one.
    NotRunning {
        /// The name of the process.
        name: Arc<str>,
    },
    /// The driver reports what cannot happen to this sort of process in this state, perhaps
    /// because the process was deleted meanwhile. Nothing was changed.
    OutOfPlace {
        /// What was reported.
        event: Event,
        /// To which sort of process.
        party: Party,
        /// In which state.
        state: State,
    },
    /// The driver reports more bytes sent than were queued. Nothing was changed.
    Overrun {
        /// How many were reported.
        sent: usize,
        /// How many were queued.
        queued: usize,
    },
    /// A property list must be a list.
    NotAList {
        /// What was given.
        value: Value,
    },
    /// A property cannot be put into a list with a key without a value.
    NotAPropertyList {
        /// The list.
        value: Value,
    },
}

impl Error {
    /// Returns the condition that Emacs signals: its symbol and data.
    pub fn condition(&self) -> Value {
        let wrong_type = |predicate: &str, value: &Value| {
            Value::list([
                Value::symbol("wrong-type-argument"),
                Value::symbol(predicate),
                value.clone(),
            ])
        };
        match self {
            Error::NotAList { value } => wrong_type("listp", value),
            Error::NotAPropertyList { value } => wrong_type("plistp", value),
            other => Value::list([Value::symbol("error"), Value::from(other.to_string())]),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotRunning { name } => formatter.write_str(&message::not_running(name)),
            Error::OutOfPlace {
                event,
                party,
                state,
            } => {
                let (event, party, state) = (event.name(), party.name(), state.name());
                write!(
                    formatter,
                    "`{event}` cannot happen to a {party} process in state `{state}`"
                )
            }
            Error::Overrun { sent, queued } => {
                write!(
                    formatter,
                    "{sent} bytes reported as sent, but only {queued} were queued"
                )
            }
            Error::NotAList { value } => {
                write!(formatter, "property list {value}: expected a list")
            }
            Error::NotAPropertyList { value } => {
                write!(
                    formatter,
                    "property list {value}: expected a value after every property"
                )
            }
        }
    }
}

impl std::error::Error for Error {}
